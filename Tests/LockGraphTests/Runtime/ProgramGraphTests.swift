import LockGraph
import TestSupport
import Testing

/// The graph file of a running program. All tests of this process are one program.
@Suite("Graphs of running programs")
struct ProgramGraphTests {
  private let names = UniqueNames("program graph")

  init() { Quiet.validator }

  private func file() throws -> [UInt8] { try #require(LockValidator.graphFile()) }

  private func analysis(_ file: [UInt8]) throws -> Analysis {
    try analyze([NamedInput("program.graph", file)])
  }

  /// The verdicts on this test's locks.
  private func verdicts(_ analysis: Analysis) -> [String] {
    analysis.findings.filter { $0.classes.contains { $0.hasPrefix(names("")) } }.map {
      ([$0.rule.rawValue] + [$0.confidence?.rawValue].compactMap { $0 } + $0.classes)
        .joined(separator: " ")
    }
  }

  @Test("What a process writes later has what it wrote earlier, and both are one input")
  func later() throws {
    let locks = (0..<2).map { ValidatedLock(name: names("\($0)")) }
    locks[0].withLock { locks[1].withLock {} }
    let earlier = try file()
    TestThreads.run { locks[1].withLock { locks[0].withLock {} } }
    let later = try file()
    let inversion = "lock-order-inversion feasible \(names("0")) \(names("1"))"
    #expect(try verdicts(analysis(earlier)) == [])
    #expect(try verdicts(analysis(later)) == [inversion])
    let merged = try analysis(merged([earlier, later]))
    #expect(verdicts(merged) == [inversion])
    #expect(merged.inputs.map(\.format) == ["graph", "running program"])
    let counts = try [merged, analysis(later)].map { analysis in
      analysis.graph.dependencies.filter { analysis.graph.classes[$0.from].name == names("0") }
        .map(\.count)
    }
    #expect(counts[0] == counts[1])
  }

  @Test("It has the names of functions, levels, and what single events violated")
  func evidence() throws {
    let lock = ValidatedLock(name: names("nested"))
    let inner = ValidatedLock(name: names("nested"))
    lock.withLock { inner.lock(subclass: 1) }
    inner.unlock()
    inner.unlock()
    let analysis = try analysis(file())
    #expect(verdicts(analysis) == ["release-not-held \(names("nested"))"])
    let dependency = try #require(
      analysis.graph.dependencies.first {
        analysis.graph.classes[$0.to].name == names("nested") + "/1"
      })
    let witness = try #require(analysis.graph.witnesses(of: dependency).first)
    #expect(witness.wanted.stack.contains { $0.contains("evidence()") })
    #expect(witness.wanted.at?.hasPrefix("LockGraphTests/ProgramGraphTests.swift:") == true)
  }
}
