import LockGraphEngine
import TestSupport
import Testing

@Suite struct StatisticsTests {
  private func mode(_ text: String, _ name: String = "A") throws -> ModeStatistics {
    try #require(measure(text)[name]?.write)
  }

  @Test func `A hold lasts from the acquisition to the release`() throws {
    let mode = try mode("[1.5] T1 acquire A\n[1.500000250] T1 release A\n")
    #expect(mode.acquisitions == 1)
    #expect(mode.contentions == 0)
    #expect(mode.wait == nil)
    #expect(
      mode.hold
        == DurationSummary(
          count: 1, minimum: 250, mean: 250, p99: 250, maximum: 250, total: 250))
  }

  @Test func `A request that took time waited, and one that took none did not`() throws {
    let trace = "[1] T1 request A\n[2] T1 acquire A\n[3] T1 release A\n[4] T1 request A\n"
    let mode = try mode(trace + "[4] T1 acquire A\n[6] T1 release A\n")
    #expect(mode.acquisitions == 2)
    #expect(mode.contentions == 1)
    #expect(mode.wait?.count == 1)
    #expect(mode.wait?.total == 1_000_000_000)
    #expect(mode.hold?.total == 3_000_000_000)
    #expect(mode.hold?.mean == 1_500_000_000)
  }

  @Test func `Without times a wait is a request for what another thread has`() throws {
    let held = "T1 acquire A MODE at=holder\nT2 request A OTHER at=waiter\nT1 release A\n"
    for (mode, other, contentions) in [
      ("write", "write", 1), ("write", "read", 1), ("read", "write", 1), ("read", "read", 0),
      ("recursive-read", "read", 0), ("write", "write try", 0),
    ] {
      let trace =
        held.replacing("MODE", with: mode).replacing("OTHER", with: other) + "T2 acquire A\n"
      let statistics = try measure(trace)
      let lockClass = try #require(statistics["A"])
      #expect(!statistics.hasTimes)
      #expect(lockClass.measure(.contentions) == contentions)
      #expect(lockClass.modes.allSatisfy { $0.statistics.wait == nil && $0.statistics.hold == nil })
      let points = contentions > 0 ? [ContentionPoint(place: "waiter", count: 1)] : []
      #expect(lockClass.contentionPoints == points)
      #expect(lockClass.contendingPoints.map(\.place) == (contentions > 0 ? ["holder"] : []))
    }
  }

  @Test(arguments: ["semaphore", "completion", "rcu"])
  func `Kinds that exclude nobody are not contended because others have them`(
    kind: String
  ) throws {
    let trace = "T1 acquire A kind=\(kind)\nT2 request A\nT2 acquire A\n"
    #expect(try mode(trace).contentions == 0)
  }

  @Test func `Modes are apart, and a recursive read is a read`() throws {
    let statistics = try measure(
      """
      [1] T1 acquire A read
      [2] T2 acquire A recursive-read
      [3] T1 release A
      [5] T2 release A
      [6] T1 acquire A
      [7] T1 release A

      """)
    let lockClass = try #require(statistics["A"])
    #expect(lockClass.read?.acquisitions == 2)
    #expect(lockClass.read?.hold?.total == 5_000_000_000)
    #expect(lockClass.write?.acquisitions == 1)
    #expect(lockClass.write?.hold?.total == 1_000_000_000)
  }

  @Test func `Nesting levels are classes`() throws {
    let statistics = try measure(
      "T1 init a class=A\nT1 request a subclass=1\nT1 acquire a\nT1 release a\nT1 acquire a\n")
    #expect(statistics.classes.map(\.name) == ["A", "A/1"])
    #expect(statistics["A/1"]?.write?.acquisitions == 1)
    #expect(statistics["A"]?.write?.openHolds == 1)
  }

  @Test func `A class that is stated late has what its locks did before`() throws {
    let uses = """
      [1] T1 acquire a at=p
      [2] T2 request a at=q
      [3] T1 release a
      [4] T2 acquire a
      [5] T3 request a read subclass=1 at=r
      [7] T3 abandon a reason=timeout
      [8] T2 release a

      """
    let more = "[9] T1 acquire a STATED at=q\n[13] T2 request a at=q\n[19] T1 release a\n"
    let rest = "[21] T2 acquire a subclass=1\n[22] T1 request a\n[23] T1 abandon a reason=killed\n"
    let late = try measure(uses + more.replacing("STATED", with: "class=A") + rest)
    let early = try measure(
      "[1] T0 init a class=A\n" + uses + more.replacing("STATED", with: "") + rest)
    #expect(late.classes == early.classes)
    #expect(late.classes.map(\.name) == ["A", "A/1"])
    #expect(late["A"]?.write?.hold?.total == 16_000_000_000)
  }

  @Test func `A recursive hold is from the first acquisition to the last release`() throws {
    let mode = try mode(
      """
      [1] T1 acquire A kind=recursive
      [2] T1 acquire A
      [3] T1 release A
      [6] T1 release A

      """)
    #expect(mode.acquisitions == 2)
    #expect(mode.hold?.count == 1)
    #expect(mode.hold?.total == 5_000_000_000)
  }

  @Test func `The time of a condition wait is no hold time, and the depth comes back`() throws {
    let mode = try mode(
      """
      [1] T1 acquire A kind=recursive
      [1] T1 acquire A
      [2] T1 wait c lock=A
      [50] T2 acquire A
      [51] T2 release A
      [60] T1 wake c lock=A
      [61] T1 release A
      [62] T1 release A

      """)
    #expect(mode.acquisitions == 4)
    #expect(mode.hold?.count == 3)
    #expect(mode.hold?.total == 4_000_000_000)
    #expect(mode.hold?.maximum == 2_000_000_000)
  }

  @Test func `A downgrade ends the exclusive hold and begins a shared one`() throws {
    let lockClass = try #require(
      measure("[1] T1 acquire A\n[3] T1 downgrade A\n[8] T1 release A\n")["A"])
    #expect(lockClass.write?.hold?.total == 2_000_000_000)
    #expect(lockClass.read?.hold?.total == 5_000_000_000)
    #expect(lockClass.read?.acquisitions == 0)
  }

  @Test func `Waits that ended without the lock are counted by how they ended`() throws {
    let reasons = ["interrupted", "killed", "timeout", "cancelled", "deadlock"]
    var trace = ""
    for reason in reasons + ["timeout", "failed"] {
      trace += "[1] T1 request A at=here\n[3] T1 abandon A reason=\(reason)\n"
    }
    trace += "[4] T1 request A\n[5] T1 abandon A\n[6] T1 request A\n[7] T1 release A\n"
    let lockClass = try #require(measure(trace)["A"])
    let mode = try #require(lockClass.write)
    #expect(mode.acquisitions == 0)
    #expect(mode.failed == 1)
    #expect(mode.abandoned.count == 8)
    #expect(mode.abandoned.time == 14_000_000_000)
    #expect(
      mode.abandoned.reasons.map { "\($0.name) \($0.count)" } == [
        "interrupted 1", "killed 1", "timeout 2", "cancelled 1", "deadlock 1", "unknown 2",
      ])
    #expect(lockClass.contentionPoints == [ContentionPoint(place: "here", count: 6)])
  }

  @Test func `Where events were lost, what was held is forgotten`() throws {
    for (thread, lost) in [("T1", 1), ("*", 2)] {
      let statistics = try measure(
        """
        [1] T1 acquire A
        [1] T2 acquire A read
        [1] T2 request B
        [2] \(thread) lost count=3
        [9] T1 release A
        [9] T2 release A
        [9] T2 acquire B

        """)
      #expect(statistics["A"]?.write?.hold == nil)
      #expect(statistics["A"]?.read?.hold?.count == (lost == 2 ? nil : 1))
      #expect(statistics["B"]?.write?.contentions == (lost == 2 ? 0 : 1))
      #expect(statistics["A"]?.write?.openHolds == 0)
    }
  }

  @Test func `A thread's end ends its holds and its waits`() throws {
    let statistics = try measure("[1] T1 acquire A\n[2] T1 request B\n[5] T1 exit\n")
    #expect(statistics["A"]?.write?.hold?.total == 4_000_000_000)
    #expect(statistics["A"]?.write?.openHolds == 0)
    #expect(statistics["B"]?.write?.abandoned.reasons.map(\.name) == ["unknown"])
  }

  @Test func `What is open at the end is counted, and has no time`() throws {
    let statistics = try measure("[1] T1 acquire A\n[2] T2 request A\n[9] T3 sleep\n")
    let mode = try #require(statistics["A"]?.write)
    #expect(mode.acquisitions == 1)
    #expect(mode.openHolds == 1)
    #expect(mode.openWaits == 1)
    #expect(mode.hold == nil && mode.wait == nil)
    #expect(statistics.threads == 3)
  }

  @Test func `A lock that is destroyed is no longer held, and its name means another one`() throws {
    for verb in ["destroy", "init"] {
      let statistics = try measure(
        "[1] T1 acquire A\n[3] T2 \(verb) A\n[4] T1 release A\n[5] T1 acquire A\n")
      #expect(statistics["A"]?.write?.hold?.total == 2_000_000_000)
      #expect(statistics["A#2"]?.write?.acquisitions == 1)
    }
  }

  @Test func `A semaphore is released for whoever has had it for longest`() throws {
    let mode = try mode(
      "[1] T1 acquire A kind=semaphore\n[3] T2 acquire A\n[4] T3 release A\n[9] T3 release A\n")
    #expect(mode.hold?.minimum == 3_000_000_000)
    #expect(mode.hold?.maximum == 6_000_000_000)
  }

  @Test func `A release by another thread says nothing of other locks`() throws {
    let mode = try mode("[1] T1 acquire A\n[3] T2 release A\n[4] T1 release A\n")
    #expect(mode.hold?.total == 3_000_000_000)
  }

  @Test func `Times that run backwards are no negative durations`() throws {
    let statistics = try measure(
      """
      [5] T1 acquire A
      [4] T1 release A
      [3] T1 request A
      [2] T1 acquire A
      [2] T1 release A

      """)
    let mode = try #require(statistics["A"]?.write)
    #expect(mode.contentions == 0)
    #expect(mode.hold?.count == 2)
    #expect(mode.hold?.total == 0)
    #expect(statistics.backwardDurations == 2)
    #expect(
      statistics.inputs[0].warnings == [
        "times run backwards: 2 durations are negative and counted as 0"
      ])
  }

  @Test func `A duration of which one end has no time is not known`() throws {
    let mode = try mode("T1 acquire A\n[1] T1 release A\n[2] T1 acquire A\nT1 release A\n")
    #expect(mode.acquisitions == 2)
    #expect(mode.hold == nil)
  }

  @Test func `A sum that is too great stays at the greatest number`() throws {
    let hold = "[0] T1 acquire A\n[9223372036] T1 release A\n"
    let mode = try mode(hold + hold + hold)
    #expect(mode.hold?.total == .max)
    #expect(mode.hold?.maximum == 9_223_372_036_000_000_000)
  }

  @Test func `Classes of several inputs are one, their threads and locks are not`() throws {
    let open = "[1] T1 acquire a class=A\n"
    let statistics = try measure(open, "[2] T1 acquire a class=A\n[5] T1 release a\n", open)
    #expect(statistics["A"]?.write?.acquisitions == 3)
    #expect(statistics["A"]?.write?.hold?.total == 3_000_000_000)
    #expect(statistics["A"]?.write?.openHolds == 2)
    #expect(statistics.threads == 3)
    #expect(statistics.events == 4)
  }

  @Test func `Places are the source position, else the innermost frame`() throws {
    let statistics = try measure(
      """
      [1] T1 acquire A stack=take;main
      [1] T2 request A at=a.c:3 stack=f;g
      [1] T3 request A stack=f;g
      [1] T4 request A
      [2] T1 release A
      [2] T2 acquire A
      [3] T2 release A
      [3] T3 acquire A at=b.c:9
      [4] T3 release A
      [4] T4 acquire A at=b.c:9
      [4] T5 request A
      [5] T4 release A
      [5] T5 acquire A

      """)
    let lockClass = try #require(statistics["A"])
    #expect(
      lockClass.contentionPoints == [
        ContentionPoint(place: "a.c:3", count: 1), ContentionPoint(place: "b.c:9", count: 1),
        ContentionPoint(place: "f", count: 1),
      ])
    #expect(
      lockClass.contendingPoints == [
        ContentionPoint(place: "take", count: 3), ContentionPoint(place: "b.c:9", count: 1),
      ])
  }

  @Test func `Orders put the most first, and equals by name`() throws {
    let statistics = try measure(
      """
      [1] T1 acquire C
      [2] T1 release C
      [3] T1 acquire B
      [9] T1 release B
      [10] T1 acquire A
      [11] T1 release A
      [12] T1 acquire A
      [13] T1 release A

      """)
    func names(_ order: StatisticsOrder) -> String {
      statistics.sorted(by: order).map(\.name).joined()
    }
    #expect(names(.contentions) == "ABC")
    #expect(names(.name) == "ABC")
    #expect(names(.acquisitions) == "ABC")
    #expect(names(.holdTotal) == "BAC")
    #expect(names(.holdMax) == "BAC")
    #expect(names(.waitMax) == "ABC")
  }

  @Test func `One pass validates and measures`() throws {
    let trace =
      "[1] T1 acquire A\n[2] T1 acquire B\n[3] T1 release B\n[4] T1 release A\n"
      + "[5] T2 acquire B\n[6] T2 acquire A\n[7] T2 release A\n[9] T2 release B\n"
    var analyzer = MeasuringAnalyzer()
    try analyzer.read(.bytes(Array(trace.utf8), name: "1.trace"))
    let (analysis, statistics) = analyzer.finish()
    #expect(try analysis.verdicts == analyze(trace).verdicts)
    #expect(try analysis.edges == analyze(trace).edges)
    #expect(try statistics.classes == measure(trace).classes)
    #expect(statistics["B"]?.write?.hold?.total == 5_000_000_000)
  }
}
