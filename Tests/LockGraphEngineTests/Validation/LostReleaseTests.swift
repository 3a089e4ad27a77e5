import LockGraphEngine
import TestSupport
import Testing

/// A recorder that loses releases must not make anything grow or break.
struct LostReleaseTests {
  @Test func `A lock taken again and again is released as often`() throws {
    let text =
      String(repeating: "T acquire A read\n", count: 3)
      + String(repeating: "T release A\n", count: 3)
    #expect(try analyze(text).findings(.releaseNotHeld).isEmpty)
    #expect(try analyze(text + "T release A\n").findings(.releaseNotHeld).count == 1)
    #expect(try analyze(text + "T exit\n").findings(.heldAtExit).isEmpty)
    #expect(
      try analyze("T acquire A\nT acquire A\nT release A\nT exit\n").findings(.heldAtExit).count
        == 1)
  }

  @Test func `Very many acquisitions without a release are one hold`() throws {
    let text =
      String(
        repeating: "T acquire A\nT acquire B read\nT acquire R kind=rcu\n",
        count: TestTier.isAll ? 300_000 : 60_000)
      + "T acquire C\n"
    let analysis = try analyze(text)
    #expect(analysis.edges.filter { $0.contains("-> C") } == ["A -> C [EN]", "B -> C [SN]"])
    #expect(try #require(analysis.graph.dependencies.last).count == 1)
  }

  /// Which of several a release gives up matters, so a few of them are told apart.
  @Test(arguments: [2, 17, 18, 40])
  func `Different holds of one lock stand apart up to a number`(count: Int) throws {
    let text = (0..<count).map { "T acquire A\($0 % 2 == 0 ? " read" : "")\n" }.joined()
    let finding = try #require(
      analyze(text + "T assert A not-held\n").findings(.assertionFailed).first)
    #expect(finding.events.filter { $0.role == .held }.count == min(count, 17))
    #expect(
      try analyze(text + String(repeating: "T release A\n", count: count) + "T exit\n")
        .findings(.heldAtExit).isEmpty)
  }

  @Test func `A lock that every interrupt leaves behind is one hold`() throws {
    let text =
      String(repeating: "T enter hardirq\nT acquire A kind=spin\nT leave hardirq\n", count: 50_000)
      + "T release A\n"
    let findings = try analyze(text).findings
    #expect(findings.map(\.rule) == [.unbalancedContext])
    #expect(findings.first?.occurrences == 50_000)
  }

  @Test func `A semaphore counted up by one thread is counted down by another`() throws {
    let text =
      "T acquire S kind=semaphore try\nT acquire S try\nU release S\nU release S\nT exit\n"
    #expect(try analyze(text).findings.isEmpty)
    // Nobody has what another thread posts.
    let short = "T acquire S kind=semaphore try\nT acquire S try\nU release S\nT exit\n"
    #expect(try analyze(short).findings.isEmpty)
  }
}
