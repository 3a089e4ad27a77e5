import Testing

@testable import LockGraphEngine

@Suite("Whose events are whose")
struct ScopeRunsTests {
  @Test("An event has the scope that began last before it, whatever was given without events")
  func lines() {
    var random = SystemRandomNumberGenerator()
    var runs = ScopeRuns()
    var expected: [UInt64] = []
    for _ in 0..<2000 {
      let scope = UInt64.random(in: 0...3, using: &random)
      runs.begin(scope, after: UInt64(expected.count))
      for _ in 0..<Int.random(in: 0...3, using: &random) { expected.append(scope) }
    }
    for (index, scope) in expected.enumerated() {
      #expect(runs.scope(at: UInt64(index + 1)) == scope)
    }
    #expect(ScopeRuns().scope(at: 7) == 0)
  }

  private func witness(_ line: UInt64, _ kind: DependencyKinds) -> Witness {
    let lock = WitnessedLock(
      lock: "L", lockClass: "C", mode: .write, at: "F.swift:\(line):1", stack: [], line: line)
    return Witness(
      thread: "thread \(line)", held: lock, wanted: lock, kind: kind, options: [], alsoHeld: [],
      input: "", line: line)
  }

  private func edge(_ witnesses: [Witness]) -> FindingEdge {
    FindingEdge(
      from: "A", to: "B", kinds: witnesses.reduce(into: []) { $0.formUnion($1.kind) },
      decidingKind: witnesses[0].kind, count: UInt64(witnesses.count), witnesses: witnesses)
  }

  @Test("The event that closes a circle made it, and that of the last evidence made it surer")
  func cause() throws {
    let kinds = DependencyKinds.all
    let strong = try #require(kinds.first)
    let weak = try #require(kinds.last)
    var finding = Finding(
      fingerprint: "", rule: .lockOrderInversion, severity: .error, confidence: .feasible,
      title: "", classes: [],
      edges: [
        edge([witness(10, strong), witness(30, strong)]),
        edge([witness(20, strong), witness(5, weak), witness(25, strong)]),
      ], events: [], occurrences: 1)
    let made = try #require(finding.cause(isSurer: false))
    #expect(made.line == 20)
    #expect(made.thread == "thread 20")
    #expect(made.place == "F.swift:20:1")
    #expect(finding.cause(isSurer: true)?.line == 30)
    finding.edges = []
    #expect(finding.cause(isSurer: false) == nil)
    finding.events = [3, 9, 4].map {
      FindingEvent(role: .held, thread: "t", lock: nil, stack: [], input: "", line: $0)
    }
    #expect(finding.cause(isSurer: false)?.line == 9)
  }
}
