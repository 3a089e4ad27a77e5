import LockGraph
import TestSupport
import Testing

/// What is kept of many witnesses must not turn a deadlock into a note.
struct EvidenceBoundTests {
  private func nest(_ thread: String, _ locks: String...) -> String {
    locks.map { "\(thread) acquire \($0)\n" }.joined()
      + locks.reversed().map { "\(thread) release \($0.split(separator: " ")[0])\n" }.joined()
  }

  private let gates = "M init g1 class=G\nM init g2 class=G\n"

  @Test func `Threads that take turns do not use up what a chain takes as evidence`() throws {
    var text = gates + nest("T1", "g1", "a", "b")
    for _ in 0..<80 { text += nest("T2", "g1", "b", "a") + nest("T4", "g1", "b", "a") }
    let all = try analyze(text)
    #expect(all.verdicts == ["lock-order-inversion excluded a b"])
    text += nest("T3", "g2", "b", "a")
    #expect(try analyze(text).verdicts == ["lock-order-inversion feasible a b"])
  }

  @Test func `With more witnesses than are kept nothing is excluded`() throws {
    var text = gates + nest("T0", "g1", "a", "b")
    for thread in 1...100 { text += nest("T\(thread)", "g1", "b", "a") }
    let finding = try #require(try analyze(text).findings.first)
    #expect(finding.confidence == .ordering)
    #expect(
      finding.confidenceReason == "more combinations of witnesses than were kept or compared")
  }

  @Test(arguments: [3, 100, 2000])
  func `A ring of as many threads as locks is feasible`(count: Int) throws {
    var text = ""
    for number in 0..<count { text += nest("T\(number)", "L\(number)", "L\((number + 1) % count)") }
    #expect(try analyze(text).findings.map(\.confidence) == [.feasible])
  }

  @Test func `A ring is feasible beside threads that one main thread spawned`() throws {
    var text = (0..<30).map { "main spawn T\($0)\n" }.joined()
    for number in 0..<30 { text += nest("T\(number)", "L\(number)", "L\((number + 1) % 30)") }
    text += (0..<30).map { "main join T\($0)\n" }.joined()
    #expect(try analyze(text).findings.map(\.confidence) == [.feasible])
  }

  @Test func `A class that is named like a nesting level is that nesting level`() throws {
    let analysis = try analyze(
      nest("T1", "x class=A/1", "y class=B") + nest("T2", "y", "z class=A subclass=1"))
    #expect(analysis.graph.classes.map(\.name).filter { $0.hasPrefix("A") } == ["A", "A/1"])
    #expect(analysis.verdicts == ["lock-order-inversion ordering A/1 B"])
  }

  @Test func `Orders from locks far down a deep stack are left out, which is said`() throws {
    let locks = (0..<1100).map { "L\($0)" }
    let text =
      locks.map { "T acquire \($0)\n" }.joined() + locks.map { "T release \($0)\n" }.joined()
    let analysis = try analyze(text)
    #expect(
      analysis.inputs[0].warnings == [
        "a thread holds more than 1024 locks; orders after older ones are left out"
      ])
    #expect(analysis.summary.dependencies == 1024 * 1023 / 2 + 76 * 1024)
  }

  @Test func `Locks released in the order in which they were taken leave the right ones held`()
    throws
  {
    let text = """
      T acquire A
      T acquire B
      T acquire C
      T release A
      T acquire D
      T release B
      T acquire E
      """
    #expect(
      try analyze(text).edges.filter { $0.contains("-> D") || $0.contains("-> E") } == [
        "B -> D [EN]", "C -> D [EN]", "C -> E [EN]", "D -> E [EN]",
      ])
  }
}
