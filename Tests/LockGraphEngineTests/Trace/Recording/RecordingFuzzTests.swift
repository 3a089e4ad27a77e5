import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("Damaged recordings")
struct RecordingFuzzTests {
  /// A recording with something of everything.
  private static func recording(_ generator: inout SeededGenerator) -> [UInt8] {
    var builder = RecordingBuilder()
    builder.chunkCapacity = Int.random(in: 1...60, using: &generator)
    builder.addModule("/bin/program", from: 0x1000, to: 0x9000)
    for site in 1...4 as ClosedRange<UInt32> {
      builder.addSite(site, [0x1000 + UInt64(site) * 16, 0x2000])
      builder.seal(function: "f\(site)", "f.c", site, at: 0x1000 + UInt64(site) * 16)
    }
    // Its locks may be signals.
    builder.addModule("/usr/bin/python3.11", from: 0xA000, to: 0xB000)
    builder.addSite(6, [0xA010])
    builder.addSharedMemory(at: 0x100, inode: 7, offset: .max, "/dev/shm/bank")
    builder.nameThread(2, "worker")
    builder.seal(lock: 0x100, generation: 0, "lock", "")
    let operations: [RecordedOperation] = [
      .wait, .acquire, .held, .failed, .release, .post, .ownerDied, .initialize, .value, .destroy,
      .conditionMutex, .conditionWait, .wake, .signal, .broadcast, .barrier, .spawn, .start, .end,
      .joinWait, .join, .detach, .fork, .exec, .dropped, .lost, .time,
    ]
    var order: UInt64 = 0
    for _ in 0..<200 {
      order +=
        UInt64.random(in: 0...1, using: &generator) << UInt64.random(in: 0...33, using: &generator)
      builder.add(
        UInt32.random(in: 1...4, using: &generator), operations.randomElement(using: &generator)!,
        UInt64.random(in: 0...5, using: &generator) * 0x100, order: order,
        site: UInt32.random(in: 0...6, using: &generator),
        flags: UInt8.random(in: 0...255, using: &generator))
    }
    return builder.bytes
  }

  /// Reads it to an end or an error; anything else kills the tests.
  private func read(_ bytes: [UInt8]) {
    for keepGoing in [false, true] {
      _ = try? convertedRecording(bytes, keepGoing: keepGoing)
      _ = try? analyze(inputs: [bytes], keepGoing: keepGoing)
    }
  }

  @Test("Any sequence of records is read to its end")
  func anySequence() throws {
    try withSeeds(0..<30) { generator in
      let bytes = Self.recording(&generator)
      #expect(throws: Never.self, "\(TestContext.description)") {
        try convertedRecording(bytes)
      }
      read(bytes)
    }
  }

  @Test("A recording that is cut off anywhere is read up to there")
  func cuts() throws {
    var generator = SeededGenerator(seed: 1)
    let bytes = Self.recording(&generator)
    for length in stride(from: 0, through: bytes.count, by: 16) {
      let cut = Array(bytes.prefix(length))
      if length >= 4096 {
        #expect(throws: Never.self, "cut at \(length)") { try convertedRecording(cut) }
      } else {
        read(cut)
      }
    }
  }

  @Test("Flipped bits are an error, or another recording, and nothing else")
  func flippedBits() throws {
    withSeeds(0..<200) { generator in
      var bytes = Self.recording(&generator)
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        // Most of a file is zeros that mean nothing.
        var index = bytes.indices.randomElement(using: &generator)!
        for _ in 0..<8 where bytes[index] == 0 {
          index = bytes.indices.randomElement(using: &generator)!
        }
        bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      }
      read(bytes)
    }
  }

  @Test("Bytes that are taken out, put in or repeated do no harm")
  func mutations() throws {
    withSeeds(0..<200) { generator in
      read(mutated(Self.recording(&generator), using: &generator))
    }
  }
}
