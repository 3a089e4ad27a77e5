import TestSupport
import Testing

@testable import LockGraphEngine

/// Threads whose numbers are given out as the recorder gives them, and the order in which things
/// really happened.
@Suite("The order of recordings")
struct RecordingMergeTests {
  private struct Run {
    var builder = RecordingBuilder()
    /// Of each lock, by its address: who had it, one after the other.
    var truth: [UInt64: [String]] = [:]

    init(_ generator: inout SeededGenerator) {
      let (threadCount, lockCount) = (
        Int.random(in: 1...6, using: &generator), Int.random(in: 1...6, using: &generator)
      )
      builder.chunkCapacity = Int.random(in: 1...20, using: &generator)
      // Several locks share a stripe.
      let stripeCount = Int.random(in: 1...lockCount, using: &generator)
      var stripes = [UInt64](repeating: 0, count: stripeCount)
      var numbers = [UInt64](repeating: 0, count: threadCount)
      var owners = [Int?](repeating: nil, count: lockCount)
      for _ in 0..<Int.random(in: 1...150, using: &generator) {
        let thread = Int.random(in: 0..<threadCount, using: &generator)
        let lock = Int.random(in: 0..<lockCount, using: &generator)
        let (stripe, address) = (lock % stripeCount, UInt64(lock + 1) * 64)
        if owners[lock] == nil {
          numbers[thread] = max(numbers[thread], stripes[stripe]) + 1
          stripes[stripe] = numbers[thread]
          owners[lock] = thread
          builder.add(UInt32(thread + 1), .acquire, address, order: numbers[thread])
          truth[address, default: []].append(thread == 0 ? "main" : "T\(thread + 1)")
        } else if owners[lock] == thread {
          stripes[stripe] = max(stripes[stripe], numbers[thread])
          owners[lock] = nil
          builder.add(UInt32(thread + 1), .release, address, order: numbers[thread])
        }
      }
    }
  }

  @Test("Each lock is had by the threads that had it, one after the other")
  func truth() throws {
    try withSeeds(0..<200) { generator in
      let run = Run(&generator)
      var found: [UInt64: [String]] = [:]
      var owners: [String: String] = [:]
      for line in try convertedRecording(run.builder.bytes).lines {
        let words = line.split(separator: " ").map(String.init)
        guard words.count > 2, let address = UInt64(words[2].dropFirst(2), radix: 16) else {
          continue
        }
        if words[1] == "acquire" {
          #expect(owners[words[2]] == nil, "\(TestContext.description): \(line)")
          owners[words[2]] = words[0]
          found[address, default: []].append(words[0])
        } else if words[1] == "release" {
          #expect(owners[words[2]] == words[0], "\(TestContext.description): \(line)")
          owners[words[2]] = nil
        }
      }
      #expect(found == run.truth, "\(TestContext.description)")
    }
  }
}
