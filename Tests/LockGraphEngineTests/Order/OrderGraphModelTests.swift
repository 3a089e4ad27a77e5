import LockGraphEngine
import TestSupport
import Testing

@Suite struct OrderGraphModelTests {
  @Test func `The order graph is that of a naive interpreter`() throws {
    var edgeCount = 0
    try withSeeds(0..<400) { generator in
      let locks = RandomLocks(
        count: 8, classes: Int.random(in: 2...8, using: &generator), using: &generator)
      var model = OrderGraphModel(locks: locks)
      var text = locks.preamble
      for thread in 0..<Int.random(in: 1...4, using: &generator) {
        let steps = randomSteps(60, locks: locks, using: &generator)
        model.run(steps)
        text += steps.map { $0.line(thread: "T\(thread)") + "\n" }.joined()
      }
      let graph = try analyze(text).graph
      var edges: [OrderGraphModel.Edge: String] = [:]
      var loops: Set<String> = []
      for dependency in graph.dependencies {
        let (from, to) = (graph.classes[dependency.from].name, graph.classes[dependency.to].name)
        if from == to {
          loops.insert(from)
        } else {
          edges[OrderGraphModel.Edge(from: from, to: to)] =
            "\(dependency.kinds.names) \(dependency.count)"
        }
        #expect(
          graph.witnesses(of: dependency).reduce(DependencyKinds()) { $0.union($1.kind) }
            == dependency.kinds, "\(TestContext.description)")
      }
      let expected = model.edges.mapValues { "\($0.kinds.names) \($0.count)" }
      let differences = Set(edges.keys).union(expected.keys).filter { edges[$0] != expected[$0] }
        .map { "\($0.from) -> \($0.to): \(edges[$0] ?? "none"), not \(expected[$0] ?? "none")" }
      #expect(differences.isEmpty, "\(TestContext.description)\n\(text)")
      #expect(loops == model.loops, "\(TestContext.description)\n\(text)")
      edgeCount += expected.count
    }
    #expect(edgeCount > 2000)
  }
}
