import LockGraphEngine
import TestSupport
import Testing

/// Releases, exits and lives of locks: semantics 9 and 17.
@Suite struct BalanceRuleTests {
  @Test func `A release of what nobody holds is a finding`() throws {
    let analysis = try analyze("T1 release A at=x.c:3\n")
    let finding = try #require(analysis.findings.first)
    #expect(analysis.verdicts == ["release-not-held A"])
    #expect(finding.severity == .error)
    #expect(finding.confidence == nil)
    #expect(finding.recoverable == nil)
    #expect(finding.title == "T1 releases A, which nobody holds")
    #expect(finding.events.map(\.role) == [.release])
    #expect(finding.events[0].at == "x.c:3")
  }

  @Test func `A release of what another thread holds names it`() throws {
    let finding = try #require(analyze("T2 acquire A\nT1 release A\n").findings.first)
    #expect(finding.title == "T1 releases A, which T2 holds")
    #expect(finding.events.map(\.thread) == ["T1", "T2"])
    #expect(finding.events.map(\.line) == [2, 1])
  }

  @Test func `The two ways are two findings and repetitions are counted`() throws {
    let analysis = try analyze("T1 release A\nT2 acquire A\nT1 release A\nT1 release A\n")
    #expect(analysis.findings.map(\.occurrences).sorted() == [1, 2])
    #expect(Set(analysis.findings.map(\.fingerprint)).count == 2)
  }

  @Test(arguments: ["semaphore", "completion"])
  func `Semaphores and completions may be released by any thread`(kind: String) throws {
    let text = "T1 acquire S kind=\(kind)\nT2 release S\nT1 acquire B\nT3 release S\n"
    let analysis = try analyze(text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges.isEmpty)
  }

  @Test func `A wait whose lock is not held is a release that is not held`() throws {
    #expect(try analyze("T1 wait c lock=M\n").verdicts == ["release-not-held M"])
    #expect(
      try analyze("T1 acquire M\nT1 wait c lock=M\nT1 wake c lock=M\nT1 release M\n").findings
        .isEmpty)
    #expect(try analyze("T1 downgrade M\n").verdicts == ["release-not-held M"])
  }

  @Test func `A condition wait gives a recursive lock up entirely and gets it back so`() throws {
    let text =
      "T1 acquire M kind=recursive\nT1 acquire M\nT1 wait c lock=M\nT2 acquire M\nT2 release M\n"
    let awake = text + "T1 wake c lock=M\nT1 release M\nT1 release M\n"
    #expect(try analyze(awake).findings.isEmpty)
    #expect(try analyze(awake + "T1 release M\n").findings.count == 1)
    #expect(try analyze(text + "T1 release M\n").findings.count == 1)
  }

  @Test func `An exit with a lock held is a finding and the end of the trace is none`() throws {
    let analysis = try analyze("T1 acquire A\nT1 acquire B\nT1 exit\nT2 acquire A\n")
    #expect(analysis.verdicts == ["held-at-exit A", "held-at-exit B"])
    #expect(analysis.findings[0].title == "T1 ends while it holds A")
    #expect(analysis.findings[0].events.map(\.role) == [.exit, .held])
    #expect(try analyze("T1 acquire A\n").findings.isEmpty)
  }

  @Test func `A lock destroyed or initialised while held is a finding`() throws {
    let destroyed = try analyze("T1 acquire A\nT2 destroy A\n")
    #expect(destroyed.verdicts == ["destroyed-while-held A"])
    #expect(destroyed.findings[0].title == "A is destroyed by T2 while T1 holds it")
    let initialised = try analyze("T1 acquire A\nT1 init A\nT1 release A\n")
    #expect(initialised.verdicts == ["destroyed-while-held A"])
    #expect(initialised.findings[0].title == "A is initialised again by T1 while T1 holds it")
    #expect(destroyed.findings[0].fingerprint != initialised.findings[0].fingerprint)
    #expect(try analyze("T1 acquire A\nT1 release A\nT1 destroy A\nT1 init A\n").findings.isEmpty)
  }

  @Test func `After its destruction a name without a class is another lock and class`() throws {
    let text =
      "T1 acquire A\nT1 acquire L\nT1 release L\nT1 release A\nT1 destroy L\n"
      + "T2 acquire L\nT2 acquire A\nT2 release A\nT2 release L\n"
    let analysis = try analyze(text)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["A -> L [EN]", "L#2 -> A [EN]"])
    let witness = analysis.graph.witnesses(of: analysis.graph.dependencies[1])[0]
    #expect(witness.held.lock == "L#2")
    #expect(
      try analyze(text + "T1 destroy L\nT1 acquire L\n").graph.classes.map(\.name).contains("L#3"))
  }

  @Test func `After its destruction a name with a class is another lock of it`() throws {
    let analysis = try analyze(
      """
      T1 acquire A
      T1 acquire L class=K
      T1 release L
      T1 release A
      T1 destroy L
      T2 acquire L class=K
      T2 acquire A
      """)
    #expect(analysis.verdicts == ["lock-order-inversion ordering A K"])
    #expect(analysis.graph.classes.map(\.instances) == [1, 2])
  }

  @Test func `Lost events empty what is held and hide what follows from it`() throws {
    #expect(
      try analyze("T1 acquire A\nT1 lost count=3\nT1 acquire B\nT1 release A\nT1 release C\n")
        .findings.isEmpty)
    #expect(try analyze("T1 acquire A\nT1 lost\nT1 acquire B\n").edges.isEmpty)
    #expect(try analyze("T1 acquire A\nT1 lost\nT1 exit\n").findings.isEmpty)
    #expect(try analyze("T1 lost\nT1 acquire a nest=t\n").findings.isEmpty)
    #expect(try analyze("* lost\nT1 release A\nT2 release B\n").findings.isEmpty)
    #expect(try analyze("T1 lost\nT2 release A\n").findings.count == 1)
    #expect(try analyze("T1 lost\nT1 acquire A\nT1 release A\nT1 release A\n").findings.count == 1)
    #expect(try analyze("* lost\n", "T1 release A\n").findings.count == 1)
  }

  @Test func `A release ends a request that is open`() throws {
    #expect(try analyze("T1 request A\nT1 release A\n").findings.isEmpty)
    #expect(try analyze("T1 request A\nT1 abandon A\nT1 release A\n").findings.count == 1)
  }
}
