import Foundation
import TestSupport
import Testing

/// What a policy says of how long locks are held and waited for.
@Suite("Limits")
struct LimitTests {
  private static let trace = """
    [1.000] T1 acquire l class=Ledger at=ledger.c:3
    [1.010] T2 request l at=ledger.c:9
    [1.060] T1 release l at=ledger.c:5
    [1.060] T2 acquire l
    [1.070] T2 release l
    [2.000] T1 acquire l at=ledger.c:3
    [2.812] T1 release l at=ledger.c:5
    [3.000] T1 acquire q class=Queue at=queue.c:1
    [3.500] T1 wait ready lock=q
    [9.000] T1 wake ready lock=q
    [9.100] T1 release q
    [9.200] T3 acquire l
    [9.200] T2 request l timeout at=ledger.c:20
    [9.250] T2 abandon l reason=timeout
    [9.260] T3 release l

    """

  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func gate(_ limits: String, _ arguments: String..., trace: String = trace) throws
    -> ProcessResult
  {
    let policy = try folder.write("version: 1\nlimits:\n\(limits)", to: "p.yml")
    return try lockdepCheck(
      arguments: ["gate", "--policy", policy] + arguments, input: Array(trace.utf8))
  }

  /// Rule, title and occurrences of each finding.
  private func findings(_ limits: String, _ trace: String = trace) throws -> [String] {
    let result = try gate(limits, "--format", "json", trace: trace)
    let report = try #require(
      JSONSerialization.jsonObject(with: Data(result.output)) as? [String: Any])
    return try #require(report["findings"] as? [[String: Any]]).map {
      "\($0["rule"]!) \($0["severity"]!) \($0["title"]!) \($0["occurrences"]!)"
    }
  }

  @Test("The longest hold and wait of each class is told, with how many there were")
  func longest() throws {
    #expect(
      try findings("  Ledger: {hold: 50ms, wait: 40ms}\n  Queue: {hold: 499ms}\n") == [
        "long-hold warning T1 holds Ledger for 812 ms, and 50 ms are allowed 3",
        "long-hold warning T1 holds Queue for 500 ms, and 499 ms are allowed 1",
        "long-wait warning T2 waits 50 ms for Ledger, and 40 ms are allowed 2",
      ])
    // As long as it may, and no longer; a condition wait is no hold.
    #expect(try findings("  Ledger: {hold: 812ms, wait: 50ms}\n  Queue: {hold: 0.5s}\n") == [])
    let text = try gate("  Ledger: {hold: 811.9ms}\n").text
      .split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(text.contains("warning: T1 holds Ledger for 812 ms, and 811.9 ms are allowed"))
    #expect(text.contains("p.yml:3: limits: Ledger is held for 811.9 ms at most."))
    #expect(text.contains("T1 takes Ledger (l) at ledger.c:3"))
    #expect(text.contains("ledger.c:3") && text.contains("ledger.c:5"))
  }

  @Test("The pattern counts that means a class most and says something of it")
  func patterns() throws {
    let all = "  \"*\": {hold: 1ms, wait: 1ms}\n  Ledger: {hold: 1s}\n  \"Q*\": {hold: 2s}\n"
    #expect(
      try findings(all) == ["long-wait warning T2 waits 50 ms for Ledger, and 1 ms are allowed 2"])
  }

  @Test("They fail a gate as warnings do, and are graded, ignored and recorded as others")
  func gating() throws {
    let limit = "  Ledger: {hold: 50ms}\n"
    let failed = try gate(limit, "-o", "/dev/null")
    #expect(failed.status == .exited(1))
    #expect(failed.messageLines == ["gate: failed, 1 violation"])
    for excuse in [
      "fail-on: {long-hold: never}\n", "fail-on: {long-hold: error}\n",
      "ignore: [{rule: long-hold, classes: [Ledger], reason: slow disk}]\n",
    ] {
      #expect(try gate(limit + excuse, "-o", "/dev/null").status == .exited(0), "\(excuse)")
    }
    #expect(try gate(limit, "--rules", "long-wait").messageLines == ["gate: passed"])
    let baseline = folder.file("b.json")
    #expect(try gate(limit, "--write-baseline", baseline).status == .exited(0))
    // Another day it takes another time.
    let later = Self.trace.replacing("2.812", with: "2.912")
    #expect(
      try gate(limit, "--baseline", baseline, "-o", "/dev/null", trace: later).messageLines
        == ["gate: passed; 1 known"])
  }

  @Test("What has no times, or nobody to limit, is told")
  func nothing() throws {
    let bare = Self.trace.replacing(/\[[0-9.]+\][ ]/, with: "")
    #expect(
      try gate("  \"*\": {hold: 1ns}\n", "-o", "/dev/null", trace: bare).messageLines.first
        == "note: no event has a time, so the policy's limits find nothing")
    let unused = try gate("  Ledgr: {hold: 1h}\n", "-o", "/dev/null", "--strict-policy")
    #expect(unused.status == .exited(1))
    #expect(
      unused.messages.contains(
        "p.yml:3: unused: no class matches 'Ledgr'; did you mean 'Ledger'?"))
    let without = try lockdepCheck("gate", "--rules", "long-hold", input: Self.trace)
    #expect(
      without.messageLines == [
        "warning: no policy declares limits, so 'long-hold' finds nothing", "gate: passed",
      ])
  }

  @Test(
    "Bad limits are errors with their place",
    arguments: [
      ("  A: {hold: 50}\n", "3:13", "a bad duration '50'"),
      ("  A: {hold: 0ms}\n", "3:13", "a bad duration '0ms'"),
      ("  A: {hold: -1s}\n", "3:13", "a bad duration '-1s'"),
      ("  A: {hold: 1.s}\n", "3:13", "a bad duration '1.s'"),
      ("  A: {hold: 99999999999h}\n", "3:13", "a bad duration '99999999999h'"),
      ("  A: {hodl: 1s}\n", "3:7", "an unknown key 'hodl'"),
      ("  A: {}\n", "3:6", "keys with values"),
      ("  A: 50ms\n", "3:6", "an unexpected '50ms'"),
      ("  - A\n", "3:3", "a list"),
    ])
  func wrong(_ limits: String, _ place: String, _ message: String) throws {
    let result = try gate(limits)
    #expect(result.status == .exited(2))
    #expect(result.messages.contains("p.yml:\(place): error: \(message)"), "\(result.messages)")
  }
}
