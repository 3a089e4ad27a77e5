import TestSupport
import Testing

@testable import LockGraphEngine

/// What must not change the findings.
@Suite struct IndependenceTests {
  struct Program {
    var locks: RandomLocks
    var blocks: [[ThreadStep]]

    init(using generator: inout SeededGenerator) {
      locks = RandomLocks(count: 6, classes: 5, using: &generator)
      blocks = (0..<3).map { [locks] _ in randomSteps(25, locks: locks, using: &generator) }
    }

    func text(_ order: [Int], names: [String] = ["T1", "T2", "T3"], hasPreamble: Bool = true)
      -> String
    {
      (hasPreamble ? locks.preamble : "")
        + order.map { block in blocks[block].map { $0.line(thread: names[block]) + "\n" }.joined() }
        .joined()
    }
  }

  /// What a finding is, without where it was seen first.
  private func essence(_ analysis: Analysis, withConfidence: Bool = true) -> [String] {
    // What happened depends on when. What rests on instances, which belong to one input, goes where
    // the confidence goes.
    analysis.findings.filter {
      $0.rule != .deadlock && (withConfidence || !$0.isHiddenByNestingLevels)
    }.map { finding in
      let edges = finding.edges.map {
        "\($0.from)\($0.kinds.names)\($0.decidingKind.names)\($0.count)"
      }
      return
        "\(finding.rule) \(finding.classes) \(edges) \(finding.fingerprint) \(finding.occurrences)"
        + (withConfidence ? " \(String(describing: finding.confidence))" : "")
    }.sorted()
  }

  @Test func `Findings do not depend on the order of the threads`() throws {
    try withSeeds(0..<100) { generator in
      let program = Program(using: &generator)
      let expected = try essence(analyze(program.text([0, 1, 2])))
      for order in permutations(of: [0, 1, 2]) {
        let found = try essence(analyze(program.text(order)))
        #expect(
          found == expected,
          "\(TestContext.description) \(Set(found).symmetricDifference(expected).sorted())")
      }
    }
  }

  @Test func `Findings that instances decide on do not depend on the order of the threads`() throws
  {
    var count = 0
    try withSeeds(700..<800) { generator in
      let program = Program(using: &generator)
      func findings(_ order: [Int]) throws -> [String] {
        // Which of the longer circles are shown depends on which evidence was kept.
        let text = program.text(order).replacing(
          /class=C[01]/, with: { "\($0.output) nesting=by-instance" })
        let analysis = try analyze(text)
        count += analysis.findings.count { $0.edges.contains { $0.from == $0.to } }
        return essence(analysis)
      }
      let expected = try findings([0, 1, 2])
      for order in permutations(of: [0, 1, 2]) {
        let found = try findings(order)
        #expect(
          found == expected,
          "\(TestContext.description) \(Set(found).symmetricDifference(expected).sorted())")
      }
    }
    #expect(count > 100)
  }

  @Test func `Findings do not depend on how threads are spread over inputs`() throws {
    try withSeeds(100..<200) { generator in
      let program = Program(using: &generator)
      let expected = try essence(analyze(program.text([0, 1, 2])), withConfidence: false)
      for (first, second) in [([0], [1, 2]), ([2, 1], [0]), ([1], [0, 2])] {
        let analysis = try analyze(program.text(first), program.text(second))
        #expect(essence(analysis, withConfidence: false) == expected, "\(TestContext.description)")
      }
    }
  }

  @Test func `Findings do not depend on the order of the inputs`() throws {
    try withSeeds(200..<260) { generator in
      let program = Program(using: &generator)
      let inputs = [0, 1, 2].map { program.text([$0]) }
      let expected = try essence(analyze(inputs[0], inputs[1], inputs[2]))
      for order in permutations(of: [0, 1, 2]) {
        #expect(
          try essence(analyze(inputs[order[0]], inputs[order[1]], inputs[order[2]])) == expected,
          "\(TestContext.description)")
      }
    }
  }

  @Test func `Findings do not depend on the names of threads`() throws {
    try withSeeds(300..<360) { generator in
      let program = Program(using: &generator)
      let renamed = try analyze(program.text([0, 1, 2], names: ["z", "T3", "0x1"]))
      let expected = try essence(analyze(program.text([0, 1, 2])))
      #expect(essence(renamed) == expected, "\(TestContext.description)")
    }
  }

  @Test func `The same input gives the same bytes`() throws {
    try withSeeds(400..<440) { generator in
      let text = Program(using: &generator).text([0, 1, 2])
      let (one, other) = try (analyze(text), analyze(text))
      #expect(JSONReport(one).bytes == JSONReport(other).bytes, "\(TestContext.description)")
      #expect(TextReport(one).text == TextReport(other).text, "\(TestContext.description)")
    }
  }

  @Test(arguments: [1, 4, 30])
  func `The size of the chain cache changes nothing`(limit: Int) throws {
    try withSeeds(500..<640) { generator in
      let text = Program(using: &generator).text([0, 1, 2])
      var validator = Validator()
      validator.chains = ChainCache(limit: limit)
      let input = try readTrace(
        .bytes(Array(text.utf8), name: "1.trace"), number: 0, options: .init(), into: &validator,
        progress: nil)
      let analysis = validator.finish().analysis(of: [input], inversionLimit: 1000)
      let expected = try analyze(text)
      #expect(
        JSONReport(analysis).bytes == JSONReport(expected).bytes, "\(TestContext.description)")
      #expect(analysis.graph.classes == expected.graph.classes, "\(TestContext.description)")
    }
  }
}
