#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// `swift package lock-order run -- swift test` in a package that depends on this one. It builds
  /// all of it, so it runs where all tests do.
  @Suite("The plug-in before a package's tests", .enabled(if: TestTier.isAll))
  struct PluginTests {
    private let folder: TemporaryFolder

    init() throws {
      folder = try TemporaryFolder()
      try write(
        """
        // swift-tools-version: 6.2
        import PackageDescription
        let package = Package(
          name: "Toy",
          dependencies: [.package(name: "LockGraph", path: "\(BuiltProducts.packageRoot)")],
          targets: [.target(name: "Bank"), .testTarget(name: "BankTests", dependencies: ["Bank"])])
        """, to: "Package.swift")
      try write(
        """
        import Foundation

        public final class Bank: Sendable {
          private let accounts = NSLock()
          private let ledger = NSLock()
          public init() {}
          public func pay() { accounts.withLock { ledger.withLock {} } }
          public func audit() { ledger.withLock { accounts.withLock {} } }
        }
        """, to: "Sources/Bank/Bank.swift")
      try write(
        """
        import Bank
        import Foundation
        import Testing
        import XCTest

        private func inTurns(_ works: [@Sendable () -> Void]) {
          let threads = works.map { Thread(block: $0) }
          for thread in threads {
            thread.start()
            while !thread.isFinished { usleep(1000) }
          }
        }

        @Test func pays() {
          let bank = Bank()
          inTurns([{ bank.pay() }, { bank.pay() }])
        }

        final class AuditTests: XCTestCase {
          func testAudit() {
            let bank = Bank()
            inTurns([{ bank.pay() }, { bank.audit() }])
          }
        }
        """, to: "Tests/BankTests/BankTests.swift")
    }

    private func write(_ text: String, to path: String) throws {
      let file = URL(fileURLWithPath: folder.file(path))
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func tested(_ arguments: String...) throws -> ProcessResult {
      var runner = ProcessRunner(
        "swift",
        ["package", "--package-path", folder.path, "lock-order", "run", "--", "swift", "test"]
          + arguments)
      runner.timeout = .seconds(3000)
      return try runner.run()
    }

    @Test("The tests of both libraries are built, run and judged")
    func tests() throws {
      let all = try tested()
      let said = all.text + all.messages
      #expect(said.contains("Executed 1 test, with 0 failures"), "\(said)")
      #expect(said.contains("Test run with 1 test"), "\(said)")
      #expect(said.contains("are taken in both orders"), "\(said)")
      #expect(said.contains("1 finding: 1 error."), "\(said)")
      #expect(all.status == .exited(1))
      // Those of one name, none of which audits.
      let some = try tested("--filter", "pays")
      #expect(some.status == .exited(0), "\(some.text) \(some.messages)")
      #expect((some.text + some.messages).contains("No violation found"))
    }
  }
#endif
