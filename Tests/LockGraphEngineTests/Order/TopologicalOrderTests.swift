import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("The order that is kept as dependencies come")
struct TopologicalOrderTests {
  @Test(
    "It tells exactly which dependency is on a circle", arguments: TestTier.seeds(UInt64(1)..<201))
  func model(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let count = Int.random(in: 2...12, using: &generator)
    var order = TopologicalOrder()
    var edges: Set<[Int]> = []
    for _ in 0..<40 {
      let from = Int.random(in: 0..<count, using: &generator)
      let to = Int.random(in: 0..<count, using: &generator)
      guard edges.insert([from, to]).inserted else { continue }
      let isOnCircle = order.add(from: from, to: to)
      order.checkInvariants()
      #expect(isOnCircle == Self.leads(to, from, edges), "seed \(seed): \(edges)")
    }
  }

  private static func leads(_ from: Int, _ to: Int, _ edges: Set<[Int]>) -> Bool {
    var reached: Set<Int> = [from]
    for _ in 0..<edges.count + 1 {
      for edge in edges where reached.contains(edge[0]) { reached.insert(edge[1]) }
    }
    return reached.contains(to)
  }

  @Test(
    "A dependency is on a strong circle if some closed walk through it is strong",
    arguments: TestTier.seeds(UInt64(1)..<201))
  func strongCircles(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var graph = LockOrderGraph()
    let count = UInt32(Int.random(in: 2...4, using: &generator))
    for _ in 0..<8 {
      let kind = DependencyKinds.all.randomElement(using: &generator)!
      let from = UInt32.random(in: 0..<count, using: &generator)
      let to = UInt32.random(in: 0..<count, using: &generator)
      guard from != to else { continue }
      let (id, _) = graph.add(from: LockClassID(from), to: LockClassID(to), kind: kind)!
      graph.checkInvariants()
      let found = graph.closesStrongCycle(id) { lockClass in
        graph.dependencies.indices.filter { graph.dependencies[$0].from == lockClass }
          .map { DependencyID(UInt32($0)) }
      }
      #expect(found == Self.isOnStrongWalk(id, graph, length: 9), "seed \(seed)")
    }
  }

  /// All walks of single kinds, going back from the edge to itself.
  private static func isOnStrongWalk(
    _ id: DependencyID, _ graph: LockOrderGraph, length: Int
  ) -> Bool {
    let all = graph.dependencies.flatMap { edge in
      DependencyKinds.all.filter { edge.kinds.contains($0) }
        .map { (from: edge.from, to: edge.to, kind: $0) }
    }
    let start = graph[id]
    return DependencyKinds.all.contains { first in
      guard start.kinds.contains(first) else { return false }
      // Pairs of where a walk is and the kind by which it came there.
      var ends = [(at: start.to, kind: first)]
      for _ in 0..<length {
        for end in ends where end.at == start.from && end.kind.mayPrecede(first) { return true }
        var next: [(at: LockClassID, kind: DependencyKinds)] = []
        for end in ends {
          for step in all where step.from == end.at && end.kind.mayPrecede(step.kind) {
            if !next.contains(where: { $0.at == step.to && $0.kind == step.kind }) {
              next.append((step.to, step.kind))
            }
          }
        }
        ends = next
      }
      return false
    }
  }
}
