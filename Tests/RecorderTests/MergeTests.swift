import TestSupport
import Testing

/// A recording against what the program itself wrote down.
@Suite("Order of recordings")
struct MergeTests {
  /// What came of an acquisition, as the program counts: see `ground_truth.c`.
  private struct Acquisition: Hashable, Comparable {
    var counter: Int
    var isShared: Bool
    var thread: Int

    static func < (left: Self, right: Self) -> Bool {
      (left.counter, left.isShared ? 1 : 0, left.thread)
        < (right.counter, right.isShared ? 1 : 0, right.thread)
    }
  }

  private func recorded(_ generator: inout SeededGenerator, level: String) throws -> RecordedRun {
    let arguments = [
      Int.random(in: 1...1_000_000, using: &generator), Int.random(in: 1...8, using: &generator),
      Int.random(in: 2...30, using: &generator), Int.random(in: 50...800, using: &generator),
    ]
    return try RecordedRun(
      RecordedProgram.program("ground_truth.c"), arguments.map(String.init), level: level)
  }

  @Test("Each lock has the order that its own counter has", arguments: [0..<4 as Range<UInt64>])
  func groundTruth(seeds: Range<UInt64>) throws {
    try withSeeds(seeds) { generator in
      let run = try recorded(&generator, level: "all")
      let file = try run.file()
      _ = try RecordedOrder(file)
      var truth: [Int: [Acquisition]] = [:]
      for line in run.result.text.split(separator: "\n") {
        let fields = line.split(separator: " ")
        truth[Int(fields[0])!, default: []].append(
          Acquisition(
            counter: Int(fields[1])!, isShared: fields[3] == "r", thread: Int(fields[2])!))
      }
      var locks: [UInt64: Int] = [:]
      var threads: [UInt32: Int] = [:]
      var counters: [Int: Int] = [:]
      var order: [Int: [Acquisition]] = [:]
      for record in file.merged {
        switch record.operation {
        case .`init`: locks[record.address] = locks.count
        case .spawn: threads[UInt32(record.address)] = threads.count
        case .acquire:
          let lock = try #require(locks[record.address])
          if !record.isShared { counters[lock, default: 0] += 1 }
          order[lock, default: []].append(
            Acquisition(
              counter: counters[lock, default: 0], isShared: record.isShared,
              thread: try #require(threads[record.thread])))
        default: break
        }
      }
      #expect(file.lostRecords == 0)
      #expect(
        order.mapValues { $0.sorted() } == truth.mapValues { $0.sorted() },
        "\(TestContext.description)")
    }
  }

  @Test("What is left out leaves a valid order", arguments: ["orders", "shapes"])
  func leftOut(level: String) throws {
    try withSeeds(0..<4) { generator in
      let run = try recorded(&generator, level: level)
      let file = try run.file()
      let order = try RecordedOrder(file)
      #expect(order.writers.isEmpty, "\(TestContext.description)")
      #expect(order.readers.values.joined().isEmpty, "\(TestContext.description)")
      let lines = run.result.text.split(separator: "\n").count
      #expect(file.acquisitions == UInt64(lines), "\(TestContext.description)")
    }
  }

  @Test("A file that was cut is read up to there", arguments: ["orders", "shapes", "all"])
  func cut(level: String) throws {
    try withSeeds(0..<2) { generator in
      let bytes = try recorded(&generator, level: level).file().bytes
      for _ in 0..<50 {
        let length = Int.random(in: 4096...bytes.count, using: &generator)
        _ = try RecordedFile(bytes: Array(bytes[..<length]))
      }
    }
  }
}
