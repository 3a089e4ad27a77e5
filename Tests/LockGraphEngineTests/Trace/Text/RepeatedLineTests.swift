import TestSupport
import Testing

@testable import LockGraphEngine

/// What stands behind operands and was there before is not read word by word.
@Suite struct RepeatedLineTests {
  private static let threads = [
    "T1", "T2", "#3", "\"#3\"", "\"a b\"", "\"a \\\" b\"", "*", "\"\"", "[x", "T\u{E9}", "", "  T1",
    "\"T1\"",
  ]
  private static let words = [
    "acquire A", "acquire A write kind=mutex at=f.c:1 stack=\"f (a.c);g+0x1f;h\"", "release A",
    "acquire \"A\"", "acquire A class=\"c \\\" d\"", "acquire A  class=c", "acquire A class=c ",
    "acquire A nest=N", "acquire A at=", "wait C lock=A", "signal C", "spawn T2", "join \"a b\"",
    "enter hardirq",
    "lost", "lost count=3", "sleep", "# no", "nonsense", "acquire", "acquire A kind=none", "",
    "assert A held", "read x at=f.c:2", "acquire A stack=\"\\u00e9\"", "init A class=c rank=2",
    "wait C lock=A timeout", "acquire A subclass=3 at=f.c:1", "abandon A reason=timeout",
  ]
  /// What stands where `A` does: names, and what could be taken for one.
  private static let operands = [
    "A", "A", "B", "0x7fd21e008f50", "\"kind=mutex\"", "kind=mutex", "x=y", "\u{E9}", "\"\"", "A\"",
    "at=f.c:1",
  ]

  @Test func `They mean the same`() throws {
    try withSeeds(0..<60) { generator in
      let lines = (0..<400).map { _ in
        let time = Bool.random(using: &generator) ? "[1.000000001] " : ""
        let gap = Int.random(in: 0..<9, using: &generator) == 0 ? "\t" : " "
        return (Int.random(in: 0..<6, using: &generator) == 0 ? time : "")
          + Self.threads.randomElement(using: &generator)! + gap
          + Self.words.randomElement(using: &generator)!.replacing(
            " A", with: " " + Self.operands.randomElement(using: &generator)!)
      }
      // None repeats another where each has another number of blanks at its end.
      let apart = lines.enumerated().map { $1 + String(repeating: " ", count: $0 + 1) }
      let (one, other) = (try describe(lines), try describe(apart))
      #expect(one == other, "\(TestContext.description)")
    }
  }

  private func describe(_ lines: [String]) throws -> [String] {
    try LockGraphEngineTests.describe(
      lines.joined(separator: "\n"), by: TextTraceReader(), skipsBad: true)
  }

  @Test func `Errors in lines behind repeated ones have their place`() throws {
    let many = String(repeating: "T1 acquire A at=f:1\nT1 release A\n", count: 100)
    let error = try #require(failure(of: many + "T1 acquire A at=f:1 at=f:1\n"))
    #expect(error.line == 201)
    #expect(error.column == 21)
    let bytes = Array(many.utf8) + Array("T1 acquire A at=\u{FF}".utf8.dropLast()) + [0xFF, 0x0A]
    let other = try #require(failure(of: bytes))
    #expect(other.message == "bytes that are not UTF-8")
  }
}
