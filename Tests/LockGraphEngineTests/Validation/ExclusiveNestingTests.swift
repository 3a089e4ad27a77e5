import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct ExclusiveNestingTests {
  private func nest(_ thread: String, _ first: String, _ second: String, _ options: String = "")
    -> String
  {
    """
    \(thread) acquire \(first)
    \(thread) acquire \(second) \(options)
    \(thread) release \(second)
    \(thread) release \(first)

    """
  }

  @Test func `A side that was exclusive makes an inversion an order, and says so`() throws {
    for (one, other) in [("exclusive", ""), ("", "exclusive"), ("exclusive", "exclusive")] {
      let text = nest("T1", "a", "b", one) + nest("T2", "b", "a", other)
      let finding = try #require(try analyze(text).findings.first)
      #expect(finding.confidence == .ordering)
      #expect(finding.severity == .warning)
      let reason = try #require(finding.confidenceReason)
      #expect(
        reason.hasSuffix("is made exclusively, where nobody else can reach one of its locks"))
      #expect(reason.hasPrefix(one.isEmpty ? "T2's request for a" : "T1's request for b"))
    }
    #expect(
      try analyze(nest("T1", "a", "b") + nest("T2", "b", "a")).findings.map(\.confidence)
        == [.feasible])
  }

  @Test func `A side that was not exclusive keeps it feasible, whichever came first`() throws {
    let (exclusive, shared) = (nest("T1", "a", "b", "exclusive"), nest("T1", "a", "b"))
    for text in [exclusive + shared, shared + exclusive] {
      #expect(
        try analyze(text + nest("T2", "b", "a")).findings.map(\.confidence) == [.feasible])
      #expect(
        try analyze(nest("T2", "b", "a") + text).findings.map(\.confidence) == [.feasible])
    }
  }

  @Test func `What is excluded stays so, and one lock taken twice is a deadlock`() throws {
    let gated =
      "T1 acquire g\n" + nest("T1", "a", "b", "exclusive") + "T1 release g\nT2 acquire g\n"
      + nest("T2", "b", "a") + "T2 release g\n"
    #expect(try analyze(gated).findings.map(\.confidence) == [.excluded])
    #expect(
      try analyze("T1 acquire a\nT1 acquire a exclusive\n").findings.map(\.confidence)
        == [.feasible])
  }

  @Test func `Two locks of one class, by instance or not, are graded so too`() throws {
    for nesting in ["", " nesting=by-instance"] {
      let text =
        "T0 init a class=C\(nesting)\nT0 init b class=C\n" + nest("T1", "a", "b", "exclusive")
        + nest("T2", "b", "a")
      #expect(try analyze(text).findings.map(\.confidence) == [.ordering])
      #expect(
        try analyze(text + nest("T3", "a", "b")).findings.map(\.confidence) == [.feasible])
    }
  }

  @Test func `Every encoding keeps it`() throws {
    let text = nest("T1", "a", "b", "exclusive") + nest("T2", "b", "a")
    for encoding in [TraceEncoding.text, .jsonl] {
      let bytes = try convert([Array(text.utf8)], to: encoding).bytes
      #expect(String(decoding: bytes, as: UTF8.self).contains("exclusive"))
      #expect(try analyze(inputs: [bytes]).findings.map(\.confidence) == [.ordering])
    }
    let file = NamedInput("a.graph", try merged([NamedInput("1.trace", text)]))
    #expect(try analyze([file]).findings.map(\.confidence) == [.ordering])
    let other = NamedInput("2.trace", text + nest("T1", "a", "b"))
    let both = NamedInput("b.graph", try merged([file, other]))
    #expect(try analyze([both]).findings.map(\.confidence) == [.feasible])
  }

  @Test func `It goes with requests and acquisitions alone`() {
    #expect(failure(of: "T1 release a exclusive\n") != nil)
    #expect(failure(of: "T1 init a exclusive\n") != nil)
  }
}
