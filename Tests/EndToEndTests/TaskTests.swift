import Foundation
import TestSupport
import Testing

/// Programs whose locks are taken in tasks, on threads of a pool.
@Suite("Tasks")
struct TaskTests {
  /// Runs a scenario with many threads in the pool, and with one.
  private func reports(of scenario: String, run: Int) throws -> [String] {
    let pool = run % 2 == 0 ? ["LIBDISPATCH_COOPERATIVE_POOL_STRICT": "1"] : [:]
    let result = try victim(scenario, environment: pool)
    #expect(result.status == .exited(0))
    return result.messages.components(separatedBy: "\n").filter { $0.hasPrefix("   [") }
  }

  @Test("Two tasks give the same grade whichever threads run them", arguments: 0..<6)
  func children(_ run: Int) throws {
    // The first task alone shows both orders, and the second one that they meet.
    #expect(
      try reports(of: "child-tasks", run: run) == [
        "   [lock-order-inversion, ordering]", "   [lock-order-inversion, feasible]",
      ])
  }

  @Test("One task does not meet itself, though it changes threads", arguments: 0..<4)
  func alone(_ run: Int) throws {
    #expect(try reports(of: "lonely-task", run: run) == ["   [lock-order-inversion, ordering]"])
  }

  @Test("A recorded trace has the same findings, by the same tasks")
  func trace() throws {
    let folder = try TemporaryFolder()
    let (report, trace) = ("\(folder.path)/report.json", "\(folder.path)/trace")
    _ = try victim(
      "child-tasks", environment: ["LOCKGRAPH_REPORT": report, "LOCKGRAPH_TRACE": trace])
    let online = try findingKeys(Data(contentsOf: URL(fileURLWithPath: report)))
    let analyzed = try lockdepCheck("analyze", "--predict", "never", "--format", "json", trace)
    #expect(try findingKeys(Data(analyzed.output)) == online)
    #expect(online.map { $0[2] } == ["feasible"])
    #expect(try String(contentsOfFile: trace, encoding: .utf8).contains(" task-"))
  }

  @Test("A hundred thousand tasks that do what is known cost no memory")
  func many() throws {
    let folder = try TemporaryFolder()
    let graph = "\(folder.path)/graph"
    let result = try victim(
      "many-tasks", "100000", environment: ["LOCKGRAPH_GRAPH": graph], timeout: .seconds(120))
    #expect(result.text == "100000 of 100000\ndone\n")
    // Each thread asks for a few of them.
    let tasks = Set(
      try String(decoding: Data(contentsOf: URL(fileURLWithPath: graph)), as: UTF8.self)
        .matches(of: /task-[0-9]+/).map { String($0.output) })
    #expect(!tasks.isEmpty && tasks.count <= 64, "\(tasks.count)")
  }
}
