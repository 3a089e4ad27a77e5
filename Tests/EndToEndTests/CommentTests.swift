import Foundation
import TestSupport
import Testing

/// Comments in the source that let findings through.
@Suite("Comments in the code")
struct CommentTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Both orders, each at lines of `bank.c` that are given.
  private func trace(_ lines: [Int]) -> String {
    """
    T1 acquire a class=Account at=bank.c:\(lines[0])
    T1 acquire l class=Ledger at=bank.c:\(lines[1])
    T1 release l
    T1 release a
    T2 acquire l at=bank.c:\(lines[2])
    T2 acquire a at=bank.c:\(lines[3])
    T2 release a
    T2 release l

    """
  }

  private func gate(
    _ code: String, _ arguments: String..., trace: String? = nil
  ) throws -> ProcessResult {
    _ = try folder.write(code, to: "bank.c")
    return try lockdepCheck(
      arguments: ["gate", "--source-root", folder.path, "--today", "2026-06-01", "-o", "/dev/null"]
        + arguments, input: Array((trace ?? self.trace([1, 2, 5, 6])).utf8))
  }

  private static let rule = "lock-order-inversion"
  private static let passed = ["gate: passed; 1 ignored"]
  private static let failed = ["gate: failed, 1 violation"]

  @Test("A comment on a line or above it lets the order through that is established there")
  func places() throws {
    let comment = "lockgraph:ignore \(Self.rule) -- at startup"
    for code in [
      "a\nb // \(comment)\n", "a // \(comment)\n", "\n\n\n\na # \(comment)\n",
      "a\nb\n\n\nc\nd /* \(comment) */\n", "a\nb\n\n-- \(comment)\nc\nd\n",
      "a\nb\n// \(comment)\n// more of it\nc\n",
    ] {
      #expect(try gate(code).messageLines == Self.passed, "\(code)")
    }
    // Behind code it is about that alone, and it is no comment in a text or in the middle of one.
    for code in [
      "a\nb\nx\ny // \(comment)\nc\n", "a(\"\(comment)\")\n", "a // write \(comment)\n",
      "a // lockgraph:ignored \(Self.rule) -- x\n",
    ] {
      #expect(try gate(code).messageLines.last == Self.failed[0], "\(code)")
    }
    // Nobody said where the code is.
    let bare = try lockdepCheck(
      "gate", "-o", "/dev/null", input: trace([1, 2, 5, 6]), directory: folder.path)
    #expect(bare.messageLines == Self.failed)
  }

  @Test("An order that is established elsewhere too is not let through by one place")
  func everyPlace() throws {
    let comment = "// lockgraph:ignore \(Self.rule) -- at startup\n"
    let both = trace([1, 2, 5, 6]) + trace([8, 9, 5, 6]).replacing("T1", with: "T3")
    #expect(try gate("a\nb \(comment)", trace: both).messageLines.last == Self.failed[0])
    #expect(
      try gate("a\nb \(comment)\n\n\n\n\n\ni \(comment)", trace: both).messageLines == Self.passed)
  }

  @Test("Reports tell the reason and the place; what is unused or has expired is told")
  func told() throws {
    let code = "a\nb // lockgraph:ignore \(Self.rule) until=2026-06-01 -- at startup\n"
    let report = folder.file("r.txt")
    #expect(try gate(code, "--report", "text=\(report)").messageLines == Self.passed)
    let text = try folder.text(of: "r.txt").replacing(/\s+/, with: " ")
    #expect(text.contains("at startup (until 2026-06-01, bank.c:2)"))
    let late = try gate(code, "--today", "2026-06-02")
    #expect(late.status == .exited(1))
    #expect(late.messageLines == ["gate: failed, 1 violation, 1 of them expired"])
    let unused = "a\nb // lockgraph:ignore held-at-exit,deadlock -- long ago\n"
    let remark = "bank.c:2: unused: ignores held-at-exit, deadlock here, which was not found"
    #expect(try gate(unused).messageLines == ["note: \(remark)"] + Self.failed)
    let clean = "T1 acquire a class=Account at=bank.c:1\nT1 acquire l class=Ledger at=bank.c:2\n"
    let strict = try gate(unused, "--strict-policy", trace: clean)
    #expect(strict.status == .exited(1))
    #expect(strict.messageLines.first == "error: \(remark)")
    #expect(try gate(unused, "--rules", Self.rule, trace: clean).messageLines == ["gate: passed"])
  }

  @Test(
    "A comment without a reason, a rule or a day of the calendar is an error with its place",
    arguments: [
      ("lock-order-inversion", "2:43", "an ignore without a reason"),
      ("lock-order-inversion -- ", "2:44", "an ignore without a reason"),
      ("lock-order-inversion --reason", "2:52", "an ignore without a reason"),
      ("-- reason", "2:22", "an ignore that names no rule"),
      ("lock-order-inversoin -- reason", "2:23", "an unknown rule 'lock-order-inversoin'"),
      ("deadlock until=2026-02-30 -- x", "2:32", "a bad day 'until=2026-02-30'"),
    ])
  func wrong(_ text: String, _ place: String, _ message: String) throws {
    let result = try gate("a\nb // lockgraph:ignore \(text)\n")
    #expect(result.status == .exited(2))
    #expect(result.messages.hasPrefix("bank.c:\(place): error: \(message)"), "\(result.messages)")
  }
}
