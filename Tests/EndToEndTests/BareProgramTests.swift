#if os(Linux)
  import Foundation
  import TestSupport
  import Testing

  /// A package of its own that depends on this one with the trait `Validation` off, or on in debug
  /// builds alone.
  @Suite("A program with bare locks")
  struct BareProgramTests {
    private static func manifest(_ traits: [String]) -> String {
      """
      // swift-tools-version: 6.2
      import PackageDescription

      let package = Package(
        name: "bare",
        dependencies: [
          .package(name: "LockGraph", path: "\(BuiltProducts.packageRoot)", traits: \(traits))
        ],
        targets: [
          .executableTarget(
            name: "bare", dependencies: [.product(name: "LockGraph", package: "LockGraph")])
        ])

      """
    }

    /// Uses every sort of lock, and asks the validator that is not there.
    private static let program = """
      import LockGraph

      LockValidator.setHandler { print($0.text) }
      let lockClass = LockClass("Account", nesting: .byInstance)
      let one = ValidatedMutex(1, lockClass: lockClass)
      let other = ValidatedLock(name: "other")
      one.withLock { value in other.withLock { value += 1 } }
      other.withLock { one.withLock { $0 += 1 } }
      one.withLock(subclass: 1, nestedUnder: other.identity) { $0 += 1 }
      other.assertHeld()
      other.mightLock()

      let recursive = RecursiveMutex()
      recursive.withLock { recursive.withLock {} }
      let shared = ReadWriteLock()
      shared.withReadLock {}
      shared.withWriteLock {}
      SpinLock().withLock {}
      let semaphore = Semaphore(value: 0)
      semaphore.signal()
      semaphore.wait()
      let count = RefCount()
      _ = count.release()
      _ = count.release()
      SerialQueue(label: "queue").sync {}
      do {
        other.lock()
        try other.lock(timeout: .milliseconds(1))
      } catch {
        print(error)
      }
      other.unlock()

      let box = LockedValueBox(1)
      box.withLockedValue { $0 += 1 }
      AllocatedLock(initialState: 1).withLock { $0 += 1 }
      let condition = ValidatedCondition()
      condition.withLock { condition.signal() }
      let isDone = Semaphore(value: 0)
      Task.detached {
        let mutex = AsyncMutex(1)
        await mutex.withLock { $0 += 1 }
        let permits = AsyncSemaphore(value: 1)
        await permits.wait()
        permits.signal()
        await withValidatedContinuation { $0.resume() }
        isDone.signal()
      }
      isDone.wait()

      LockValidator.configuration.longestWait = .seconds(1)
      print(LockValidator.configuration.longestWait!, lockClass.name, count.value > 1)
      print(LockValidator.findings.map(\\.title), LockValidator.analysis() as Any)
      print(LockValidator.waitForHandler(), LockValidator.waitStatistics.count)
      LockValidator.exclusively {}

      """

    // The engine is compiled for the trait, which takes a minute.
    @Test(
      "It runs, and nothing of the validator or the analysis is in it",
      arguments: TestTier.isAll ? [[], ["DebugValidation"]] : [[]])
    func nothingOfTheEngine(_ traits: [String]) throws {
      let folder = try TemporaryFolder()
      let sources = "\(folder.path)/Sources/bare"
      try FileManager.default.createDirectory(
        atPath: sources, withIntermediateDirectories: true)
      try Self.manifest(traits).write(
        toFile: "\(folder.path)/Package.swift", atomically: true, encoding: .utf8)
      try Self.program.write(toFile: "\(sources)/main.swift", atomically: true, encoding: .utf8)

      var builder = ProcessRunner(
        "swift", ["build", "-c", "release", "--package-path", folder.path])
      builder.timeout = .seconds(900)
      let built = try builder.run()
      try #require(built.status == .exited(0), "\(built.text)\(built.messages)")

      let program = "\(folder.path)/.build/release/bare"
      let result = try ProcessRunner(program, []).run()
      #expect(result.status == .exited(0))
      #expect(result.messages == "")
      #expect(
        result.text == """
          the wait for the lock timed out
          1.0 seconds Account true
          [] nil
          true 0

          """)

      let bytes = try Data(contentsOf: URL(fileURLWithPath: program))
      #expect(bytes.range(of: Data("LockGraphBase".utf8)) != nil, "symbols are there to look at")
      #expect(bytes.range(of: Data("LockGraphEngine".utf8)) == nil)
      let size = Self.loadedSize(bytes)
      print("A program with bare locks has \(size) bytes that are loaded")
      #expect(size < 600_000)
    }

    /// How many bytes of a program are loaded, which is what is left of it once stripped [ELF-64].
    private static func loadedSize(_ program: Data) -> UInt64 {
      program.withUnsafeBytes { bytes in
        func field<Field: FixedWidthInteger>(_ offset: Int, _: Field.Type) -> Field {
          Field(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Field.self))
        }
        let table = Int(field(32, UInt64.self))
        let (entrySize, count) = (Int(field(54, UInt16.self)), Int(field(56, UInt16.self)))
        return (0..<count).map { table + $0 * entrySize }
          .filter { field($0, UInt32.self) == 1 }
          .reduce(0) { $0 + field($1 + 32, UInt64.self) }
      }
    }
  }
#endif
