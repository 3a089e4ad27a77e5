import Foundation
import TestSupport
import Testing

/// What a package that depends on this one fetches, which the traits that it asks for decide.
@Suite("Packages that depend on this one")
struct DependentTests {
  private let folder: TemporaryFolder

  /// Makes a package that has the YAML parser in a version that `lockdep-check` cannot do with. It
  /// is a repository without code beside it, so that nothing comes from elsewhere.
  init() throws {
    folder = try TemporaryFolder()
    try write(
      """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(
        name: "Yams", products: [.library(name: "Yams", targets: ["Yams"])],
        targets: [.target(name: "Yams")])
      """, to: "yams/Package.swift")
    try write("", to: "yams/Sources/Yams/Yams.swift")
    for arguments in [
      ["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "Version"], ["tag", "5.0.1"],
    ] {
      let result = try ProcessRunner(
        "git",
        ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-C", folder.file("yams")]
          + arguments
      ).run()
      try #require(result.status == .exited(0), "\(result.messages)")
    }
    try write(
      """
      {
        "object": [
          {"original": "https://github.com/jpsim/Yams", "mirror": "\(folder.file("yams"))"}
        ],
        "version": 1
      }
      """, to: "app/.swiftpm/configuration/mirrors.json")
    try write("import LockGraph\n", to: "app/Sources/app/main.swift")
  }

  private func write(_ text: String, to path: String) throws {
    let file = URL(fileURLWithPath: folder.file(path))
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  private func resolve(traits: String) throws -> ProcessResult {
    try write(
      """
      // swift-tools-version: 6.2
      import PackageDescription
      let package = Package(
        name: "app",
        dependencies: [
          .package(name: "LockGraph", path: "\(BuiltProducts.packageRoot)", traits: \(traits)),
          .package(url: "https://github.com/jpsim/Yams", exact: "5.0.1"),
        ],
        targets: [
          .executableTarget(
            name: "app",
            dependencies: [
              .product(name: "LockGraph", package: "LockGraph"),
              .product(name: "LockGraphTesting", package: "LockGraph"),
              .product(name: "Yams", package: "Yams"),
            ])
        ])
      """, to: "app/Package.swift")
    var runner = ProcessRunner(
      "swift",
      [
        "package", "--package-path", folder.file("app"), "--cache-path", folder.file("cache"),
        "resolve",
      ])
    runner.timeout = .seconds(300)
    return try runner.run()
  }

  @Test("With the locks alone they fetch nothing, and are free to use any version of its libraries")
  func locksAlone() throws {
    let result = try resolve(traits: #"["Validation"]"#)
    #expect(result.status == .exited(0), "\(result.messages)")
    let checkouts = try FileManager.default.contentsOfDirectory(
      atPath: folder.file("app/.build/checkouts"))
    #expect(checkouts == ["yams"])
  }

  @Test("With the command they fetch what that needs")
  func command() throws {
    let result = try resolve(traits: #"["Validation", "Command"]"#)
    #expect(result.status == .exited(1))
    #expect(result.messages.contains("depends on 'yams' 6."), "\(result.messages)")
  }
}
