import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct InstanceInversionTests {
  private func nest(_ thread: String, _ first: String, _ second: String) -> String {
    """
    \(thread) acquire \(first) class=C
    \(thread) acquire \(second) class=C subclass=1
    \(thread) release \(second)
    \(thread) release \(first)

    """
  }

  @Test func `Two locks at two levels in both orders are found though the classes are in order`()
    throws
  {
    let analysis = try analyze(nest("T1", "a", "b") + nest("T2", "b", "a"))
    let finding = try #require(analysis.findings.first)
    #expect(analysis.findings.count == 1)
    #expect(analysis.summary.omittedFindings == 0)
    #expect(finding.rule == .lockOrderInversion)
    #expect(finding.confidence == .feasible)
    #expect(finding.isHiddenByNestingLevels)
    #expect(finding.classes == ["C", "C/1"])
    #expect(finding.edges.map { $0.witnesses[0].wanted.lock } == ["b", "a"])
  }

  @Test func `One thread alone makes it an order, a gate lock excludes it`() throws {
    #expect(
      try analyze(nest("T1", "a", "b") + nest("T1", "b", "a")).findings.map(\.confidence)
        == [.ordering])
    let gated =
      "T1 acquire G\n" + nest("T1", "a", "b") + "T1 release G\nT2 acquire G\n"
      + nest("T2", "b", "a") + "T2 release G\n"
    #expect(try analyze(gated).findings.map(\.confidence) == [.excluded])
  }

  @Test func `A lock of another class in between hides nothing`() throws {
    let text =
      "T1 acquire a class=C\nT1 acquire m\nT1 acquire b class=C subclass=1\n"
      + "T1 release a\nT1 release m\nT1 release b\n" + nest("T2", "b", "a")
    let findings = try analyze(text).findings
    #expect(findings.map(\.edges.count) == [2, 3])
    #expect(findings.filter { !$0.isHiddenByNestingLevels }.isEmpty)
  }

  @Test func `Different locks in the levels' order are no finding`() throws {
    let text = nest("T1", "a", "b") + nest("T2", "b", "c") + nest("T3", "a", "c")
    #expect(try analyze(text).findings.isEmpty)
  }

  @Test func `What the classes show already is not said twice`() throws {
    let text =
      nest("T1", "a", "b") + "T2 acquire b subclass=1\nT2 acquire a\nT2 release a\nT2 release b\n"
    #expect(try analyze(text).findings.map(\.isHiddenByNestingLevels) == [false])
  }

  @Test func `Of many cycles of the same classes the surest decides, in whichever input it is`()
    throws
  {
    let gated =
      "T1 acquire G\n" + nest("T1", "a", "b") + "T1 release G\nT2 acquire G\n"
      + nest("T2", "b", "a") + "T2 release G\n"
    let inputs = [
      NamedInput("1.trace", gated),
      NamedInput("2.trace", nest("T1", "c", "d") + nest("T1", "d", "c")),
      NamedInput("3.trace", gated + nest("T3", "e", "f") + nest("T4", "f", "e")),
    ]
    for order in permutations(of: [0, 1, 2]) {
      let finding = try #require(try analyze(order.map { inputs[$0] }).findings.first)
      #expect(finding.confidence == .feasible, "\(order)")
      #expect(finding.edges.map { $0.witnesses[0].wanted.lock } == ["f", "e"], "\(order)")
    }
    for order in permutations(of: [0, 1]) {
      #expect(
        try analyze(order.map { inputs[$0] }).findings.map(\.confidence) == [.ordering], "\(order)")
    }
    let file = NamedInput("all.graph", try merged(inputs))
    #expect(try analyze([file]).findings.map(\.confidence) == [.feasible])
  }

  @Test func `The search is bounded in each input by itself, and says so`() throws {
    func inversions(_ texts: [String], searched: Int) throws -> InstanceInversions {
      var validator = Validator()
      for (number, text) in texts.enumerated() {
        _ = try readTrace(
          .bytes(Array(text.utf8), name: "\(number).trace"), number: UInt32(number),
          options: .init(), into: &validator, progress: nil)
      }
      let grading = CycleGrading(validator.record)
      return InstanceInversions(
        graph: validator.record.graph, table: validator.record.table, grading: grading, limit: 10,
        searched: searched)
    }
    let one = nest("T1", "a", "b") + nest("T2", "b", "a")
    let other = one.replacing("class=C", with: "class=D")
    for texts in [[one, other], [other, one]] {
      let both = try inversions(texts, searched: 1)
      #expect(both.cycles.count == 2)
      #expect(!both.isBounded)
    }
    let many = one + nest("T1", "x", "y") + nest("T2", "y", "x")
    #expect(try inversions([many], searched: 1).isBounded)
    #expect(try !inversions([many], searched: 2).isBounded)
  }
}
