// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "bank-tests",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "LockGraph", path: "../..", traits: ["Validation"])
  ],
  targets: [
    .target(name: "Bank", dependencies: [.product(name: "LockGraph", package: "LockGraph")]),
    .testTarget(
      name: "BankTests",
      dependencies: ["Bank", .product(name: "LockGraphTesting", package: "LockGraph")]),
  ]
)
