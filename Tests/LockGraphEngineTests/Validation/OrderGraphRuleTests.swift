import LockGraphEngine
import TestSupport
import Testing

/// Which dependencies events establish: semantics 1, 2, 3, 5, 6 and 10.
@Suite struct OrderGraphRuleTests {
  private func edges(_ text: String) throws -> [String] { try analyze(text).edges }

  @Test func `An edge is added at the request even if it is abandoned`() throws {
    #expect(
      try edges("T1 acquire A\nT1 request B\nT1 abandon B reason=interrupted\nT1 acquire C\n") == [
        "A -> B [EN]", "A -> C [EN]",
      ])
  }

  @Test func `A request and its acquisition are one occurrence`() throws {
    let analysis = try analyze("T1 acquire A\nT1 request B read\nT1 acquire B\nT1 acquire C\n")
    #expect(analysis.edges == ["A -> B [EN]", "A -> C [EN]", "B -> C [SN]"])
    #expect(analysis.graph.dependencies.map(\.count) == [1, 1, 1])
    #expect(analysis.graph.classes.map(\.acquisitions) == [1, 1, 1])
  }

  @Test func `A recursive lock taken again adds nothing`() throws {
    let analysis = try analyze(
      """
      T1 acquire R kind=recursive
      T1 acquire B
      T1 acquire R
      T1 release R
      T1 acquire C
      T1 release R
      T1 acquire D
      """)
    #expect(analysis.findings.isEmpty)
    #expect(
      analysis.edges == [
        "B -> C [EN]", "B -> D [EN]", "C -> D [EN]", "R -> B [EN]", "R -> C [EN]",
      ])
  }

  @Test func `A recursive lock of another thread is asked for like any lock`() throws {
    #expect(
      try edges("T1 acquire R kind=recursive\nT2 acquire B\nT2 acquire R\n") == ["B -> R [EN]"])
  }

  @Test func `Edges come from every held lock past recursive readers`() throws {
    #expect(
      try edges("T1 acquire A\nT1 acquire B recursive-read\nT1 acquire C\n") == [
        "A -> B [ER]", "A -> C [EN]", "B -> C [SN]",
      ])
  }

  @Test func `An edge keeps every kind it was seen with`() throws {
    var text = ""
    for held in LockMode.allCases {
      for wanted in LockMode.allCases {
        text +=
          "T1 acquire A \(held.name)\nT1 acquire B \(wanted.name)\nT1 release B\nT1 release A\n"
      }
    }
    let analysis = try analyze(text)
    #expect(analysis.edges == ["A -> B [EN ER SN SR]"])
    #expect(analysis.graph.dependencies[0].count == 16)
    let kinds = analysis.graph.witnesses(of: analysis.graph.dependencies[0]).map(\.kind)
    #expect(Set(kinds) == [.en, .er, .sn, .sr])
  }

  @Test(arguments: [
    (LockMode.write, LockMode.write, "EN"), (.write, .read, "EN"), (.write, .recursiveRead, "ER"),
    (.read, .write, "SN"), (.read, .read, "SN"), (.read, .recursiveRead, "SR"),
    (.recursiveRead, .write, "SN"), (.recursiveRead, .read, "SN"),
    (.recursiveRead, .recursiveRead, "SR"), (.write, .upgradable, "EN"), (.read, .upgradable, "SN"),
    (.upgradable, .write, "SN"), (.upgradable, .read, "SN"), (.upgradable, .recursiveRead, "SR"),
    (.upgradable, .upgradable, "SN"),
  ])
  func `Modes make kinds`(held: LockMode, wanted: LockMode, kind: String) throws {
    #expect(
      try edges("T1 acquire A \(held.name)\nT1 acquire B \(wanted.name)\n") == ["A -> B [\(kind)]"])
  }

  @Test func `A try has no incoming edge and outgoing ones`() throws {
    #expect(
      try edges("T1 acquire A\nT1 acquire B try\nT1 acquire C\n") == ["A -> C [EN]", "B -> C [EN]"])
  }

  @Test func `A try of the same class or lock is no finding`() throws {
    #expect(try analyze("T1 acquire a class=K\nT1 acquire b class=K try\n").findings.isEmpty)
    #expect(try analyze("T1 acquire a\nT1 acquire a try\n").findings.isEmpty)
  }

  @Test(arguments: InterruptContext.allCases)
  func `Contexts have no edges between them`(context: InterruptContext) throws {
    #expect(
      try edges(
        """
        T1 acquire A
        T1 enter \(context.name)
        T1 acquire B
        T1 acquire C
        T1 release C
        T1 release B
        T1 leave \(context.name)
        T1 acquire D
        """) == ["A -> D [EN]", "B -> C [EN]"])
  }

  @Test func `A lock left behind by a context has no edges to the code it interrupted`() throws {
    #expect(
      try edges(
        "T1 enter softirq\nT1 acquire B\nT1 leave softirq\nT1 acquire C\nT1 enter softirq\nT1 acquire D\n"
      )
      .isEmpty)
  }

  @Test func `A context inside another context is a third one`() throws {
    #expect(
      try edges(
        "T1 enter softirq\nT1 acquire A\nT1 enter hardirq\nT1 acquire B\nT1 leave hardirq\nT1 acquire C\n"
      )
        == ["A -> C [EN]"])
  }

  @Test(arguments: ["unchecked", "kind=rcu", "kind=rcu-sched"])
  func `Unchecked locks and read-copy-update take no part`(option: String) throws {
    #expect(
      try edges(
        "T1 acquire A\nT1 acquire U \(option)\nT1 acquire U \(option == "unchecked" ? option : "")\nT1 acquire B\n"
      )
        == ["A -> B [EN]"])
    #expect(
      try analyze("T1 init U \(option)\nT1 acquire U\nT1 exit\n").verdicts == ["held-at-exit U"])
    #expect(
      try analyze("T1 init U \(option)\nT1 release U\n").verdicts == ["release-not-held U"])
  }

  @Test func `After a downgrade the lock is held shared`() throws {
    #expect(
      try edges("T1 acquire A\nT1 acquire B\nT1 downgrade A\nT1 acquire C\n") == [
        "A -> B [EN]", "A -> C [SN]", "B -> C [EN]",
      ])
  }

  @Test func `A condition wait gives its lock up and waking asks for it again`() throws {
    #expect(
      try edges("T1 acquire M\nT1 wait c lock=M\nT1 acquire A\nT1 wake c lock=M\nT1 acquire B\n")
        == [
          "A -> B [EN]", "A -> M [EN]", "M -> B [EN]",
        ])
  }

  @Test func `A lock that takes no part in the order takes none after a condition wait`() throws {
    #expect(
      try edges(
        "T1 acquire A\nT1 acquire M unchecked\nT1 wait c lock=M\nT1 wake c lock=M\nT1 acquire B\n")
        == ["A -> B [EN]"])
  }

  @Test func `A nesting of a class is still excused after a condition wait`() throws {
    let analysis = try analyze(
      """
      T1 acquire outer
      T1 acquire a class=K
      T1 acquire b class=K nest=outer
      T1 wait c lock=b
      T1 wake c lock=b
      """)
    #expect(analysis.findings.allSatisfy { $0.rule == .waitWhileHolding })
  }

  @Test func `Releases need not be in reverse order`() throws {
    let analysis = try analyze(
      "T1 acquire A\nT1 acquire B\nT1 release A\nT1 acquire C\nT1 release B\nT1 acquire D\n")
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["A -> B [EN]", "B -> C [EN]", "C -> D [EN]"])
  }

  @Test func `Nesting levels are classes of their own`() throws {
    let analysis = try analyze("T1 acquire a class=K\nT1 acquire b class=K subclass=1\n")
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["K -> K/1 [EN]"])
  }

  @Test func `A lock without a class is its own and a class stated once holds`() throws {
    let analysis = try analyze(
      "T1 init a class=K\nT1 acquire a\nT1 acquire b\n", "T1 acquire a\nT1 acquire b\n")
    #expect(analysis.edges == ["K -> b [EN]", "a -> b [EN]"])
    #expect(analysis.summary.locks == 4)
    #expect(analysis.summary.classes == 3)
    #expect(analysis.summary.threads == 2)
  }
}
