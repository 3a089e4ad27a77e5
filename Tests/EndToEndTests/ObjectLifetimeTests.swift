import Foundation
import TestSupport
import Testing

/// Nestings of a running program where nobody else can reach one of the locks.
@Suite("Lifetimes of objects")
struct ObjectLifetimeTests {
  private func victim(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> ProcessResult {
    var runner = try ProcessRunner(BuiltProducts.executable("LockVictim"), arguments)
    runner.environment = ProcessInfo.processInfo.environment
      .filter { !$0.key.hasPrefix("LOCKGRAPH") }.merging(environment) { $1 }
    return try runner.run()
  }

  @Test(
    "What an initialiser or deinitialiser does with its object's lock is an order at most",
    arguments: [
      ("init", "is made in the initialiser of LockVictim.Lifetimes.Account"),
      ("deinit", "is made in the deinitialiser of LockVictim.Lifetimes.Account"),
      ("exclusively", "is made exclusively"),
    ])
  func privateLocks(_ life: String, _ reason: String) throws {
    let folder = try TemporaryFolder()
    let (report, graph) = (folder.file("report.json"), folder.file("graph"))
    let result = try victim(
      "lifetimes", life, environment: ["LOCKGRAPH_REPORT": report, "LOCKGRAPH_GRAPH": graph])
    #expect(result.status == .exited(0))
    #expect(result.text.hasPrefix("ordering: "))
    #expect(result.text.contains("\(reason), where nobody else can reach one of its locks"))
    #expect(result.messages.contains("warning: "))
    #expect(result.messages.contains("[lock-order-inversion, ordering]"))
    let json = try String(contentsOfFile: report, encoding: .utf8)
    #expect(json.contains(reason))
    // The graph has it too, and what is merged from it.
    #expect(
      try Report(lockdepCheck("analyze", "--format", "json", graph).output).findings
        .map(\.confidence) == ["ordering"])
    let merged = folder.file("merged.graph")
    #expect(try lockdepCheck("merge", graph, "-o", merged).status == .exited(0))
    #expect(
      try Report(lockdepCheck("analyze", "--format", "json", merged).output).findings
        .map(\.confidence) == ["ordering"])
  }

  @Test(
    "It stays feasible where others had the lock, the stack does not show it, or it was not always so",
    arguments: ["method", "leaked", "copied", "again", "both"])
  func sharedLocks(_ life: String) throws {
    let result = try victim("lifetimes", life)
    #expect(result.status == .exited(0))
    #expect(result.text == "feasible: \ndone\n")
  }

  @Test("Without stacks nothing is known of initialisers, and what is said counts")
  func withoutStacks() throws {
    let environment = ["LOCKGRAPH_STACKS": "off"]
    #expect(
      try victim("lifetimes", "init", environment: environment).text.hasPrefix("feasible"))
    #expect(
      try victim("lifetimes", "exclusively", environment: environment).text.hasPrefix("ordering"))
  }

  @Test("A trace has what was said to be exclusive")
  func trace() throws {
    let folder = try TemporaryFolder()
    let trace = folder.file("a.trace")
    _ = try victim("lifetimes", "exclusively", environment: ["LOCKGRAPH_TRACE": trace])
    #expect(
      try Report(lockdepCheck("analyze", "--predict", "never", "--format", "json", trace).output)
        .findings
        .map(\.confidence) == ["ordering"])
  }

  @Test("A tree that threads lock from parent to child is no finding, and one step upwards is")
  func tree() throws {
    let folder = try TemporaryFolder()
    let (graph, trace) = (folder.file("graph"), folder.file("a.trace"))
    let downwards = try victim("nesting", "tree")
    #expect(downwards.status == .exited(0))
    #expect(downwards.text == "nodes 781, findings 0\ndone\n")
    #expect(downwards.messages.isEmpty)
    let result = try victim(
      "nesting", "upwards", environment: ["LOCKGRAPH_GRAPH": graph, "LOCKGRAPH_TRACE": trace])
    #expect(result.messages.contains("are taken in both orders"))
    #expect(result.messages.contains("[lock-order-inversion, feasible]"))
    for file in [graph, trace] {
      #expect(
        try Report(lockdepCheck("analyze", "--predict", "never", "--format", "json", file).output)
          .findings
          .map(\.confidence) == ["feasible"])
    }
  }
}
