import LockGraphEngine
import TestSupport
import Testing

/// What holds of merging, whatever is merged.
@Suite struct MergePropertyTests {
  private func inputs(
    _ count: Int, using generator: inout SeededGenerator
  ) -> [NamedInput] {
    (1...count).map {
      randomInput(using: &generator, name: "\($0).trace", isAnnotated: true)
    }
  }

  @Test func `The order, the groups and repetitions of what is merged do not show in the bytes`()
    throws
  {
    try withSeeds(0..<30) { generator in
      let inputs = inputs(3, using: &generator)
      let all = try merged(inputs)
      for order in permutations(of: inputs) {
        #expect(try merged(order) == all, "\(TestContext.description)")
      }
      let files = try inputs.map { try merged([$0]) }
      let (a, b, c) = (files[0], files[1], files[2])
      let leftFirst = try merged([try merged([a, b]), c])
      let rightFirst = try merged([a, try merged([b, c])])
      #expect(leftFirst == all && rightFirst == all, "\(TestContext.description)")
      #expect(try merged([c, b, a]) == all, "\(TestContext.description)")
      #expect(try merged([all]) == all && merged([all, all]) == all, "\(TestContext.description)")
      #expect(
        try merged([try merged([a, b]), try merged([b, c]), a]) == all,
        "\(TestContext.description)")
      #expect(
        try merged([NamedInput("x.graph", all), inputs[1]]) == all, "\(TestContext.description)")
    }
  }

  @Test func `Inputs of more evidence than is kept merge the same way in any order and grouping`()
    throws
  {
    try withSeeds(100..<102) { generator in
      // Few classes, so that every dependency has more witnesses than are kept.
      let inputs = (1...40).map { number in
        randomInput(using: &generator, name: "\(number).trace", locks: 6...8, classes: 2...2)
      }
      let all = try merged(inputs)
      #expect(try merged(inputs.reversed()) == all, "\(TestContext.description)")
      #expect(try merged(inputs.shuffled(using: &generator)) == all, "\(TestContext.description)")
      for _ in 0..<6 {
        // A random tree, in which some inputs come twice.
        var parts = try (inputs + inputs.prefix(5)).map { try merged([$0]) }
        while parts.count > 1 {
          let one = parts.remove(at: Int.random(in: parts.indices, using: &generator))
          let place = Int.random(in: parts.indices, using: &generator)
          parts[place] = try merged([one, parts[place]])
        }
        #expect(parts[0] == all, "\(TestContext.description)")
      }
      let analysis = try analyze([NamedInput("all.graph", all)])
      #expect(
        analysis.graph.dependencies.contains { analysis.graph.witnesses(of: $0).count >= 64 },
        "\(TestContext.description): the bound was not reached")
    }
  }

  @Test func `What was merged has the findings of its inputs analysed together`() throws {
    var confidences: Set<Confidence> = []
    var rules: Set<Rule> = []
    try withSeeds(200..<300) { generator in
      let inputs = inputs(Int.random(in: 1...4, using: &generator), using: &generator)
      let together = try analyze(inputs)
      let file = NamedInput("all.graph", try merged(inputs))
      let analysis = try analyze([file])
      expectEqual(analysis, together)
      #expect(analysis.summary == together.summary, "\(TestContext.description)")
      #expect(analysis.edges == together.edges, "\(TestContext.description)")
      #expect(analysis.graph.classes == together.graph.classes, "\(TestContext.description)")
      // As part of a run with traces, and read from several files.
      let halves = try [inputs.prefix(1), inputs.dropFirst()].map { half in
        NamedInput("half.graph", try merged(Array(half)))
      }
      #expect(
        try analyze(halves).findings == analysis.findings, "\(TestContext.description)")
      let mixed = try analyze([inputs[0], halves[1]])
      expectEqual(mixed, together)
      for finding in together.findings {
        rules.insert(finding.rule)
        if let confidence = finding.confidence { confidences.insert(confidence) }
      }
    }
    #expect(confidences.isSuperset(of: [.observed, .feasible, .ordering, .excluded]))
    #expect(rules.count > 5)
  }

  @Test func `What was predicted or refuted of an input is so after merging`() throws {
    var confidences: [Confidence: Int] = [:]
    try withSeeds(600..<700) { generator in
      let inputs = inputs(Int.random(in: 1...3, using: &generator), using: &generator)
      let together = try analyze(inputs, predict: .auto)
      let file = try merged(inputs, predict: .auto)
      let analysis = try analyze([NamedInput("all.graph", file)], predict: .auto)
      // What one input states of a class can make another's locks an inversion, of which its
      // events were not asked.
      let isStatedOfOthers =
        inputs.count > 1
        && inputs.contains { String(decoding: $0.bytes, as: UTF8.self).contains("by-instance") }
      if isStatedOfOthers {
        let proofs = [analysis, together].map { analysis in
          Set(analysis.findings.filter { $0.schedule != nil }.map(\.fingerprint))
        }
        #expect(proofs[0].isSubset(of: proofs[1]), "\(TestContext.description)")
      } else {
        expectEqual(analysis, together)
        for (one, other) in zip(analysis.findings, together.findings) {
          #expect((one.schedule == nil) == (other.schedule == nil), "\(TestContext.description)")
          if inputs.count == 1 {
            #expect(one.schedule == other.schedule, "\(TestContext.description)")
          }
        }
      }
      for case let confidence? in analysis.findings.map(\.confidence) {
        confidences[confidence, default: 0] += 1
      }
      let parts = try inputs.map { try merged([$0], predict: .auto) }
      #expect(try merged(parts.reversed()) == file, "\(TestContext.description)")
      #expect(try merged([file, file]) == file, "\(TestContext.description)")
    }
    for confidence in [Confidence.predicted, .ordering, .excluded] {
      #expect(confidences[confidence, default: 0] > 5, "\(confidence)")
    }
  }

  @Test func `Evidence of one input alone is what its trace gives, witness by witness`() throws {
    try withSeeds(500..<530) { generator in
      let input = randomInput(using: &generator, name: "1.trace")
      let together = try analyze([input])
      let analysis = try analyze([NamedInput("all.graph", try merged([input]))])
      for (one, other) in zip(analysis.findings, together.findings) {
        #expect(one.title == other.title, "\(TestContext.description)")
        // Of several gates any one is named.
        let reasons = [one, other].map { $0.confidenceReason?.prefix(while: { $0 != "(" }) }
        #expect(
          reasons[0] == reasons[1] || reasons.allSatisfy { $0?.hasPrefix("guarded by") == true },
          "\(TestContext.description)")
        #expect(one.recoverable == other.recoverable, "\(TestContext.description)")
        #expect(one.events == other.events && one.waiters == other.waiters)
        for (edge, otherEdge) in zip(one.edges, other.edges) {
          #expect(edge.count == otherEdge.count && edge.kinds == otherEdge.kinds)
          #expect(
            edge.witnesses.map { "\($0)" }.sorted() == otherEdge.witnesses.map { "\($0)" }.sorted(),
            "\(TestContext.description)")
        }
      }
    }
  }

  /// Shows what differs in the verdicts.
  private func expectEqual(_ one: Analysis, _ other: Analysis) {
    let (verdicts, others) = (one.findings.map(\.verdict), other.findings.map(\.verdict))
    let differences = verdicts.difference(from: others).map { "\($0)" }
    #expect(differences == [], "\(TestContext.description)")
  }
}
