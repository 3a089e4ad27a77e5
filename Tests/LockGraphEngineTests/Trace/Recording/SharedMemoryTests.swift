import Testing

@testable import LockGraphEngine

@Suite("Locks in memory that processes share")
struct SharedMemoryTests {
  private static let start: UInt64 = 0x7F00_0000_0000

  private func recording(
    at start: UInt64, _ first: UInt64, _ second: UInt64, offset: UInt64 = 0,
    _ path: String = "/dev/shm/bank", inode: UInt64 = 7
  ) -> [UInt8] {
    var builder = RecordingBuilder()
    builder.addSharedMemory(at: start, inode: inode, offset: offset, path)
    builder.add(1, .acquire, start + first, order: 1)
    builder.add(1, .acquire, start + second, order: 2)
    builder.add(1, .release, start + second, order: 2)
    builder.add(1, .release, start + first, order: 2)
    return builder.bytes
  }

  private func inversions(_ recordings: [[UInt8]]) throws -> [String] {
    var analyzer = TraceAnalyzer()
    for (number, bytes) in recordings.enumerated() {
      try analyzer.read(.bytes(bytes, name: "\(number).lgt"))
    }
    return analyzer.finish().findings.map(\.title)
  }

  @Test("A lock is the same in two processes wherever they have it")
  func same() throws {
    let found = try inversions([
      recording(at: Self.start, 0x40, 0x80),
      recording(at: Self.start + 0x1_0000, 0x80, 0x40),
    ])
    #expect(found == ["/dev/shm/bank+0x40 and /dev/shm/bank+0x80 are taken in both orders"])
  }

  @Test("It is known by its place in the file, and not in what is mapped of that")
  func offset() throws {
    let moved = recording(at: Self.start, 0x80, 0x40, offset: 4096)
    #expect(try inversions([recording(at: Self.start, 0x40, 0x80), moved]).isEmpty)
    let lines = try convertedRecording(moved).lines
    #expect(lines[0].contains("class=/dev/shm/bank+0x1080"), "\(lines)")
  }

  @Test("Memory without a name is told apart by its number")
  func unnamed() throws {
    let parent = recording(at: Self.start, 0x40, 0x80, "/dev/zero (deleted)")
    let child = recording(at: Self.start, 0x80, 0x40, "/dev/zero (deleted)")
    let other = recording(at: Self.start, 0x80, 0x40, "/dev/zero (deleted)", inode: 8)
    #expect(try inversions([parent, child]).count == 1)
    #expect(try inversions([parent, other]).isEmpty)
  }

  /// The fingerprint of the one finding of two processes that take two locks in both orders.
  private func fingerprint(_ path: String, inode: UInt64) throws -> String? {
    var analyzer = TraceAnalyzer()
    for (process, locks) in [(0x40, 0x80), (0x80, 0x40)].enumerated() {
      var builder = RecordingBuilder()
      builder.addModule("/bin/program", from: 0x1000, to: 0x9000)
      builder.seal(function: process == 0 ? "pay" : "settle", "bank.c", 5, at: 0x1010)
      builder.addSite(1, [0x1010])
      let start = Self.start + UInt64(process) * 0x1_0000
      builder.addSharedMemory(at: start, inode: inode, path)
      if process == 0 {
        for lock in [0x40, 0x80] as [UInt64] {
          builder.add(1, .initialize, start + lock, order: 1, site: 1)
        }
      }
      let (first, second) = (start + UInt64(locks.0), start + UInt64(locks.1))
      builder.add(1, .acquire, first, order: 2, site: 1)
      builder.add(1, .acquire, second, order: 3, site: 1)
      builder.add(1, .release, second, order: 4, site: 1)
      builder.add(1, .release, first, order: 5, site: 1)
      try analyzer.read(.bytes(builder.bytes, name: "\(process).lgt"))
    }
    let findings = analyzer.finish().findings
    #expect(findings.count == 1)
    return findings.first?.fingerprint
  }

  @Test("A finding in memory without a name is known again in another run")
  func anotherRun() throws {
    for path in ["/dev/zero (deleted)", "/memfd:pool (deleted)", "/SYSV00000000 (deleted)", ""] {
      let known = try fingerprint(path, inode: 7)
      #expect(try fingerprint(path, inode: 8) == known, "\(path)")
    }
  }

  @Test(
    "What has a name in all runs is known by it",
    arguments: [
      ("/dev/shm/bank", "/dev/shm/bank+0x40", true),
      ("/SYSV0000abcd (deleted)", "/SYSV0000abcd+0x40", true),
      ("/SYSV00000000 (deleted)", "\"shared memory 1:5:7+0x40\"", false),
      ("/memfd:pool (deleted)", "\"memfd:pool 1:5:7+0x40\"", false),
      ("/tmp/x4Yq (deleted)", "\"shared memory 1:5:7+0x40\"", false),
      ("", "\"shared memory 1:5:7+0x40\"", false),
    ])
  func names(path: String, name: String, isClass: Bool) throws {
    let line = try convertedRecording(recording(at: Self.start, 0x40, 0x80, path)).lines[0]
    #expect(line.contains(" \(name)"), "\(line)")
    #expect(line.contains("class=") == isClass, "\(line)")
  }

  @Test("A process that has one memory at two addresses has each lock in it once")
  func twice() throws {
    var builder = RecordingBuilder()
    let other = Self.start + 0x1_0000
    for start in [Self.start, other] {
      builder.addSharedMemory(at: start, inode: 7, "/dev/zero (deleted)")
    }
    for (order, locks) in [(Self.start, Self.start + 64), (other + 64, other)].enumerated() {
      builder.add(1, .acquire, locks.0, order: UInt64(order) + 1)
      builder.add(1, .acquire, locks.1, order: UInt64(order) + 1)
      builder.add(1, .release, locks.1, order: UInt64(order) + 1)
      builder.add(1, .release, locks.0, order: UInt64(order) + 1)
    }
    let found = try inversions([builder.bytes])
    let names = ["0x0", "0x40"].map { "shared memory 1:5:7+\($0)" }
    #expect(found == ["\(names[0]) and \(names[1]) are taken in both orders"])
  }

  @Test("Whether two processes were there at once is not known, and not that the locks differ")
  func reason() throws {
    for path in ["/dev/shm/bank", "/dev/zero (deleted)"] {
      var analyzer = TraceAnalyzer()
      for (number, locks) in [(0x40, 0x80), (0x80, 0x40)].enumerated() {
        let start = Self.start + UInt64(number) * 0x1_0000
        let bytes = recording(at: start, UInt64(locks.0), UInt64(locks.1), path)
        try analyzer.read(.bytes(bytes, name: "\(number).lgt"))
      }
      let finding = try #require(analyzer.finish().findings.first)
      #expect(finding.confidence == .ordering)
      #expect(
        finding.confidenceReason
          == "the orders are from different inputs, and nothing tells whether those ran at the "
          + "same time")
    }
  }

  @Test("Where one memory came after another, or one lock after another, it is the process's own")
  func unknown() throws {
    var builder = RecordingBuilder()
    builder.addSharedMemory(at: Self.start, inode: 7, "/dev/shm/bank")
    builder.addSharedMemory(at: Self.start, inode: 8, "/dev/shm/other")
    builder.addSharedMemory(at: Self.start + 4096, inode: 9, "/dev/shm/third")
    builder.add(1, .acquire, Self.start, order: 1)
    for order: UInt64 in 1...2 {
      builder.add(1, .initialize, Self.start + 4096, order: order)
      builder.add(1, .acquire, Self.start + 4096, order: order)
      builder.add(1, .release, Self.start + 4096, order: order)
    }
    let classes = try convertedRecording(builder.bytes).lines.filter { $0.contains("class=") }
    #expect(classes.count == 1 && classes[0].contains("/dev/shm/third+0x0"), "\(classes)")
  }
}
