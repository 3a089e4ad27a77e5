// swift-tools-version: 6.2
import PackageDescription

// Release builds of `DebugValidation` have an engine without code, since no target can be left out
// by configuration and nothing of a module is left out by the linker. Traits are not negated
// either: where another one needs the engine, each of the compiler's flags for that is the argument
// of a flag for a file that is not written. Compilers that nobody has tried link the engine.
#if compiler(>=6.3) && compiler(<6.4)
  let isNeeded = BuildSettingCondition.when(
    platforms: [.linux], configuration: .release,
    traits: ["Validation", "Analysis", "Graphviz", "Policy", "Command"])
  let isBare = BuildSettingCondition.when(
    platforms: [.linux], configuration: .release, traits: ["DebugValidation"])
  let withoutCodeWhereBare: [SwiftSetting] = [
    .unsafeFlags(["-Xfrontend", "-tbd-install_name"], isNeeded),
    .unsafeFlags(["-Xfrontend", "-emit-empty-object-file"], isBare),
    .unsafeFlags(["-Xfrontend", "-tbd-install_name"], isNeeded),
    .unsafeFlags(["-Xfrontend", "-disable-reflection-metadata"], isBare),
    // What the last of them takes where there is nothing else; the compiler is told so anyway.
    .unsafeFlags(
      ["-Xfrontend", "-empty-abi-descriptor"],
      .when(platforms: [.linux], configuration: .release)),
  ]
#else
  let withoutCodeWhereBare: [SwiftSetting] = []
#endif

let package = Package(
  name: "LockGraph",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "LockGraph", targets: ["LockGraph"]),
    .library(name: "LockGraphFoundation", targets: ["LockGraphFoundation"]),
    .library(name: "LockGraphEngine", targets: ["LockGraphEngine"]),
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
    .trait(
      name: "DebugValidation",
      description: "Validate in debug builds, and have bare locks in release builds."),
    .trait(
      name: "Analysis",
      description: "Have the analysis in release builds of DebugValidation too."),
    // What only these need is neither fetched nor built for a package that asks for other traits.
    .trait(name: "Policy", description: "Read policy files: LockGraphPolicy, which needs Yams."),
    .trait(
      name: "Command",
      description: "The command lockdep-check and `swift package lock-order`.",
      enabledTraits: ["Policy"]),
    .default(enabledTraits: ["Graphviz", "Validation", "Command"]),
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
    .target(name: "LockGraphBase", dependencies: ["CLockGraph"]),
    .target(
      name: "LockGraphEngine", dependencies: ["LockGraphBase", "CLockGraph"],
      swiftSettings: withoutCodeWhereBare),
    // Nothing of the engine is in a program whose locks are bare.
    .target(
      name: "LockGraph",
      dependencies: [
        "LockGraphBase", "CLockGraph",
        .target(
          name: "LockGraphEngine", condition: .when(traits: ["Validation", "DebugValidation"])),
      ],
      swiftSettings: [
        .define("Validation", .when(configuration: .debug, traits: ["DebugValidation"])),
        // A mutex may not be assigned: its attribute is the standard library's own.
        .enableExperimentalFeature("StaticExclusiveOnly"),
      ]
    ),
    // Foundation's protocols and dates, for who has Foundation anyway.
    .target(name: "LockGraphFoundation", dependencies: ["LockGraph"]),
    .target(
      name: "LockGraphRendering",
      dependencies: [
        "LockGraphEngine",
        .target(name: "CGraphviz", condition: .when(traits: ["Graphviz"])),
      ]
    ),
    .target(name: "CLockGraphTesting"),
    .target(name: "LockGraphTesting", dependencies: ["LockGraph", "CLockGraphTesting"]),
    .target(
      name: "LockGraphPolicy",
      dependencies: [
        "LockGraphEngine",
        .product(name: "Yams", package: "Yams", condition: .when(traits: ["Policy"])),
      ]
    ),
    // Only the command needs it: programs that link the library have no page in them.
    .target(
      name: "LockGraphPage",
      dependencies: ["LockGraphEngine", "LockGraphRendering"],
      exclude: ["Page"],
      plugins: ["EmbedPage"]
    ),
    .target(name: "LockGraphRecording", dependencies: ["LockGraphEngine"]),
    .target(name: "LockGraphHang", dependencies: ["LockGraphEngine", "LockGraphRecording"]),
    .target(
      name: "LockdepCheck",
      dependencies: [
        "LockGraphEngine",
        "LockGraphHang",
        "LockGraphPage",
        "LockGraphRecording",
        "LockGraphRendering",
        "LockGraphPolicy",
        .product(
          name: "ArgumentParser", package: "swift-argument-parser",
          condition: .when(traits: ["Command"])),
      ],
      path: "Sources/lockdep-check",
      exclude: ["Main"],
      plugins: ["BuildLockRecorder"]
    ),
    // SwiftPM builds the tools of plugins at times when nobody uses them: without the trait there
    // is next to nothing to build.
    .executableTarget(
      name: "lockdep-check",
      dependencies: [.target(name: "LockdepCheck", condition: .when(traits: ["Command"]))],
      path: "Sources/lockdep-check/Main"
    ),
    .plugin(name: "BuildLockRecorder", capability: .buildTool()),
    .plugin(name: "EmbedPage", capability: .buildTool()),
    .plugin(
      name: "LockOrderPlugin",
      capability: .command(
        intent: .custom(
          verb: "lock-order",
          description: "Gate traces and graph files on the order of their locks.")),
      dependencies: [.target(name: "lockdep-check", condition: .when(traits: ["Command"]))]
    ),
    .target(name: "TestSupport", dependencies: ["LockGraphEngine"], path: "Tests/TestSupport"),
    .testTarget(
      name: "LockGraphEngineTests", dependencies: ["LockGraphEngine", "TestSupport"]),
    .testTarget(
      name: "LockGraphTests", dependencies: ["LockGraph", "LockGraphFoundation", "TestSupport"]),
    .testTarget(
      name: "LockGraphRenderingTests",
      dependencies: ["LockGraphRendering", "LockGraphEngine", "TestSupport"]
    ),
    .testTarget(
      name: "LockGraphPageTests", dependencies: ["LockGraphPage", "LockGraphEngine", "TestSupport"]),
    .testTarget(
      name: "LockGraphPolicyTests",
      dependencies: ["LockGraphPolicy", "LockGraphEngine", "TestSupport"]),
    .executableTarget(name: "LockVictim", dependencies: ["LockGraph"], path: "Tests/LockVictim"),
    .testTarget(
      name: "LockGraphTestingTests", dependencies: ["LockGraphTesting", "LockGraph", "TestSupport"]),
    .testTarget(name: "RecorderTests", dependencies: ["TestSupport"]),
    .testTarget(
      name: "LockGraphRecordingTests",
      dependencies: ["LockGraphRecording", "LockGraphEngine", "TestSupport"]),
    .testTarget(
      name: "LockGraphHangTests",
      dependencies: ["LockGraphHang", "LockGraphEngine", "TestSupport", "lockdep-check"],
      exclude: ["Programs"]
    ),
    .testTarget(
      name: "EndToEndTests", dependencies: ["TestSupport", "lockdep-check", "LockVictim"]),
  ],
  swiftLanguageModes: [.v6]
)
