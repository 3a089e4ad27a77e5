import LockGraphEngine
import TestSupport
import Testing

/// What is predicted of traces, and the traces that are written of it.
@Suite struct ScheduleTests {
  @Test(arguments: 0..<4)
  func `Schedules of random runs end in the deadlocks that they predict`(part: UInt64) throws {
    var predicted = 0
    try withSeeds(part * 10_000..<part * 10_000 + 400) { generator in
      let shape = RandomRun.Shape(using: &generator)
      let run = RandomRun(shape, using: &generator)
      let analysis = try predict(run.text)
      for finding in analysis.findings {
        guard let schedule = finding.schedule else { continue }
        predicted += 1
        let threads = Set(schedule.waits.map(\.thread))
        let deadlocks = try schedule.deadlocks(of: run.text)
        // A shorter circle of some of them is one too.
        #expect(
          deadlocks.contains { $0.isSubset(of: threads) },
          "\(finding.title) \(schedule) of\n\(run.text)\(TestContext.description)")
      }
      // To ask the events changes how sure findings are, and nothing else.
      let plain = try analyze(run.text)
      #expect(
        Set(plain.findings.map(\.fingerprint)) == Set(analysis.findings.map(\.fingerprint)),
        "\(run.text)\(TestContext.description)")
    }
    #expect(predicted > 20)
  }

  @Test func `What is stated of locks stands in the schedule's trace`() throws {
    let text = """
      # lockgraph-trace 1
      Main init a class="A lock" kind=rwsem rank=3
      Main init b class=B kind=mutex
      Main destroy b
      Main init b class=C kind=mutex
      T1 acquire a at=one.c:1
      T1 acquire b at=one.c:2
      T1 release b
      T1 release a
      T2 acquire b at=two.c:1
      T2 acquire a at=two.c:2
      T2 release a
      T2 release b

      """
    let analysis = try predict(text)
    let finding = try #require(analysis.findings(.lockOrderInversion).first)
    let schedule = try #require(finding.schedule)
    let trace = try ScheduleTrace(schedule, of: source(text), reading: ReadingOptions())
    #expect(
      String(decoding: trace.bytes, as: UTF8.self) == """
        # lockgraph-trace 1
        T1 init a class="A lock" kind=rwsem rank=3
        T1 init b#2 class=C kind=mutex
        T1 acquire a at=one.c:1
        T2 acquire b#2 at=two.c:1
        T1 request b#2 write at=one.c:2
        T2 request a write at=two.c:2

        """)
    #expect(try schedule.deadlocks(of: text) == [["T1", "T2"]])
    #expect(schedule.isByLocksAlone)
    #expect(schedule.segments.map(\.thread) == ["T1", "T2"])
    #expect(schedule.segments.map(\.line) == [6, 10])
    #expect(schedule.waits.map(\.wanted) == ["b#2", "a"] || schedule.waits.count == 2)
  }
}
