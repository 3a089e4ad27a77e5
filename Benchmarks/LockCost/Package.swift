// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "LockCost",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "LockGraph", path: "../..", traits: ["Validation"])
  ],
  targets: [
    .executableTarget(
      name: "LockCost", dependencies: [.product(name: "LockGraph", package: "LockGraph")])
  ],
  swiftLanguageModes: [.v6]
)
