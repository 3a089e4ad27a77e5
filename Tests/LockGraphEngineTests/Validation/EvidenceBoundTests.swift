import LockGraphEngine
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

  @Test func `Any number of threads that do the same are excluded together`() throws {
    var text = gates + nest("T0", "g1", "a", "b")
    for thread in 1...100 { text += nest("T\(thread)", "g1", "b", "a") }
    #expect(try analyze(text).verdicts == ["lock-order-inversion excluded a b"])
    #expect(
      try analyze(text + nest("X", "b", "a")).verdicts == ["lock-order-inversion feasible a b"])
  }

  @Test func `With more different witnesses than are kept nothing is excluded`() throws {
    var text = gates + nest("T0", "g1", "a", "b")
    for number in 1...200 { text += nest("T", "x\(number)", "g1", "b", "a") }
    let finding = try #require(try analyze(text).findings.first)
    #expect(finding.confidence == .ordering)
    #expect(
      finding.confidenceReason == "more combinations of witnesses than were kept or compared")
  }

  @Test func `A lock taken twice is found among any number of other nestings`() throws {
    var text = ""
    for round in 0..<2 {
      for number in 0..<80 {
        text += nest("T\(round).\(number)", "l\(number) class=A", "m\(number) class=A")
      }
    }
    text += "X acquire l1\nX acquire l1\n"
    #expect(try analyze(text).verdicts == ["recursive-acquisition feasible A"])
  }

  @Test func `A name that comes back after its thread ended is another thread`() throws {
    let lives =
      "M spawn T\n" + nest("T", "A", "B") + "T exit\nM spawn T\n" + nest("T", "B", "A")
    #expect(try analyze(lives).verdicts == ["lock-order-inversion feasible A B"])
    let joined =
      "M spawn T\n" + nest("T", "A", "B") + "T exit\nM join T\nM spawn T\n" + nest("T", "B", "A")
    #expect(try analyze(joined).verdicts == ["lock-order-inversion excluded A B"])
  }

  @Test func `The cycle's own lock is no gate around it`() throws {
    let text =
      nest("T1", "A1 class=A", "A2 class=A subclass=1")
      + nest("T2", "A1 subclass=1", "A2")
    #expect(try analyze(text).findings.map(\.confidence) == [.ordering])
  }

  @Test(arguments: [("interrupted", true), ("timeout", true), ("failed", false)])
  func `A wait that ended early could end early`(reason: String, recoverable: Bool) throws {
    let text =
      "T1 acquire A\nT1 request B\nT1 abandon B reason=\(reason)\nT1 release A\n"
      + nest("T2", "B", "A")
    #expect(try analyze(text).findings.map(\.recoverable) == [recoverable])
  }

  @Test func `Of one lock taken twice the lasting case decides`() throws {
    let short = "T1 acquire A\nT1 acquire A timeout\nT1 release A\nT1 release A\n"
    let lasting = "T2 acquire A\nT2 acquire A\nT2 release A\nT2 release A\n"
    #expect(try analyze(short).findings[0].recoverable == true)
    #expect(try analyze(short + lasting).findings[0].recoverable == false)
    #expect(try analyze(lasting + short).findings[0].recoverable == false)
  }

  @Test func `What may have been taken in a gap is no finding`() throws {
    #expect(
      try analyze("T lost\nT acquire a class=A\nT acquire b class=A nest=N\n").findings.isEmpty)
    #expect(
      try analyze("T lost\nT acquire R kind=recursive\nT release R\nT release R\n").findings
        .isEmpty)
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
