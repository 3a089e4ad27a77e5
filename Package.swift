// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "LockGraph",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "LockGraph", targets: ["LockGraph"]),
    .library(name: "LockGraphRendering", targets: ["LockGraphRendering"]),
    .library(name: "LockGraphTesting", targets: ["LockGraphTesting"]),
    .library(name: "LockGraphPolicy", targets: ["LockGraphPolicy"]),
    .executable(name: "lockdep-check", targets: ["lockdep-check"]),
    .plugin(name: "LockOrderPlugin", targets: ["LockOrderPlugin"]),
  ],
  traits: [
    .trait(name: "Graphviz", description: "Draw lock-order graphs with the system's libgvc."),
    .trait(
      name: "Validation",
      description: "Validate the order of locks as the program runs. Off, the locks are bare."),
    .default(enabledTraits: ["Graphviz", "Validation"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CGraphviz",
      pkgConfig: "libgvc",
      providers: [.apt(["libgraphviz-dev"]), .brew(["graphviz"])]
    ),
    .target(name: "CLockGraph"),
    .target(name: "LockGraph", dependencies: ["CLockGraph"]),
    .target(
      name: "LockGraphRendering",
      dependencies: [
        "LockGraph",
        .target(name: "CGraphviz", condition: .when(traits: ["Graphviz"])),
      ]
    ),
    .target(name: "CLockGraphTesting"),
    .target(name: "LockGraphTesting", dependencies: ["LockGraph", "CLockGraphTesting"]),
    .target(
      name: "LockGraphPolicy",
      dependencies: ["LockGraph", .product(name: "Yams", package: "Yams")]
    ),
    .target(name: "LockGraphRecording", dependencies: ["LockGraph"]),
    .target(name: "LockGraphHang", dependencies: ["LockGraph", "LockGraphRecording"]),
    .executableTarget(
      name: "lockdep-check",
      dependencies: [
        "LockGraph",
        "LockGraphHang",
        "LockGraphRecording",
        "LockGraphRendering",
        "LockGraphPolicy",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      plugins: ["BuildLockRecorder"]
    ),
    .plugin(name: "BuildLockRecorder", capability: .buildTool()),
    .plugin(
      name: "LockOrderPlugin",
      capability: .command(
        intent: .custom(
          verb: "lock-order",
          description: "Gate traces and graph files on the order of their locks.")),
      dependencies: ["lockdep-check"]
    ),
    .target(name: "TestSupport", dependencies: ["LockGraph"], path: "Tests/TestSupport"),
    .testTarget(name: "LockGraphTests", dependencies: ["LockGraph", "TestSupport"]),
    .testTarget(
      name: "LockGraphRenderingTests",
      dependencies: ["LockGraphRendering", "LockGraph", "TestSupport"]
    ),
    .testTarget(
      name: "LockGraphPolicyTests", dependencies: ["LockGraphPolicy", "LockGraph", "TestSupport"]),
    .executableTarget(name: "LockVictim", dependencies: ["LockGraph"], path: "Tests/LockVictim"),
    .testTarget(
      name: "LockGraphTestingTests", dependencies: ["LockGraphTesting", "LockGraph", "TestSupport"]),
    .testTarget(
      name: "LockGraphHangTests",
      dependencies: ["LockGraphHang", "LockGraph", "TestSupport", "lockdep-check"],
      exclude: ["Programs"]
    ),
    .testTarget(
      name: "EndToEndTests", dependencies: ["TestSupport", "lockdep-check", "LockVictim"]),
  ],
  swiftLanguageModes: [.v6]
)
