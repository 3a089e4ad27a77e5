import Foundation
import TestSupport
import Testing

/// `scripts/adopt`, with the modules that were built for the tests.
@Suite("Adopting validated locks")
struct AdoptTests {
  private static let manifest = """
    // swift-tools-version: 6.1
    import PackageDescription

    let package = Package(
      name: "Bank", targets: [.target(name: "Bank"), .target(name: "Plain")])

    """

  private static let bank = """
    import Foundation
    import Synchronization

    public final class Bank: @unchecked Sendable {
      private let accounts = NSLock()
      private let again: NSRecursiveLock = .init()
      private let changed = NSCondition()
      private let total = Mutex(0)
      private var balance = 0

      public func pay(_ amount: Int) {
        accounts.lock()
        defer { accounts.unlock() }
        again.withLock { balance += amount }
        if again.try() { again.unlock() }
        changed.lock()
        changed.wait(until: Date())
        changed.broadcast()
        changed.unlock()
        total.withLock { $0 += amount }
        _ = accounts.lock(before: Date())
      }
    }

    class Odd: NSConditionLock, @unchecked Sendable {}

    """

  private func adopt(_ arguments: String...) throws -> ProcessResult {
    var script = ProcessRunner("\(BuiltProducts.packageRoot)/scripts/adopt", arguments)
    script.timeout = .seconds(120)
    return try script.run()
  }

  @Test(
    "The only target may have Sources to itself, and the manifest may call the package anything")
  func flat() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write(
      """
      // swift-tools-version: 5.9
      import PackageDescription
      // let package = Package(name: "old")
      let bank = Package(name: "Bank", targets: [.executableTarget(name: "Bank")])

      """, to: "Package.swift")
    let sources = "\(folder.path)/Sources"
    try FileManager.default.createDirectory(atPath: sources, withIntermediateDirectories: false)
    _ = try folder.write("import Foundation\nlet lock = NSLock()\n", to: "Sources/main.swift")
    let adopted = try adopt(folder.path)
    #expect(adopted.status == .exited(0))
    #expect(adopted.text.contains("adopt: Package.swift: no traits before tools version 6.1"))
    #expect(
      try folder.text(of: "Sources/LockGraphAliases.swift").contains(" NSLock = ValidatedLock"))
    let manifest = try folder.text(of: "Package.swift")
    #expect(manifest.contains("\nbank.dependencies.append(.package(name: \"LockGraph\""))
    #expect(manifest.contains("\nfor target in bank.targets where [\"Bank\"]"))
  }

  /// The files of a folder with what is in them.
  private func contents(_ folder: String) throws -> [String: Data] {
    let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return Dictionary(
      uniqueKeysWithValues: paths.filter { $0.hasSuffix(".swift") }.compactMap { path in
        FileManager.default.contents(atPath: "\(folder)/\(path)").map { (path, $0) }
      })
  }

  @Test("A package has validated locks by one file a target and its manifest, and is itself again")
  func roundTrip() throws {
    let folder = try TemporaryFolder().path
    for (path, text) in [
      ("Package.swift", Self.manifest), ("Sources/Bank/Bank.swift", Self.bank),
      ("Sources/Plain/Plain.swift", "// NSLock\nlet name = \"NSLock\"\n"),
    ] {
      let file = URL(fileURLWithPath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    let before = try contents(folder)

    let adopted = try adopt("--trait", "DebugValidation", folder)
    try #require(adopted.status == .exited(0), "\(adopted.messages)")
    #expect(adopted.text.contains("adopt: Bank: Mutex, NSCondition, NSLock, NSRecursiveLock\n"))
    #expect(adopted.text.contains("NSConditionLock stays in Sources/Bank/Bank.swift;"))
    let after = try contents(folder)
    #expect(
      Set(after.keys).subtracting(before.keys) == ["Sources/Bank/LockGraphAliases.swift"])
    #expect(after["Sources/Bank/Bank.swift"] == before["Sources/Bank/Bank.swift"])
    let manifest = String(decoding: after["Package.swift"] ?? Data(), as: UTF8.self)
    #expect(manifest.hasPrefix(Self.manifest))
    #expect(manifest.contains("traits: [\"DebugValidation\"]"))
    #expect(manifest.contains("name: \"LockGraphFoundation\""))

    // Nothing that uses the locks has to be changed.
    let modules = URL(fileURLWithPath: try BuiltProducts.executable("LockVictim"))
      .deletingLastPathComponent().appendingPathComponent("Modules").path
    var compiler = ProcessRunner(
      "swiftc",
      [
        "-typecheck", "-swift-version", "6", "-module-name", "Bank", "-I", modules, "-I",
        "\(BuiltProducts.packageRoot)/Sources/CLockGraph/include",
        "\(folder)/Sources/Bank/Bank.swift", "\(folder)/Sources/Bank/LockGraphAliases.swift",
      ])
    compiler.timeout = .seconds(120)
    let compiled = try compiler.run()
    #expect(compiled.status == .exited(0))
    #expect(compiled.messages == "")

    let undone = try adopt("--undo", folder)
    #expect(undone.status == .exited(0))
    #expect(try contents(folder) == before)
    #expect(try adopt("--undo", folder).status == .exited(1))
  }
}
