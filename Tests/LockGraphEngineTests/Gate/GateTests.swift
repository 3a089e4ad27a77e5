import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct GateTests {
  private static let inversion = """
    T1 acquire A
    T1 acquire B
    T1 release B
    T1 release A
    T2 acquire B
    T2 acquire A
    T2 release A
    T2 release B

    """
  private static let held = "T3 acquire L\nT3 exit\n"
  private static let note = "T4 acquire X\nT4 acquire M\nT4 wait c lock=M\n"

  private let day = CalendarDate("2026-06-15")!

  private func gate(_ change: (inout Gate) -> Void = { _ in }) -> Gate {
    var gate = Gate(today: day)
    change(&gate)
    return gate
  }

  private func ignore(
    _ rule: Rule, _ classes: [String], expires: String? = nil, line: Int = 1
  ) -> GateIgnore {
    GateIgnore(
      rule: rule, classes: classes.map { ClassPattern($0) }, reason: "because",
      expires: expires.map { CalendarDate($0)! }, source: "p.yml:\(line)")
  }

  private func words(_ verdict: GateVerdict) -> [String] {
    verdict.standings.map { standing in
      switch standing {
      case .failing: "failing"
      case .belowThreshold: "below"
      case .known: "known"
      case .ignored: "ignored"
      case .expired: "expired"
      }
    }
  }

  @Test func `Deadlocks fail by confidence, other findings by severity, and grades go before that`()
    throws
  {
    let analysis = try analyze(Self.inversion + Self.held + Self.note)
    #expect(
      analysis.verdicts == [
        "lock-order-inversion feasible A B", "held-at-exit L", "wait-while-holding X M",
      ])
    func standings(_ change: (inout Gate) -> Void) -> [String] {
      words(gate(change).verdict(on: analysis))
    }
    #expect(standings { _ in } == ["failing", "failing", "below"])
    #expect(standings { $0.failOn = .observed } == ["below", "failing", "below"])
    #expect(
      standings { $0.grades[.lockOrderInversion] = .confidence(.observed) }
        == ["below", "failing", "below"])
    #expect(
      standings {
        $0.grades[.lockOrderInversion] = .never
        $0.failOn = .feasible
      } == ["failing", "failing", "below"])
    #expect(
      standings {
        $0.grades = [.heldAtExit: .never, .waitWhileHolding: .severity(.note)]
      } == ["failing", "below", "failing"])
    #expect(
      standings { $0.grades[.heldAtExit] = .severity(.warning) } == ["failing", "failing", "below"])
  }

  @Test func `An ignore means all classes of a finding and no more`() throws {
    let finding = try analyze(Self.inversion).findings[0]
    for classes in [["A", "B"], ["B", "A"], ["*"], ["?", "A"], ["A", "B", "*"]] {
      #expect(ignore(.lockOrderInversion, classes).matches(finding), "\(classes)")
    }
    for classes in [["A"], ["A", "C"], ["A", "B", "C"], [], ["AB"]] {
      #expect(!ignore(.lockOrderInversion, classes).matches(finding), "\(classes)")
    }
    #expect(!ignore(.deadlock, ["*"]).matches(finding))
  }

  @Test func `An exception holds on its last day and has expired on the next`() throws {
    let analysis = try analyze(Self.inversion)
    func standing(_ expires: String) -> [String] {
      words(
        gate { $0.ignores = [ignore(.lockOrderInversion, ["A", "B"], expires: expires)] }
          .verdict(on: analysis))
    }
    #expect(standing("2026-06-15") == ["ignored"])
    #expect(standing("2026-06-14") == ["expired"])
    let recorded = gate().baseline(recording: analysis, name: "b")
    for (expires, expected) in [("2026-06-15", "known"), ("2026-06-14", "expired")] {
      var baseline = recorded
      baseline.entries[0].expires = CalendarDate(expires)
      let verdict = gate { $0.baseline = baseline }.verdict(on: analysis)
      #expect(words(verdict) == [expected])
      #expect(verdict.isPassed == (expected == "known"))
    }
  }

  @Test func `An expired ignore fails whatever the baseline says, unless another ignore holds`()
    throws
  {
    let analysis = try analyze(Self.inversion)
    let baseline = gate().baseline(recording: analysis, name: "b")
    let expired = ignore(.lockOrderInversion, ["A", "B"], expires: "2020-01-01")
    func standing(_ ignores: [GateIgnore]) -> [String] {
      words(
        gate {
          $0.baseline = baseline
          $0.ignores = ignores
        }.verdict(on: analysis))
    }
    #expect(standing([]) == ["known"])
    #expect(standing([expired]) == ["expired"])
    #expect(standing([expired, ignore(.lockOrderInversion, ["*"])]) == ["ignored"])
  }

  @Test func `Exceptions that mean nothing are told, but not of rules that were not looked for`()
    throws
  {
    let analysis = try analyze(Self.inversion)
    let baseline = gate().baseline(
      recording: try analyze(Self.inversion + Self.held), name: "b.json")
    var gate = gate {
      $0.baseline = baseline
      $0.ignores = [
        ignore(.heldAtExit, ["L*"], line: 3),
        ignore(.pinViolated, ["*"], expires: "2020-01-01", line: 7),
        ignore(.lockOrderInversion, ["A", "B"], line: 9),
      ]
    }
    var verdict = gate.verdict(on: analysis)
    #expect(
      verdict.remarks.map(\.text) == [
        "b.json:0: fixed: T3 ends while it holds L [held-at-exit]",
        "p.yml:3: unused: ignores held-at-exit of L*, which was not found",
        "p.yml:7: unused: ignores pin-violated of *, which was not found, and has expired",
      ])
    #expect(verdict.isPassed)
    gate.rules = [.lockOrderInversion]
    verdict = gate.verdict(on: analysis)
    #expect(verdict.remarks.isEmpty)
    #expect(gate.prunedBaseline(after: analysis) == nil)
    let rewritten = gate.baseline(recording: analysis, name: "b.json")
    #expect(rewritten.entries.map(\.rule) == [.heldAtExit])
  }

  @Test func `Where not all was listed nothing is called fixed, and the gate fails`() throws {
    var analysis = try analyze(Self.held)
    let baseline = gate().baseline(
      recording: try analyze(Self.inversion + Self.held), name: "b.json")
    analysis.summary.omittedFindings = 1
    let gate = gate { $0.baseline = baseline }
    let verdict = gate.verdict(on: analysis)
    #expect(verdict.remarks == [.init(isViolation: true, text: "more cycles than can be listed")])
    #expect(gate.prunedBaseline(after: analysis) == nil)
    #expect(
      Set(gate.baseline(recording: analysis, name: "b").entries.map(\.rule))
        == [.lockOrderInversion, .heldAtExit])
  }

  @Test func `What is not listed can be a recursive acquisition, and fails as one does`() throws {
    var analysis = try analyze(Self.held)
    analysis.summary.omittedFindings = 1
    func remarks(_ change: (inout Gate) -> Void) -> Int {
      gate(change).verdict(on: analysis).remarks.count
    }
    #expect(remarks { $0.rules = [.recursiveAcquisition] } == 1)
    #expect(remarks { $0.grades[.lockOrderInversion] = .never } == 1)
    #expect(remarks { $0.grades[.recursiveAcquisition] = .never } == 1)
    #expect(
      remarks {
        $0.rules = [.recursiveAcquisition]
        $0.grades[.recursiveAcquisition] = .never
      } == 0)
  }

  @Test func `A recursive acquisition that was recorded as an inversion is known, and renamed`()
    throws
  {
    let analysis = try analyze("T1 acquire a class=K\nT1 acquire b class=K\n")
    #expect(analysis.verdicts == ["recursive-acquisition ordering K"])
    var baseline = gate().baseline(recording: analysis, name: "b.json")
    baseline.entries[0].rule = .lockOrderInversion
    baseline.entries[0].reason = "why"
    let gate = gate { $0.baseline = baseline }
    #expect(words(gate.verdict(on: analysis)) == ["known"])
    #expect(gate.prunedBaseline(after: analysis) == nil)
    let again = gate.baseline(recording: analysis, name: "b.json").entries
    #expect(again.map(\.rule) == [.recursiveAcquisition])
    #expect(again.map(\.reason) == ["why"])
  }

  @Test func `Recording keeps what people wrote of findings that stay, and their titles`() throws {
    let before = try analyze(Self.inversion + Self.held)
    var baseline = gate().baseline(recording: before, name: "b")
    for index in baseline.entries.indices {
      baseline.entries[index].reason = "why \(index)"
      baseline.entries[index].owner = "who"
      baseline.entries[index].expires = CalendarDate("2020-01-01")
    }
    let after = try analyze(
      Self.inversion + Self.held.replacing("T3", with: "worker-17") + "T5 release Z\n")
    let again = gate { $0.baseline = baseline }.baseline(recording: after, name: "b")
    let kept = again.entries.filter { $0.reason != nil }
    #expect(kept.map(\.fingerprint).sorted() == baseline.entries.map(\.fingerprint).sorted())
    #expect(kept.map(\.title).sorted() == baseline.entries.map(\.title).sorted())
    #expect(kept.allSatisfy { $0.expires == CalendarDate("2020-01-01") && $0.owner == "who" })
    #expect(again.entries.filter { $0.reason == nil }.map(\.rule) == [.releaseNotHeld])
  }

  @Test func `Whatever was recorded passes, and only that`() throws {
    try withSeeds(0..<60) { generator in
      let locks = RandomLocks(count: 5, classes: 4, using: &generator)
      func program() -> String {
        locks.preamble
          + (1...2).map { thread in
            randomSteps(12, locks: locks, using: &generator).map {
              $0.line(thread: "T\(thread)") + "\n"
            }
            .joined()
          }.joined()
      }
      let (before, after) = (try analyze(program()), try analyze(program()))
      let recorded = try Baseline(
        bytes: gate().baseline(recording: before, name: "b").bytes, name: "b")
      let gate = gate { $0.baseline = recorded }
      #expect(gate.verdict(on: before).isPassed, "\(TestContext.description)")
      #expect(gate.prunedBaseline(after: before) == nil)
      let known = Set(recorded.entries.map(\.fingerprint))
      let verdict = gate.verdict(on: after)
      for (finding, standing) in zip(after.findings, words(verdict)) where standing != "below" {
        #expect(
          (standing == "known") == known.contains(finding.fingerprint), "\(TestContext.description)"
        )
      }
      // Pruning and recording leave what is there and known.
      let found = Set(after.findings.map(\.fingerprint))
      let pruned = gate.prunedBaseline(after: after) ?? recorded
      #expect(Set(pruned.entries.map(\.fingerprint)) == known.intersection(found))
    }
  }
}
