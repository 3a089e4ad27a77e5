import TestSupport
import Testing

@testable import LockGraph

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
}
