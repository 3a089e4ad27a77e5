// swift-tools-version: 6.2
import PackageDescription

// With LOCKGRAPH_BENCH_OFF set the locks are compiled without validation.
let traits: Set<Package.Dependency.Trait> =
  Context.environment["LOCKGRAPH_BENCH_OFF"] == nil ? ["Validation"] : []

let package = Package(
  name: "LockCost",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "LockGraph", path: "../..", traits: traits)
  ],
  targets: [
    .executableTarget(
      name: "LockCost", dependencies: [.product(name: "LockGraph", package: "LockGraph")])
  ],
  swiftLanguageModes: [.v6]
)
