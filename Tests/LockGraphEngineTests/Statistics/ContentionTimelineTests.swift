import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct ContentionTimelineTests {
  @Test func `A wait is in the bins that it lasts through, and its class has no other`() throws {
    let timeline = try #require(
      try self.timeline(
        """
        [1.000000000] T1 acquire A class=X
        [1.000000512] T2 request A
        [1.000002048] T1 release A
        [1.000002560] T2 acquire A
        [1.000002600] T2 release A
        """))
    #expect(timeline.binWidth == 1_024)
    #expect(timeline.rows.map(\.name) == ["X"])
    #expect(timeline.rows[0].waits == [512, 1_024, 512])
  }

  @Test func `Waits without the lock in the end count too, and those without times do not`() throws
  {
    let timeline = try #require(
      try self.timeline(
        """
        T1 acquire A class=X
        T2 request A
        T3 request A
        [5.0] T4 acquire B class=Y
        [5.0] T5 request B
        [5.000001] T5 abandon B reason=timeout
        """))
    #expect(timeline.rows.map(\.name) == ["Y"])
    #expect(timeline.rows[0].waits == [1_000])
    #expect(try self.timeline("T1 acquire A\nT2 request A\nT1 release A\nT2 acquire A\n") == nil)
  }

  @Test func `Each input begins at its own first time`() throws {
    var analyzer = StatisticsAnalyzer()
    for start in [10, 9_000] {
      let trace = """
        [\(start).0] T1 acquire A class=X
        [\(start).0] T2 request A
        [\(start).000001] T1 release A
        [\(start).000001] T2 acquire A
        """
      try analyzer.read(.bytes(Array(trace.utf8), name: "\(start).trace"))
    }
    let timeline = try #require(analyzer.finish().contention)
    #expect(timeline.rows.map(\.waits) == [[2_000]])
  }

  @Test func `Bins are those that a table of all nanoseconds gives`() {
    withSeeds(0..<40) { random in
      let span = UInt64(1) << UInt64.random(in: 1...22, using: &random)
      var bins = WaitBins()
      var waits: [(from: UInt64, to: UInt64, row: Int)] = []
      for _ in 0..<Int.random(in: 1...40, using: &random) {
        let begin = UInt64.random(in: 0..<span, using: &random)
        let end = UInt64.random(in: begin...span, using: &random)
        waits.append((begin, end, Int.random(in: 0..<3, using: &random)))
        bins.add(from: begin, to: end, row: waits[waits.count - 1].row)
      }
      let width = bins.width
      #expect(width.nonzeroBitCount == 1)
      for row in 0..<3 {
        for bin in 0..<WaitBins.limit {
          let (start, stop) = (UInt64(bin) * width, UInt64(bin + 1) * width)
          let expected = waits.filter { $0.row == row }.reduce(UInt64(0)) { sum, wait in
            let (from, to) = (max(wait.from, start), min(wait.to, stop))
            return sum + (to > from ? to - from : 0)
          }
          #expect(bins.bins[row]?[bin] ?? 0 == expected)
        }
      }
    }
  }

  private func timeline(_ trace: String) throws -> ContentionTimeline? {
    var analyzer = StatisticsAnalyzer()
    try analyzer.read(.bytes(Array(trace.utf8), name: "1.trace"))
    return analyzer.finish().contention
  }
}
