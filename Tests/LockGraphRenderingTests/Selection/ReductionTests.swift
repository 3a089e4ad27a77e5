import TestSupport
import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `Reduction` {
  typealias Edge = DependencyReduction.Edge

  private func reachable(_ edges: [Edge], nodeCount: Int) -> [Set<Int>] {
    (0..<nodeCount).map { root in
      var seen: Set<Int> = []
      var open = [root]
      while let node = open.popLast() {
        for edge in edges where edge.from == node && seen.insert(edge.to).inserted {
          open.append(edge.to)
        }
      }
      return seen
    }
  }

  @Test(arguments: TestTier.seeds(0..<60))
  func `what is left implies what was taken away`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let nodeCount = Int.random(in: 1...14, using: &generator)
    let edges = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
      Edge(
        from: .random(in: 0..<nodeCount, using: &generator),
        to: .random(in: 0..<nodeCount, using: &generator),
        isFixed: Int.random(in: 0..<5, using: &generator) == 0)
    }
    let stays = DependencyReduction.stays(edges, nodeCount: nodeCount)
    let rest = zip(edges, stays).filter(\.1).map(\.0)
    #expect(reachable(rest, nodeCount: nodeCount) == reachable(edges, nodeCount: nodeCount))
    for (edge, stays) in zip(edges, stays) where edge.isFixed { #expect(stays) }
  }

  @Test func `a complete order is reduced to a chain`() {
    var edges: [Edge] = []
    for from in 0..<20 {
      for to in 0..<20 where from < to { edges.append(Edge(from: from, to: to, isFixed: false)) }
    }
    let stays = DependencyReduction.stays(edges, nodeCount: 20)
    let rest = zip(edges, stays).filter(\.1).map(\.0)
    #expect(rest.count == 19)
    #expect(rest.allSatisfy { $0.to == $0.from + 1 })
  }

  @Test func `components are numbered against the edges`() {
    let components = StrongComponents(nodeCount: 5, successors: [[1], [2], [0, 3], [4], []])
    #expect(components.count == 3)
    #expect(components.component == [2, 2, 2, 1, 0])
  }

  @Test func `layers lead down but for edges that close a cycle`() {
    let layers = LayerEstimate.layers(
      nodeCount: 4, edges: [(0, 1), (1, 2), (0, 2), (2, 0), (3, 3)])
    #expect(layers == [0, 1, 2, 0])
  }

  @Test(arguments: TestTier.seeds(0..<20))
  func `the greatest elements are those of a full sort`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<500).map { ($0, Int.random(in: 0..<50, using: &generator)) }
    let precedes: ((Int, Int), (Int, Int)) -> Bool = { ($1.1, $0.0) < ($0.1, $1.0) }
    let limit = Int.random(in: 0..<60, using: &generator)
    var greatest = GreatestElements(limit, by: precedes)
    for value in values { greatest.insert(value) }
    #expect(greatest.sorted.map(\.0) == values.sorted(by: precedes).prefix(limit).map(\.0))
  }

  @Test func `implied dependencies are left out and the picture says so`() throws {
    var fixture = GraphFixture()
    for from in 0..<12 {
      for to in 0..<12 where from < to { fixture.addDependency("c\(from)", "c\(to)") }
    }
    let drawing = try fixture.drawing()
    #expect(drawing.dependencies.count == 11)
    #expect(drawing.notes == ["55 dependencies that drawn ones imply are left out."])
  }
}
