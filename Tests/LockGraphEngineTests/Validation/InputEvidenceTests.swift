import TestSupport
import Testing

@testable import LockGraphEngine

/// Deadlocks of one input among so many others that their witnesses fill the dependencies.
@Suite struct InputEvidenceTests {
  private func nest(_ thread: String, _ first: String, _ second: String) -> String {
    "\(thread) acquire \(first)\n\(thread) acquire \(second)\n"
      + "\(thread) release \(second.split(separator: " ")[0])\n"
      + "\(thread) release \(first.split(separator: " ")[0])\n"
  }

  /// One thread alone takes both orders.
  private func harmless(_ number: Int) -> NamedInput {
    NamedInput(
      "\(number).trace",
      nest("T", "a class=A", "b class=B") + nest("T", "b class=B", "a class=A"))
  }

  private var feasible: NamedInput {
    NamedInput(
      "x.trace", nest("T1", "a class=A", "b class=B") + nest("T2", "b class=B", "a class=A"))
  }

  @Test(arguments: [0, 1, 63, 64, 65, 200, 400])
  func `A deadlock of one input is feasible wherever that stands`(position: Int) throws {
    var inputs = (0..<400).map(harmless)
    #expect(try analyze(inputs).findings.map(\.confidence) == [.ordering])
    inputs.insert(feasible, at: position)
    let analysis = try analyze(inputs)
    #expect(analysis.findings.map(\.confidence) == [.feasible])
    #expect(analysis.findings[0].edges.map { $0.witnesses[0].input } == ["x.trace", "x.trace"])
    #expect(analysis.findings[0].edges.map(\.count) == [401, 401])
    // Others have no more than their share.
    #expect(analysis.findings[0].edges.allSatisfy { (64...65).contains($0.witnesses.count) })
  }

  @Test func `An input is looked at though the one before told all that it could`() throws {
    var text = ""
    for thread in ["T", "U"] {
      for number in 0..<80 {
        text +=
          nest(thread, "a\(number) class=A", "b\(number) class=B")
          + nest(thread, "d\(number) class=B", "c\(number) class=A")
      }
    }
    let crowded = NamedInput("1.trace", text)
    #expect(try analyze([crowded]).findings.map(\.confidence) == [.ordering])
    #expect(try analyze([crowded, feasible]).findings.map(\.confidence) == [.feasible])
  }

  @Test(arguments: [0, 64, 200])
  func `What nesting levels hide in one input is found wherever that stands`(position: Int) throws {
    var inputs = (0..<200).map { number in
      NamedInput("\(number).trace", nest("T", "a class=C", "b class=C subclass=1"))
    }
    #expect(try analyze(inputs).findings.isEmpty)
    inputs.insert(
      NamedInput(
        "x.trace",
        nest("T1", "a class=C", "b class=C subclass=1")
          + nest("T2", "b class=C", "a class=C subclass=1")), at: position)
    let findings = try analyze(inputs).findings
    #expect(findings.map(\.isHiddenByNestingLevels) == [true])
    #expect(findings.map(\.confidence) == [.feasible])
  }

  @Test func `Many inputs have the same findings in any order, and merged`() throws {
    var crowded = 0
    try withSeeds(0..<6) { generator in
      // Few classes, so that every dependency has more witnesses than are kept.
      let inputs = (1...60).map { number in
        randomInput(using: &generator, name: "\(number).trace", locks: 6...8, classes: 2...3)
      }
      let expected = try analyze(inputs)
      let verdicts = verdicts(expected)
      for order in [inputs.reversed(), inputs.shuffled(using: &generator)] {
        let analysis = try analyze(order)
        let difference = self.verdicts(analysis).symmetricDifference(verdicts)
        #expect(difference.isEmpty, "\(TestContext.description)")
        #expect(analysis.edges == expected.edges, "\(TestContext.description)")
        for dependency in analysis.graph.dependencies {
          let witnesses = analysis.graph.witnesses(of: dependency)
          let kinds = witnesses.reduce(into: DependencyKinds()) { $0.formUnion($1.kind) }
          #expect(kinds == dependency.kinds, "\(TestContext.description)")
          if witnesses.count > 64 { crowded += 1 }
        }
      }
      let file = NamedInput("all.graph", try merged(inputs))
      let difference = self.verdicts(try analyze([file])).symmetricDifference(verdicts)
      #expect(difference.isEmpty, "\(TestContext.description)")
    }
    #expect(crowded > 20)
  }

  /// Of the longer cycles that nesting levels hide not all are searched for.
  private func verdicts(_ analysis: Analysis) -> Set<String> {
    Set(
      analysis.findings.filter { !$0.isHiddenByNestingLevels || $0.classes.count == 2 }
        .map(\.verdict))
  }
}
