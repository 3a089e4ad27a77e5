import LockGraphEngine
import TestSupport
import Testing

/// Two locks of a class, and one lock twice: semantics 7 and 8.
@Suite struct SameClassRuleTests {
  private func nested(_ held: String, _ wanted: String) throws -> [String] {
    try analyze("T1 acquire a class=K \(held)\nT1 acquire b class=K \(wanted)\n").verdicts
  }

  @Test func `Two locks of a class are a finding that names the order only`() throws {
    let analysis = try analyze("T1 acquire a class=K\nT1 acquire b class=K\n")
    #expect(analysis.verdicts == ["recursive-acquisition ordering K"])
    #expect(analysis.findings[0].severity == .warning)
    #expect(analysis.edges == ["K -> K [EN]"])
    #expect(analysis.findings[0].title == "two locks of class K are nested")
  }

  @Test func `A recursive read under readers is allowed and nothing else of readers`() throws {
    for held in LockMode.allCases {
      for wanted in LockMode.allCases {
        let isAllowed = held != .write && wanted == .recursiveRead
        #expect(try nested(held.name, wanted.name).isEmpty == isAllowed, "\(held) \(wanted)")
        let same = try analyze("T1 acquire a \(held.name)\nT1 acquire a \(wanted.name)\n").verdicts
        let isUpgrade = held == .upgradable && wanted == .write
        let isSure = wanted.waits(for: held)
        let expected =
          isAllowed || isUpgrade
          ? [] : ["recursive-acquisition \(isSure ? "feasible" : "ordering") a"]
        #expect(same == expected, "\(held) \(wanted)")
      }
    }
  }

  @Test func `One writer among held readers is enough`() throws {
    let text =
      "T1 acquire a class=K read\nT1 acquire b class=K try\nT1 acquire c class=K recursive-read\n"
    #expect(try analyze(text).verdicts == ["recursive-acquisition ordering K"])
  }

  @Test(arguments: [
    ("rank=1", "rank=2", true), ("rank=2", "rank=2", false), ("rank=2", "rank=1", false),
    ("rank=-1", "rank=0", true), ("", "rank=1", false), ("rank=1", "", false),
  ])
  func `Ranks must rise strictly`(held: String, wanted: String, isAllowed: Bool) throws {
    #expect(try nested(held, wanted).isEmpty == isAllowed)
  }

  @Test func `Ranks must rise above every held lock`() throws {
    let text =
      "T1 acquire a class=K rank=1\nT1 acquire b class=K rank=5\nT1 acquire c class=K rank=3\n"
    #expect(try analyze(text).verdicts == ["recursive-acquisition ordering K"])
  }

  @Test func `A lock that serialises excuses what was taken after it`() throws {
    #expect(
      try analyze("T1 acquire t\nT1 acquire a class=K\nT1 acquire b class=K nest=t\n").findings
        .isEmpty)
    let before = "T1 acquire a class=K\nT1 acquire t\nT1 acquire b class=K nest=t\n"
    #expect(try analyze(before).verdicts.contains("recursive-acquisition ordering K"))
    let text =
      "T1 acquire a class=K\nT1 acquire t\nT1 acquire b class=K try\nT1 acquire c class=K nest=t\n"
    #expect(try analyze(text).verdicts.contains("recursive-acquisition ordering K"))
  }

  @Test func `An excused acquisition has no incoming edges and hides nobody's`() throws {
    let text = "T1 acquire t\nT1 acquire a class=K\nT1 acquire b class=K nest=t\nT1 acquire x\n"
    #expect(try analyze(text).edges == ["K -> x [EN]", "t -> K [EN]", "t -> x [EN]"])
    let other =
      "T1 acquire t\nT1 acquire m\nT1 acquire a class=K try\nT1 acquire b class=K nest=t\n"
    #expect(try analyze(other).edges == ["t -> m [EN]"])
  }

  @Test func `A nest lock without a lock of the class held excuses nothing`() throws {
    #expect(try analyze("T1 acquire t\nT1 acquire a class=K nest=t\n").edges == ["t -> K [EN]"])
  }

  @Test func `The same lock twice is a finding whatever excuses it`() throws {
    for options in ["rank=1", "nest=t", "subclass=1", "kind=mutex"] {
      let text = "T1 acquire t\nT1 acquire a class=K\nT1 acquire a \(options)\n"
      let findings = try analyze(text).findings(.recursiveAcquisition)
      #expect(
        findings.contains { $0.classes.count == 1 && $0.confidence == .feasible }, "\(options)")
    }
  }

  @Test func `The same recursive lock twice is no finding`() throws {
    #expect(try analyze("T1 acquire a kind=recursive\nT1 acquire a\n").findings.isEmpty)
  }

  @Test(arguments: [LockKind.recursive, .reentrantRwlock])
  func `Who may write a re-entrant lock may do all with it, and who reads it only read`(
    kind: LockKind
  ) throws {
    for held in LockMode.allCases {
      for wanted in LockMode.allCases {
        let text = "T1 acquire a kind=\(kind.name) \(held.name)\nT1 acquire a \(wanted.name)\n"
        let isRefused = held.isRead && !wanted.isRead
        let isSure = wanted == .write
        #expect(
          try analyze(text).verdicts
            == (isRefused ? ["recursive-acquisition \(isSure ? "feasible" : "ordering") a"] : []),
          "\(held) \(wanted)")
        let request = text.replacing("acquire a \(wanted.name)", with: "request a \(wanted.name)")
        #expect(
          try analyze(request).findings(.deadlock).isEmpty == !(isRefused && isSure),
          "\(held) \(wanted)")
      }
    }
  }

  @Test func `A lock that is read twice needs a writer, and one that was seen is enough`() throws {
    let twice = "T1 acquire a read\nT1 acquire a read\n"
    let alone = try analyze(twice).findings
    #expect(alone.map(\.severity) == [.warning])
    #expect(alone.first?.confidenceReason == "it needs a writer of a; none was seen")
    for writer in ["T2 acquire a\n", "T2 request a\n"] {
      #expect(
        try analyze(twice + "T1 release a\nT1 release a\n" + writer).verdicts
          == ["recursive-acquisition feasible a"])
    }
    // A writer that only tries is waited for by nobody.
    #expect(
      try analyze("T2 acquire a try\nT2 release a\n" + twice).findings.map(\.severity)
        == [.warning])
  }

  @Test func `An upgrade waits for what its own thread reads besides`() throws {
    let text = "T1 acquire a upgradable\nT1 acquire a recursive-read\nT1 request a\n"
    #expect(try !analyze(text).findings(.recursiveAcquisition).isEmpty)
    #expect(try analyze(text).findings(.deadlock).count == 1)
    let reentrant = text.replacing("upgradable", with: "upgradable kind=reentrant-rwlock")
    #expect(try analyze(reentrant).findings.isEmpty)
  }

  @Test func `An upgrade is given up first, by a release or a downgrade`() throws {
    let upgraded = "T1 acquire a upgradable\nT1 acquire a\n"
    for end in ["release", "downgrade"] {
      let text = upgraded + "T1 \(end) a\n"
      #expect(try analyze(text + "T1 assert a read\n").findings.isEmpty)
      #expect(try analyze(text + "T1 assert a write\n").verdicts == ["assertion-failed a"])
      #expect(try analyze(text + "T1 release a\nT1 assert a not-held\n").findings.isEmpty)
    }
  }

  @Test func `Two recursive locks of a class are a finding`() throws {
    #expect(try nested("kind=recursive", "kind=recursive") == ["recursive-acquisition ordering K"])
  }

  @Test func `The same lock in an interrupt is not this rule's business`() throws {
    #expect(
      try analyze("T1 acquire a\nT1 enter hardirq\nT1 acquire a\n")
        .findings(.recursiveAcquisition).isEmpty)
  }

  @Test func `Different threads that nest two locks both ways are feasible`() throws {
    let one = "T1 acquire a class=K\nT1 acquire b class=K\nT1 release b\nT1 release a\n"
    let other = "T2 acquire b class=K\nT2 acquire a class=K\nT2 release a\nT2 release b\n"
    #expect(try analyze(one + other).verdicts == ["recursive-acquisition feasible K"])
    #expect(
      try analyze(one + other.replacing("T2", with: "T1")).verdicts
        == ["recursive-acquisition ordering K"])
    let guarded = { (text: String, thread: String) in
      "\(thread) acquire g\n" + text + "\(thread) release g\n"
    }
    #expect(
      try analyze(guarded(one, "T1") + guarded(other, "T2")).verdicts
        == ["recursive-acquisition excluded K"])
  }

  @Test func `Three threads that nest three locks in a ring are feasible`() throws {
    var text = ""
    for (thread, pair) in [("T1", ("a", "b")), ("T2", ("b", "c")), ("T3", ("c", "a"))] {
      text +=
        "\(thread) acquire \(pair.0) class=K\n\(thread) acquire \(pair.1) class=K\n\(thread) exit\n"
    }
    #expect(try analyze(text).findings(.recursiveAcquisition).map(\.confidence) == [.feasible])
  }

  @Test func `A nest lock that is not held is a finding`() throws {
    let analysis = try analyze("T1 acquire t\nT1 release t\nT1 acquire b class=K nest=t\n")
    #expect(analysis.verdicts == ["nest-not-held K t"])
    #expect(analysis.findings[0].title == "K is nested under t, which T1 does not hold")
    #expect(try analyze("T2 acquire t\nT1 acquire b nest=t\n").verdicts == ["nest-not-held b t"])
    #expect(try analyze("T1 acquire b try nest=t\n").verdicts == ["nest-not-held b t"])
  }

  @Test func `A nest lock that is released first is a finding`() throws {
    let text = "T1 acquire t\nT1 acquire a class=K nest=t\nT1 release t\n"
    let analysis = try analyze(text)
    #expect(analysis.verdicts == ["nest-not-held K t"])
    #expect(analysis.findings[0].events.map(\.role) == [.release, .nested])
    #expect(analysis.findings[0].events.map(\.line) == [3, 2])
    #expect(
      try analyze("T1 acquire t\nT1 acquire a nest=t\nT1 release a\nT1 release t\n").findings
        .isEmpty)
    #expect(
      try analyze("T1 acquire t\nT1 acquire a nest=t\nT1 wait c lock=t\n").findings.map(\.rule)
        == [.nestNotHeld, .waitWhileHolding])
  }

  @Test func `A recursive nest lock that stays held is not released`() throws {
    let text = "T1 acquire t kind=recursive\nT1 acquire t\nT1 acquire a nest=t\nT1 release t\n"
    #expect(try analyze(text).findings.isEmpty)
    #expect(try analyze(text + "T1 release t\n").verdicts == ["nest-not-held a t"])
  }
}
