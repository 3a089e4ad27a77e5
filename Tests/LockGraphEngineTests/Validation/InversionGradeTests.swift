import LockGraphEngine
import TestSupport
import Testing

/// Strong cycles and how sure they are: semantics 4 and 20 to 22.
@Suite struct InversionGradeTests {
  private func nest(_ thread: String, _ locks: String...) -> String {
    locks.map { "\(thread) acquire \($0)\n" }.joined()
      + locks.reversed().map { "\(thread) release \($0.prefix { $0 != " " })\n" }.joined()
  }

  @Test func `Both orders by different threads on the same locks are feasible`() throws {
    let analysis = try analyze(nest("T1", "A", "B") + nest("T2", "B", "A"))
    let finding = analysis.findings[0]
    #expect(analysis.verdicts == ["lock-order-inversion feasible A B"])
    #expect(finding.severity == .error)
    #expect(finding.title == "A and B are taken in both orders")
    #expect(finding.confidenceReason == nil)
    #expect(finding.recoverable == false)
  }

  @Test func `Both orders by one thread are an order only`() throws {
    let finding = try analyze(nest("T1", "A", "B") + nest("T1", "B", "A")).findings[0]
    #expect(finding.confidence == .ordering)
    #expect(finding.severity == .warning)
    #expect(finding.confidenceReason == "one thread alone takes them in both orders")
  }

  @Test func `Both orders on other locks of the classes are an order only`() throws {
    let finding = try analyze(
      nest("T1", "a class=A", "b class=B") + nest("T2", "d class=B", "c class=A")
    ).findings[0]
    #expect(finding.confidence == .ordering)
    #expect(finding.classes == ["A", "B"])
    #expect(
      finding.confidenceReason == "different threads take them, but never the same lock instances")
  }

  @Test func `Both orders by one thread on other locks of the classes are an order only`() throws {
    let finding = try analyze(
      nest("T1", "a class=A", "b class=B") + nest("T1", "d class=B", "c class=A")
    ).findings[0]
    #expect(finding.confidence == .ordering)
    #expect(finding.confidenceReason == "never taken by different threads on the same locks")
  }

  @Test func `Two locks of a class that are nested one way only are an order only`() throws {
    let oneWay = nest("T1", "a class=C", "b class=C")
    for text in [oneWay, oneWay + nest("T2", "a", "b"), oneWay + nest("T1", "b", "a")] {
      let finding = try analyze(text).findings[0]
      #expect(finding.rule == .recursiveAcquisition)
      #expect(finding.confidence == .ordering)
      #expect(finding.severity == .warning)
      #expect(
        finding.confidenceReason
          == "two locks of the class are nested, but no other thread nests the same two the other way"
      )
    }
    let bothWays = try analyze(oneWay + nest("T2", "b", "a")).findings[0]
    #expect(bothWays.confidence == .feasible)
    #expect(bothWays.confidenceReason == nil)
  }

  @Test func `Locks of different inputs are different locks`() throws {
    let analysis = try analyze(nest("T1", "A", "B"), nest("T2", "B", "A"))
    #expect(analysis.verdicts == ["lock-order-inversion ordering A B"])
    #expect(analysis.findings[0].edges.map { $0.witnesses[0].input } == ["1.trace", "2.trace"])
    #expect(
      analysis.findings[0].confidenceReason
        == "the orders are from different inputs, and nothing tells whether those ran at the same "
        + "time")
  }

  @Test func `Other locks of the classes in another input are other instances`() throws {
    let analysis = try analyze(
      nest("T1", "a class=A", "b class=B"), nest("T2", "d class=B", "c class=A"))
    #expect(
      analysis.findings[0].confidenceReason
        == "different threads take them, but never the same lock instances")
  }

  @Test(arguments: [
    ("G", "G", Confidence.excluded), ("G", "G read", .excluded), ("G read", "G read", .feasible),
    ("G recursive-read", "G read", .feasible), ("G kind=semaphore", "G", .feasible),
    ("G unchecked", "G unchecked", .excluded), ("G try", "G", .excluded), ("G", "H", .feasible),
  ])
  func `A gate excludes if one side holds it exclusively`(
    one: String, other: String, confidence: Confidence
  ) throws {
    let analysis = try analyze(nest("T1", one, "A", "B") + nest("T2", other, "B", "A"))
    #expect(analysis.findings.map(\.confidence) == [confidence])
    if confidence == .excluded {
      #expect(analysis.findings[0].severity == .note)
      #expect(analysis.findings[0].confidenceReason == "guarded by G, held around both sides")
    }
  }

  @Test func `A gate on some occurrences only does not exclude`() throws {
    for second in [nest("T1", "A", "B"), nest("T3", "A", "B")] {
      let text = nest("T1", "G", "A", "B") + second + nest("T2", "G", "B", "A")
      #expect(try analyze(text).findings.map(\.confidence) == [.feasible])
    }
  }

  @Test func `A gate out of the order on some occurrences only does not exclude`() throws {
    let gate = "G unchecked"
    let text = nest("T1", gate, "A", "B") + nest("T1", "A", "B") + nest("T2", gate, "B", "A")
    #expect(try analyze(text).findings.map(\.confidence) == [.feasible])
  }

  @Test func `A gate of the interrupted code on some occurrences only does not exclude`() throws {
    let signal = "T1 enter signal\n" + nest("T1", "A", "B") + "T1 leave signal\n"
    let text =
      "T1 acquire G\n" + signal + "T1 release G\n" + signal + "T2 disable signal\n"
      + nest("T2", "G", "B", "A")
    let findings = try analyze(text).findings.filter { $0.rule == .lockOrderInversion }
    #expect(findings.map(\.confidence) == [.feasible])
  }

  @Test func `A thread that does what another did before is a witness of its own`() throws {
    let text = nest("T1", "A", "B") + nest("T2", "A", "B") + nest("T1", "B", "A")
    let analysis = try analyze(text)
    #expect(analysis.findings.map(\.confidence) == [.feasible])
    #expect(analysis.findings.first?.edges[0].witnesses.map(\.thread) == ["T2", "T1"])
  }

  @Test func `One lock held shared is not taken for another one held exclusively`() throws {
    // The locks' numbers are 0 to 3, in the order of their names here.
    let names =
      "T0 acquire R\nT0 release R\nT0 acquire A\nT0 release A\nT0 acquire B\nT0 release B\n"
    let text =
      names + nest("T1", "X try", "A", "B") + nest("T1", "R try read", "A", "B")
      + nest("T2", "X", "B", "A")
    #expect(try analyze(text).findings.map(\.confidence) == [.feasible])
  }

  @Test func `A gate taken inside the outer lock is part of the problem`() throws {
    let analysis = try analyze(nest("T1", "A", "G", "B") + nest("T2", "B", "G", "A"))
    #expect(
      analysis.verdicts == [
        "lock-order-inversion feasible A G", "lock-order-inversion feasible B G",
        "lock-order-inversion excluded A B",
      ])
  }

  @Test func `What comes before a spawn or after a join excludes`() throws {
    let spawned = nest("T1", "A", "B") + "T1 spawn T2\n" + nest("T2", "B", "A")
    #expect(try analyze(spawned).findings.map(\.confidence) == [.excluded])
    #expect(
      try analyze(spawned).findings[0].confidenceReason
        == "ordered by spawn and join: T1's request for B at 1.trace:2 is over before "
        + "T2's request for A at 1.trace:7 begins")
    let joined =
      "T1 spawn T2\n" + nest("T2", "B", "A") + "T2 exit\nT1 join T2\n" + nest("T1", "A", "B")
    #expect(try analyze(joined).findings.map(\.confidence) == [.excluded])
    let beside = "T1 spawn T2\n" + nest("T1", "A", "B") + nest("T2", "B", "A") + "T1 join T2\n"
    #expect(try analyze(beside).findings.map(\.confidence) == [.feasible])
  }

  @Test func `Siblings are ordered by a join between their spawns`() throws {
    let apart =
      "M spawn T1\n" + nest("T1", "A", "B") + "M join T1\nM spawn T2\n" + nest("T2", "B", "A")
    #expect(try analyze(apart).findings.map(\.confidence) == [.excluded])
    let together =
      "M spawn T1\nM spawn T2\n" + nest("T1", "A", "B") + "M join T1\n" + nest("T2", "B", "A")
    #expect(try analyze(together).findings.map(\.confidence) == [.feasible])
  }

  /// M gives up, after it started them, what each child takes before it does anything.
  @Test(arguments: ["T1", "T2"])
  func `A lock held while threads start orders each of them`(child: String) throws {
    let parent = "M acquire G\nM spawn T1\nM spawn T2\n" + nest("M", "A", "B") + "M release G\n"
    let ordered = try analyze(parent + nest(child, "G") + nest(child, "B", "A"))
    #expect(ordered.findings.map(\.confidence) == [.excluded])
    #expect(
      try analyze(parent + nest(child, "B", "A")).findings.map(\.confidence) == [.feasible])
  }

  /// Each parent has it from before it starts its child until that has ended.
  @Test func `A lock around the lives of two threads keeps them apart, from whoever has it`() throws
  {
    func living(_ parent: String, _ children: String..., doing: String) -> String {
      "\(parent) acquire G\n" + children.map { "\(parent) spawn \($0)\n" }.joined() + doing
        + children.map { "\(parent) join \($0)\n" }.joined() + "\(parent) release G\n"
    }
    let (one, other) = (nest("T1", "A", "B"), nest("T2", "B", "A"))
    let apart = try analyze(living("M", "T1", doing: one) + living("N", "T2", doing: other))
    #expect(apart.findings.map(\.confidenceReason) == ["guarded by G, held around both sides"])
    let together = try analyze(living("M", "T1", "T2", doing: one + other))
    #expect(together.findings.map(\.confidence) == [.feasible])
  }

  @Test func `What keeps the same locks apart leaves others of their classes`() throws {
    let text =
      nest("T1", "G class=G", "a1 class=A", "b1 class=B")
      + nest("T1", "G class=G", "b1 class=B", "a1 class=A")
    #expect(try analyze(text).findings.map(\.confidence) == [.excluded])
    #expect(
      try analyze(text + nest("T1", "a2 class=A", "b2 class=B")).findings
        .map(\.confidenceReason) == ["never taken by different threads on the same locks"])
  }

  @Test func `A waiter that can give up is told`() throws {
    for option in ["interruptible", "killable", "timeout"] {
      let analysis = try analyze(nest("T1", "A", "B \(option)") + nest("T2", "B", "A"))
      #expect(analysis.findings[0].recoverable == true)
    }
    #expect(
      try analyze(nest("T1", "A timeout", "B") + nest("T2", "B", "A")).findings[0].recoverable
        == false)
    // One that nobody gives up is told, where there is one.
    let finding = try analyze(
      nest("T1", "A", "B timeout") + nest("T3", "A", "B") + nest("T2", "B", "A")
    ).findings[0]
    #expect(finding.recoverable == false)
    #expect(finding.edges[0].witnesses.map(\.thread) == ["T3", "T1"])
  }

  /// Who upgrades waits for readers, and has the lock with none but these [3].
  private let upgrade =
    "T1 acquire A upgradable at=u.c:1\nT1 acquire B at=u.c:2\nT1 acquire A at=u.c:3\n"
    + "T1 release A\nT1 release B\nT1 release A\n"

  @Test func `A cycle of which one side waits for nobody is none`() throws {
    let analysis = try analyze(upgrade + nest("T2", "A", "B"))
    #expect(analysis.edges == ["A -> B [EN SN]", "B -> A [EN]"])
    #expect(analysis.findings.isEmpty)
    #expect(
      try analyze(upgrade + nest("T2", "A read", "B")).verdicts
        == ["lock-order-inversion feasible A B"])
  }

  @Test func `Nor is it one of places, beside others that are`() throws {
    let others =
      "T2 acquire A at=v.c:1\nT2 acquire B at=v.c:2\nT2 release B\nT2 release A\n"
      + "T3 acquire B at=w.c:1\nT3 acquire A at=w.c:2\nT3 release A\nT3 release B\n"
    let findings = try analyze(upgrade + others).findings
    #expect(findings.map(\.confidence) == [.feasible, .feasible])
    #expect(
      Set(findings.map { $0.edges.map { $0.witnesses[0].wanted.at } })
        == [["u.c:2", "w.c:2"], ["v.c:2", "w.c:2"]])
  }

  @Test func `Each order of places is one, and each place where a lock is taken again`() throws {
    func nest(_ thread: String, _ one: String, _ other: String, _ file: String) -> String {
      "\(thread) acquire \(one) at=\(file):1\n\(thread) acquire \(other) at=\(file):2\n"
        + "\(thread) release \(other)\n\(thread) release \(one)\n"
    }
    func threads(_ text: String) throws -> Set<[[String]]> {
      Set(try analyze(text).findings.map { $0.edges.map { $0.witnesses.map(\.thread) } })
    }
    let back = nest("T3", "B", "A", "z.c")
    let orders = nest("T1", "A", "B", "x.c") + back + nest("T2", "A", "B", "y.c")
    #expect(try threads(orders) == [[["T1"], ["T3"]], [["T2"], ["T3"]]])
    let again = nest("T1", "A", "A", "x.c") + nest("T2", "A", "A", "y.c")
    #expect(try threads(again) == [[["T1"]], [["T2"]]])
  }

  @Test func `Two locks of a class are told where each waits, and not where readers pass`() throws {
    let text =
      nest("T1", "a1 class=A read", "a2 class=A recursive-read")
      + nest("T2", "a3 class=A", "a4 class=A")
    let findings = try analyze(text).findings
    #expect(findings.map(\.confidence) == [.ordering])
    #expect(findings[0].edges[0].witnesses.map(\.thread) == ["T2", "T1"])
  }

  @Test func `What is excluded is told of different threads, where there are any`() throws {
    let gated = { (thread: String, one: String, other: String) in
      nest(thread, "G class=G", "\(one) class=A", "\(other) class=B")
    }
    let text =
      gated("T1", "a1", "b1")
      + nest("T1", "G class=G", "b2 class=B", "a2 class=A")
      + nest("T2", "G class=G", "b3 class=B", "a3 class=A")
    let findings = try analyze(text).findings
    #expect(findings.map(\.confidence) == [.excluded])
    #expect(findings[0].edges.map { $0.witnesses[0].thread } == ["T1", "T2"])
  }

  @Test func `A try on the one side leaves no cycle`() throws {
    #expect(try analyze(nest("T1", "A", "B try") + nest("T2", "B", "A")).findings.isEmpty)
    #expect(try analyze(nest("T1", "A try", "B") + nest("T2", "B", "A")).findings.count == 1)
  }

  @Test func `Every cycle of two classes is reported`() throws {
    let names = ["A", "B", "C", "D"]
    var text = ""
    for (one, other) in names.flatMap({ one in names.map { (one, $0) } }) where one != other {
      text += nest("T\(one)\(other)", one, other)
    }
    let analysis = try analyze(text)
    #expect(
      analysis.findings.map(\.classes) == [
        ["A", "B"], ["A", "C"], ["A", "D"], ["B", "C"], ["B", "D"], ["C", "D"],
      ])
  }

  @Test func `A ring is one finding that begins with the least name`() throws {
    let analysis = try analyze(nest("T1", "B", "C") + nest("T2", "C", "A") + nest("T3", "A", "B"))
    #expect(analysis.verdicts == ["lock-order-inversion feasible A B C"])
    #expect(analysis.findings[0].title == "A -> B -> C -> A is a cycle of lock orders")
    #expect(analysis.findings[0].edges.map { $0.witnesses[0].thread } == ["T3", "T1", "T2"])
  }

  /// `first` comes before the witness of the first side, and each side has a thread of its own but
  /// for the last, if `last` says so.
  private func gradeRing(
    of length: Int, first: String = "", last: (thread: String, gate: String)
  ) throws -> Finding {
    let names = (0..<length).map { "L\($0 + 100)" }
    var text = first
    for side in 0..<length - 1 { text += nest("T\(side)", names[side], names[side + 1]) }
    text += nest(last.thread, last.gate, names[length - 1], names[0])
    let findings = try analyze(text).findings
    try #require(findings.map(\.classes) == [names])
    return findings[0]
  }

  @Test(arguments: [3, 16, 17, 18, 40])
  func `In a ring of any length each side wants a thread and gates of its own`(length: Int) throws {
    let gated = nest("T0", "G", "L100", "L101")
    let free = try gradeRing(of: length, last: ("T", "H"))
    #expect(free.confidence == .feasible)
    let crowded = try gradeRing(of: length, last: ("T0", "H"))
    #expect(crowded.confidenceReason == "there are not as many threads as sides")
    // The first witness of the first side does not go with that of the last one, the second does.
    let other = try gradeRing(of: length, first: nest("T", "L100", "L101"), last: ("T", "H"))
    #expect(other.confidence == .feasible)
    #expect(other.edges[0].witnesses[0].thread == "T0")
    let ungated = try gradeRing(of: length, first: gated, last: ("T", "G"))
    #expect(ungated.confidence == .feasible)
  }

  @Test(arguments: [2, 15, 16, 17, 40])
  func `A gate of two sides excludes a ring of any length`(between: Int) throws {
    let names = (0..<between + 2).map { "L\($0 + 100)" }
    var text =
      nest("T", "G", names[between + 1], names[0]) + nest("U", "G read", names[0], names[1])
    for side in 1...between { text += nest("T\(side)", names[side], names[side + 1]) }
    let findings = try analyze(text).findings
    #expect(findings.map(\.classes) == [names])
    #expect(findings[0].confidenceReason == "guarded by G, held around both sides")
  }

  @Test func `Beyond the limit cycles are counted`() throws {
    let text =
      nest("T1", "A", "B") + nest("T2", "B", "A") + nest("T1", "C", "D") + nest("T2", "D", "C")
    let analysis = try analyze(text, inversionLimit: 1)
    #expect(analysis.findings.map(\.classes) == [["A", "B"]])
    #expect(analysis.summary.omittedFindings == 1)
  }
}
