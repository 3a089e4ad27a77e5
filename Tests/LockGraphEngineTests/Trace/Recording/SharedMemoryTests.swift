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
