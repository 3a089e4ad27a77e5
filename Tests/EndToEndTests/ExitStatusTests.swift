import Foundation
import TestSupport
import Testing

@Suite("Exit status")
struct ExitStatusTests {
  @Test(
    "analyze succeeds whatever it finds",
    arguments: [Traces.feasible, Traces.ordering, Traces.excluded, Traces.unbalanced, Traces.clean])
  func analyze(_ trace: String) throws {
    #expect(try lockdepCheck("analyze", input: trace).status == .exited(0))
    #expect(try lockdepCheck("analyze", "--fail-on", "excluded", input: trace).status == .exited(0))
  }

  @Test(
    "--fail-on draws the line between what passes and what fails",
    arguments: [
      ("observed", [0, 0, 0]), ("predicted", [1, 0, 0]), ("feasible", [1, 0, 0]),
      ("ordering", [1, 1, 0]), ("excluded", [1, 1, 1]),
    ])
  func failOn(_ confidence: String, _ expected: [Int32]) throws {
    for (trace, status) in zip([Traces.feasible, Traces.ordering, Traces.excluded], expected) {
      let result = try lockdepCheck("gate", "--fail-on", confidence, input: trace)
      #expect(result.status == .exited(status))
      #expect(result.messages.hasPrefix(status == 0 ? "gate: passed" : "gate: failed, 1 violation"))
    }
  }

  @Test("The gate fails on ordering and surer without being told")
  func failOnDefault() throws {
    #expect(try lockdepCheck("gate", input: Traces.feasible).status == .exited(1))
    #expect(try lockdepCheck("gate", input: Traces.ordering).status == .exited(1))
    #expect(try lockdepCheck("gate", input: Traces.excluded).status == .exited(0))
    #expect(try lockdepCheck("gate", input: Traces.clean).status == .exited(0))
  }

  @Test("Errors that are no deadlocks fail the gate whatever --fail-on says")
  func failOnOthers() throws {
    #expect(
      try lockdepCheck("gate", "--fail-on", "observed", input: Traces.unbalanced).status
        == .exited(1))
  }

  @Test("--rules leaves out what the other rules find")
  func rules() throws {
    let both = Traces.feasible + Traces.unbalanced
    func status(_ rules: String) throws -> ProcessResult.Status {
      try lockdepCheck("gate", "--rules", rules, input: both).status
    }
    #expect(try status("lock-order-inversion") == .exited(1))
    #expect(try status("release-not-held") == .exited(1))
    #expect(try status("lock-order-inversion,release-not-held") == .exited(1))
    #expect(try status("lock-order-inversion, release-not-held") == .exited(1))
    #expect(try status("held-at-exit") == .exited(0))
    let report = try Report(
      lockdepCheck(
        "analyze", "--format", "json", "--rules", "release-not-held", input: both
      ).output)
    #expect(report.findings.map(\.rule) == ["release-not-held"])
    #expect(report.summary.findings == 1)
  }

  @Test("Ctrl-C while input is awaited ends with 130 and leaves nothing behind")
  func interrupted() throws {
    let folder = try TemporaryFolder()
    let process = try ProcessRunner(
      BuiltProducts.executable("lockdep-check"),
      ["gate", "-", "-o", folder.file("report.txt"), "--svg", folder.file("graph.svg")]
    ).start()
    process.write(Array(Traces.feasible.utf8))
    try waitUntilAsleep(process)
    process.send(SIGINT)
    let result = try process.finish(writing: nil)
    #expect(result.status == .exited(130))
    #expect(result.output.isEmpty)
    #expect(try folder.contents == [])
  }

  /// Until it has read what there is and waits for more.
  private func waitUntilAsleep(_ process: RunningProcess) throws {
    var times = 0
    for _ in 0..<1000 where times < 10 {
      usleep(10_000)
      times = process.isAsleep ? times + 1 : 0
    }
  }
}
