import TestSupport
import Testing

@testable import LockGraphEngine

/// A graph that keeps one witness of each dependency.
@Suite struct FirstWitnessTests {
  private func analyze(_ inputs: [NamedInput], keepsOneWitness: Bool) throws -> Analysis {
    var options = TraceAnalyzer.Options()
    options.keepsOneWitness = keepsOneWitness
    var analyzer = TraceAnalyzer(options: options)
    for input in inputs { try analyzer.read(.bytes(input.bytes, name: input.name)) }
    return analyzer.finish()
  }

  @Test func `It is the first one, and all else is the same`() throws {
    var dropped = 0
    try withSeeds(0..<60) { generator in
      var inputs = (1...Int.random(in: 1...4, using: &generator)).map { number in
        randomInput(using: &generator, name: "\(number).trace")
      }
      // From events, from graph files, and from both together.
      if Bool.random(using: &generator) {
        inputs.append(NamedInput("more.graph", try merged(inputs)))
      }
      let whole = try analyze(inputs, keepsOneWitness: false)
      let reduced = try analyze(inputs, keepsOneWitness: true)
      #expect(reduced.inputs == whole.inputs, "\(TestContext.description)")
      #expect(reduced.summary == whole.summary, "\(TestContext.description)")
      #expect(reduced.findings == whole.findings, "\(TestContext.description)")
      #expect(reduced.graph.classes == whole.graph.classes, "\(TestContext.description)")
      #expect(reduced.graph.dependencies == whole.graph.dependencies, "\(TestContext.description)")
      for dependency in whole.graph.dependencies {
        let all = whole.graph.witnesses(of: dependency)
        let first = try #require(all.first)
        #expect(whole.graph.firstWitness(of: dependency) == first, "\(TestContext.description)")
        #expect(reduced.graph.witnesses(of: dependency) == [first], "\(TestContext.description)")
        #expect(reduced.graph.firstWitness(of: dependency) == first, "\(TestContext.description)")
        dropped += all.count - 1
      }
    }
    #expect(dropped > 100, "there was little to leave out")
  }

  @Test func `What events have shown comes before what is stated`() throws {
    let stated = """
      all lock classes:
      00000000d3e0c8a1 FD:    2 BD:    1 +.+.: A
       -> [000000006c1cd2d4] B

      000000006c1cd2d4 FD:    1 BD:    2 +.+.: B

      """
    let seen = "T1 acquire A\nT1 acquire B\nT1 release B\nT1 release A\n"
    let inputs = [NamedInput("lockdep", stated), NamedInput("seen.trace", seen)]
    for keepsOneWitness in [false, true] {
      let graph = try analyze(inputs, keepsOneWitness: keepsOneWitness).graph
      let dependency = try #require(graph.dependencies.first)
      #expect(graph.firstWitness(of: dependency)?.thread == "T1")
      #expect(graph.firstWitness(of: dependency)?.isStated == false)
    }
  }
}
