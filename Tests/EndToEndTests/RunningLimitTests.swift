import Foundation
import TestSupport
import Testing

/// What running programs tell of locks that are held and waited for longer than they may be.
///
/// One nanosecond is less than anything takes, and an hour more.
@Suite("Limits of running programs")
struct RunningLimitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The rules with their classes that a program tells of, given its limits.
  private func told(_ scenario: String, _ limits: String) throws -> Set<String> {
    // Processes of one run leave each other's reports alone.
    let folder = try TemporaryFolder()
    let report = folder.file("report.json")
    let result = try lockVictim(
      [scenario], environment: ["LOCKGRAPH_LIMITS": limits, "LOCKGRAPH_REPORT": report])
    #expect(result.status == .exited(0))
    #expect(!result.messages.contains("is ignored"))
    let json = try JSONSerialization.jsonObject(with: Data(folder.bytes(of: "report.json")))
    let findings = try #require((json as? [String: Any])?["findings"] as? [[String: Any]])
    let found = findings.map {
      "\($0["rule"]!) \(($0["classes"] as! [String]).joined(separator: ","))"
    }
    // Each was told as it was found.
    for finding in findings {
      #expect(result.messages.contains("fingerprint \(finding["fingerprint"]!)"))
    }
    return Set(found)
  }

  private static let inversion = "lock-order-inversion Account,Ledger"

  @Test(
    "Holds of the classes that a pattern means are told",
    arguments: [
      ("Account hold=1ns", ["long-hold Account"]),
      ("hold=1ns", ["long-hold Account", "long-hold Ledger"]),
      ("*e?ger hold=1ns wait=1h", ["long-hold Ledger"]),
      ("hold=1h wait=1h", []), ("Other hold=1ns", []),
    ])
  func holds(_ limits: String, _ expected: [String]) throws {
    #expect(try told("inversion", limits) == Set(expected + [Self.inversion]))
  }

  @Test(
    "Of several patterns the one counts that means the class most",
    arguments: [
      ("hold=1ns; Account hold=1h", "Ledger"), ("Account hold=1h; hold=1ns", "Ledger"),
      ("Acc* hold=1ns; A* hold=1h; L* hold=1h", "Account"),
      ("Ledger hold=1ns wait=1h; Ledge* hold=1h; hold=1h", "Ledger"),
    ])
  func patterns(_ limits: String, _ expected: String) throws {
    #expect(try told("inversion", limits) == ["long-hold \(expected)", Self.inversion])
  }

  @Test("Waits are told where they end, and have their own limit")
  func waits() throws {
    #expect(try told("long-wait", "wait=1ns") == ["long-wait Slow"])
    #expect(try told("long-wait", "wait=1h hold=1ns") == ["long-hold Slow"])
  }

  @Test("A program and its trace are judged alike, with one fingerprint")
  func sameAsTrace() throws {
    let trace = folder.file("program.trace")
    let result = try lockVictim(
      ["inversion"], environment: ["LOCKGRAPH_LIMITS": "hold=1ns", "LOCKGRAPH_TRACE": trace])
    let policy = try folder.write("version: 1\nlimits:\n  \"*\": {hold: 1ns}\n", to: "p.yml")
    let gate = try lockdepCheck("gate", "--policy", policy, "--format", "json", trace)
    let keys = try findingKeys(Data(gate.output)).filter { $0.contains("long-hold") }
    #expect(keys.count == 2)
    for key in keys { #expect(key.contains { result.messages.contains("fingerprint \($0)") }) }
  }

  @Test("What run judges by a policy, the program that it runs tells by itself")
  func run() throws {
    let policy = try folder.write(
      "version: 1\nlimits:\n  Account: {hold: 1ns}\n  \"*\": {wait: 1h}\n", to: "p.yml")
    let victim = try BuiltProducts.executable("LockVictim")
    let environment = victimEnvironment
    func messages(_ more: [String: String]) throws -> String {
      var runner = try ProcessRunner(
        BuiltProducts.executable("lockdep-check"),
        ["run", "--policy", policy, "--", victim, "inversion"], directory: folder.path)
      runner.environment = environment.merging(more) { $1 }
      return try runner.run().messages
    }
    let own = try messages([:])
    #expect(own.contains("holds Account for"))
    #expect(!own.contains("holds Ledger for"))
    // What was said already holds.
    let said = try messages(["LOCKGRAPH_LIMITS": "Ledger hold=1ns"])
    #expect(!said.contains("holds Account for"))
    #expect(said.contains("holds Ledger for"))
  }

  @Test("What is recorded is measured where a policy has limits")
  func recorded() throws {
    _ = try folder.write("version: 1\nlimits:\n  \"*\": {hold: 1ns}\n", to: "p.yml")
    _ = try folder.write(
      """
      #include <pthread.h>
      pthread_mutex_t slow = PTHREAD_MUTEX_INITIALIZER;
      int main(void) {
        pthread_mutex_lock(&slow);
        return pthread_mutex_unlock(&slow);
      }
      """, to: "hold.c")
    let result = try shell(
      #"""
      cc -g -pthread -o hold hold.c
      "$check" run --policy p.yml --level all -- ./hold; echo $?
      "$check" run --policy p.yml -- ./hold 2>&1 | grep note
      "$check" run -- ./hold; echo $?
      """#, directory: folder.path)
    #expect(
      result.text == """
        1
        note: limits are held against what is recorded; --level all records every acquisition
        0

        """)
    #expect(result.messages.contains("main holds slow for "))
    #expect(!result.messages.contains("note: no event has a time"))
  }
}
