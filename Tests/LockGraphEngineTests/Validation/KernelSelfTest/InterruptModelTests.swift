import LockGraphEngine
import TestSupport
import Testing

/// Random nestings and interrupts against every path that the theory allows.
@Suite struct InterruptModelTests {
  /// Two locks, one taken under the other while the interrupt is masked.
  struct Edge {
    var from: Int
    var to: Int
    var holds: LockMode
    var asks: LockMode
  }

  struct Model {
    var edges: [Edge]
    /// What the interrupt asks for, and what is held where it can come.
    var used: [(lock: Int, mode: LockMode)]
    var exposed: [(lock: Int, mode: LockMode)]

    /// Pairs of a class used in the interrupt and an exposed one that the interrupt closes to a
    /// deadlock, by a path that comes by no class twice.
    var closedByPaths: Set<[Int]> {
      var pairs: Set<[Int]> = []
      for use in used {
        var paths = [(classes: [use.lock], asked: use.mode)]
        while let (classes, asked) = paths.popLast() {
          for edge in steps(from: classes.last!, asked) where !classes.contains(edge.to) {
            paths.append((classes + [edge.to], edge.asks))
            if closes(edge) { pairs.insert([use.lock, edge.to]) }
          }
        }
      }
      return pairs
    }

    /// The same by walks that may come by a class twice, which are inversions by themselves.
    var closedByWalks: Set<[Int]> {
      var pairs: Set<[Int]> = []
      for use in used {
        var walks = [(lock: use.lock, asked: use.mode)]
        var index = 0
        while index < walks.count {
          for edge in steps(from: walks[index].lock, walks[index].asked) {
            if closes(edge) { pairs.insert([use.lock, edge.to]) }
            if !walks.contains(where: { $0 == (edge.to, edge.asks) }) {
              walks.append((edge.to, edge.asks))
            }
          }
          index += 1
        }
      }
      return pairs
    }

    private func steps(from lock: Int, _ asked: LockMode) -> [Edge] {
      edges.filter { $0.from == lock && BlockMatrix.blocks($0.holds, asked) }
    }

    private func closes(_ edge: Edge) -> Bool {
      exposed.contains { $0.lock == edge.to && BlockMatrix.blocks($0.mode, edge.asks) }
    }
  }

  private static let names = ["a", "b", "c", "d", "e"]

  private static func mode(_ generator: inout SeededGenerator) -> LockMode {
    LockMode.ofKernel.randomElement(using: &generator)!
  }

  private static func uses(
    among count: Int, _ generator: inout SeededGenerator
  ) -> [(lock: Int, mode: LockMode)] {
    (0..<Int.random(in: 1...2, using: &generator)).map { _ in
      (Int.random(in: 0..<count, using: &generator), mode(&generator))
    }
  }

  private static func model(_ generator: inout SeededGenerator) -> Model {
    let count = Int.random(in: 3...5, using: &generator)
    let edges = (0..<Int.random(in: 2...6, using: &generator)).map { _ in
      let from = Int.random(in: 0..<count, using: &generator)
      return Edge(
        from: from, to: (from + Int.random(in: 1..<count, using: &generator)) % count,
        holds: mode(&generator), asks: mode(&generator))
    }
    return Model(
      edges: edges, used: uses(among: count, &generator), exposed: uses(among: count, &generator))
  }

  private static func sections(_ model: Model) -> [[String]] {
    let nestings = model.edges.map {
      masking(.hardirq, nest(Use(names[$0.from], $0.holds), Use(names[$0.to], $0.asks)))
    }
    let interrupts = model.used.map { inside(.hardirq, nest(Use(names[$0.lock], $0.mode))) }
    return nestings + interrupts + model.exposed.map { nest(Use(names[$0.lock], $0.mode)) }
  }

  @Test func `An interrupt that closes a circle is found, and none that closes none`() throws {
    var closedCount = 0
    try withSeeds(0..<3000) { generator in
      let model = Self.model(&generator)
      let script = Script(sections: Self.sections(model).shuffled(using: &generator))
      let findings = try analyze(script.text).findings(.contextOrderInversion)
      if !model.closedByPaths.isEmpty {
        closedCount += 1
        #expect(!findings.isEmpty, "\(TestContext.description)\n\(script.text)")
      }
      let closed = Set(model.closedByWalks.map { $0.map { Self.names[$0] } })
      for finding in findings {
        #expect(
          closed.contains([finding.classes.first!, finding.classes.last!]),
          "\(TestContext.description)\n\(script.text)")
      }
    }
    #expect(closedCount > 200)
  }
}
