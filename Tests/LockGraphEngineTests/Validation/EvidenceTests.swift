import TestSupport
import Testing

@testable import LockGraphEngine

/// What findings tell of the events behind them: semantics 23 and 24.
@Suite struct EvidenceTests {
  private let text = """
    T1 acquire G read at=g.c:1
    T1 acquire a class=A at=a.c:3 stack=f;main
    T1 acquire b class=B read timeout stack=h;main
    T1 release b
    T1 release a
    T1 release G
    T2 acquire b class=B
    T2 acquire a class=A at=z.c:9:2

    """

  @Test func `A finding names classes, locks, threads, modes, places and what else was held`()
    throws
  {
    let finding = try analyze(text).findings[0]
    let witness = try #require(finding.edges.first?.witnesses.first)
    #expect(finding.edges.map(\.from) == ["A", "B"])
    #expect(finding.edges.map(\.to) == ["B", "A"])
    #expect(finding.edges.map(\.decidingKind) == [.en, .en])
    #expect(witness.thread == "T1")
    #expect(witness.kind == .en)
    #expect(witness.options == .timeout)
    #expect(
      witness.held
        == WitnessedLock(
          lock: "a", lockClass: "A", mode: .write, at: "a.c:3", stack: ["f", "main"], line: 2))
    #expect(
      witness.wanted
        == WitnessedLock(
          lock: "b", lockClass: "B", mode: .read, at: nil, stack: ["h", "main"], line: 3))
    #expect(witness.wanted.place == "h")
    #expect(
      witness.alsoHeld == [
        WitnessedLock(
          lock: "G", lockClass: "G", mode: .read, at: "g.c:1", stack: [], line: 1,
          classOrigin: .lock)
      ])
    #expect(witness.input == "1.trace")
    #expect(witness.line == 3)
  }

  @Test func `A witness of a request stands at the request`() throws {
    let analysis = try analyze(
      "T1 acquire A\nT1 request B at=r.c:1\nT1 acquire B at=q.c:2\nT1 acquire C\n")
    let byEdge = Dictionary(
      uniqueKeysWithValues: zip(
        analysis.edges, analysis.graph.dependencies.map { analysis.graph.witnesses(of: $0)[0] }))
    #expect(byEdge["A -> B [EN]"]?.wanted.at == "r.c:1")
    #expect(byEdge["A -> B [EN]"]?.line == 2)
    #expect(byEdge["B -> C [EN]"]?.held.at == "q.c:2")
    let bare = try analyze("T1 request B at=r.c:1 stack=f\nT1 acquire B\nT1 acquire C\n")
    #expect(bare.graph.witnesses(of: bare.graph.dependencies[0])[0].held.at == "r.c:1")
    #expect(bare.graph.witnesses(of: bare.graph.dependencies[0])[0].held.stack == ["f"])
  }

  @Test func `A lock that was taken with a stack alone has that stack`() throws {
    let graph = try analyze("T1 acquire A stack=f;g\nT1 acquire B at=b.c:1\nT1 acquire C\n").graph
    for edge in graph.dependencies {
      let held = graph.witnesses(of: edge)[0].held
      #expect(held.at == (held.lock == "A" ? nil : "b.c:1"))
      #expect(held.stack == (held.lock == "A" ? ["f", "g"] : []))
    }
  }

  @Test func `Places survive releases out of order`() throws {
    var text = ""
    for round in 0..<600 {
      text += "T1 acquire A\(round) at=a.c:\(round) stack=\(String(repeating: "f", count: 60))\n"
      if round >= 2 { text += "T1 release A\(round - 2)\n" }
    }
    text += "T1 acquire Z\n"
    let analysis = try analyze(text)
    let last = analysis.graph.dependencies.filter { analysis.graph.classes[$0.to].name == "Z" }
    #expect(last.count == 2)
    for edge in last {
      let held = analysis.graph.witnesses(of: edge)[0].held
      #expect(held.at == "a.c:\(held.lock.dropFirst())")
      #expect(held.stack == [String(repeating: "f", count: 60)])
    }
  }

  @Test func `Fingerprints do not change between versions`() throws {
    #expect(try analyze(text).findings.map(\.fingerprint) == ["d15bf95828b6bbc5"])
    #expect(try analyze("T1 release A\n").findings.map(\.fingerprint) == ["ab4fe3c974b666d4"])
    #expect(
      try analyze("T1 acquire a class=K\nT1 acquire b class=K\n").findings.map(\.fingerprint)
        == ["dc28ae84644aefbe"])
    #expect(
      try analyze("T1 acquire b class=K nest=t\n").findings.map(\.fingerprint) == [
        "d60202497f825d3f"
      ])
  }

  @Test func `A fingerprint rests on rule, classes and kinds alone`() throws {
    let fingerprint = try analyze(text).findings[0].fingerprint
    let elsewhere = text.replacing("T1", with: "worker").replacing("a.c:3", with: "b.c:77")
      .replacing(" a ", with: " 0xffff ").replacing(" a\n", with: " 0xffff\n")
    #expect(try analyze("# one\n\n" + elsewhere).findings.map(\.fingerprint) == [fingerprint])
    let lines = text.split(separator: "\n").map { $0 + "\n" }
    let turned = lines[6...].joined() + lines[..<6].joined()
    #expect(try analyze(turned).findings.map(\.fingerprint) == [fingerprint])
    #expect(
      try analyze(lines[..<6].joined(), lines[6...].joined()).findings.map(\.fingerprint) == [
        fingerprint
      ])
    let otherKinds = text.replacing("class=B read", with: "class=B recursive-read")
    #expect(try analyze(otherKinds).findings[0].fingerprint != fingerprint)
    #expect(
      try analyze(text.replacing("class=B", with: "class=C")).findings[0].fingerprint != fingerprint
    )
  }
}
