import LockGraphEngine
import TestSupport
import Testing

/// Locks that must not be released for a while: semantics 17.
@Suite struct PinRuleTests {
  @Test(arguments: [
    "pin A, unpin A, release A",
    "pin A, pin A, unpin A, unpin A, release A",
    "pin A, unpin A, pin A, unpin A, release A",
    "acquire B, pin A, release B, unpin A, release A",
  ])
  func `What is unpinned as often as pinned may be released`(text: String) throws {
    #expect(try findings(text).isEmpty)
  }

  @Test(arguments: [
    ("pin A, release A", [EventRole.release, .pin]),
    ("pin A, pin A, unpin A, release A", [.release, .pin]),
    ("pin A, pin A, pin A, unpin A, unpin A, release A", [.release, .pin]),
    ("pin A, unpin A, unpin A", [.unpin]),
    ("unpin A", [.unpin]),
    ("release A, pin A", [.pin]),
    ("pin B", [.pin]),
  ])
  func `Releasing a pinned lock, and pins that do not match, are told`(
    text: String, roles: [EventRole]
  ) throws {
    let findings = try findings(text)
    #expect(findings.map(\.rule) == [.pinViolated])
    #expect(findings.first?.events.map(\.role) == roles)
  }

  /// What one thread does with A held.
  private func findings(_ text: String) throws -> [Finding] {
    try analyze("T acquire A\n" + text.split(separator: ", ").map { "T \($0)\n" }.joined())
      .findings
  }
}
