import Foundation
import TestSupport
import Testing

/// What programs do wrong with locks must do no more harm than without validation.
@Suite("Misused locks")
struct MisuseTests {
  /// Every step of a random program comes to the same with the system's locks, with unvalidated and
  /// with validated ones; the validator has the orders and the deadlocks that were there and no
  /// others; and a recorded trace has the same findings.
  @Test(
    "Misuse does to validated locks what it does to bare ones",
    arguments: TestTier.seeds(UInt64(1)..<13))
  func sameProgress(_ seed: UInt64) throws {
    let folder = try TemporaryFolder()
    let (report, trace) = ("\(folder.path)/report.json", "\(folder.path)/trace")
    let bare = try victim("misuse-program", "\(seed)bare")
    let off = try victim("misuse-program", "\(seed)", environment: ["LOCKGRAPH": "off"])
    let validated = try victim("misuse-program", "\(seed)")
    let recorded = try victim(
      "misuse-program", "\(seed)",
      environment: ["LOCKGRAPH_REPORT": report, "LOCKGRAPH_TRACE": trace])
    #expect(bare.status == .exited(0))
    #expect(bare.text.contains("T0"))
    #expect(off.text == bare.text, "seed \(seed)")
    // Lines with an exclamation mark are where the validator is wrong.
    #expect(validated.text == bare.text, "seed \(seed)")
    #expect(recorded.text == bare.text, "seed \(seed)")
    let online = try findingKeys(Data(contentsOf: URL(fileURLWithPath: report)))
    #expect(
      try findingKeys(
        Data(lockdepCheck("analyze", "--predict", "never", "--format", "json", trace).output))
        == online,
      "seed \(seed)")
  }

  @Test(
    "A lock that is handed from thread to thread is passed on, and is one bug",
    arguments: ["report", "off"])
  func handOver(_ word: String) throws {
    let result = try victim("hand-over", environment: ["LOCKGRAPH": word], timeout: .seconds(30))
    #expect(result.status == .exited(0))
    #expect(result.text == "handed over 200 times\ndone\n")
    let reports = result.messages.components(separatedBy: "fingerprint").count - 1
    #expect(reports == (word == "off" ? 0 : 1), "\(result.messages)")
  }

  @Test(
    "A wait for a condition without the lock ends as it does without validation",
    arguments: ["report", "off"])
  func waitWithoutLock(_ word: String) throws {
    let result = try victim("wait-unlocked", environment: ["LOCKGRAPH": word])
    #expect(result.status == .exited(0))
    #expect(result.text == "timed out, has the lock\ndone\n")
    #expect(result.messages.contains("[release-not-held]") == (word == "report"))
  }

  @Test("A lock that goes while another thread has it is one bug, told once")
  func destroyedUnderOwner() throws {
    let result = try victim("destroyed-under-owner")
    #expect(result.status == .exited(0))
    #expect(result.messages.contains("[destroyed-while-held]"))
    #expect(result.messages.components(separatedBy: "fingerprint").count == 2, "\(result.messages)")
  }
}
