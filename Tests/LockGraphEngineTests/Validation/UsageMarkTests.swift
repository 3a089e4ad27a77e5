import TestSupport
import Testing

@testable import LockGraphEngine

/// The marks of classes as the graph shows them.
@Suite struct UsageMarkTests {
  private func usages(_ text: String) throws -> [String] {
    try analyze(text).graph.classes.map { "\($0.name) \($0.usage ?? "none")" }
  }

  @Test func `A trace shows where its interrupts use locks and where they could`() throws {
    let text = """
      T1 enter hardirq
      T1 acquire A
      T1 release A
      T1 leave hardirq
      T1 acquire A
      T1 release A
      T1 acquire B read
      T1 disable hardirq
      T1 acquire C
      T1 enter softirq
      T1 acquire D recursive-read
      """
    #expect(try usages(text) == ["A ?.+.", "B .+.+", "C ....", "D ...-"])
  }

  @Test func `A trace without interrupts shows nothing of them`() throws {
    #expect(try usages("T1 acquire A\n") == ["A none"])
  }

  @Test func `What the kernel says of a class is shown as it says it`() throws {
    let text = """
      all lock classes:
      0000000000000001 FD:    1 BD:    1 -.-.: a
      0000000000000002 FD:    1 BD:    1 .+.?: b

      """
    #expect(try usages(text) == ["a -.-.", "b .+.?"])
  }
}
