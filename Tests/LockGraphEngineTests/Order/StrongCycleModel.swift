import LockGraphEngine
import TestSupport

/// All simple strong cycles of a small graph, by trying every path.
struct StrongCycleModel {
  let edges: [StrongCycleSearch.Edge]
  let classCount: Int

  /// Sorted edges with random kinds.
  static func random(classes: Int, edges count: Int, using generator: inout SeededGenerator) -> Self
  {
    var kinds: [[Int]: DependencyKinds] = [:]
    for _ in 0..<count {
      let from = Int.random(in: 0..<classes, using: &generator)
      let to = Int.random(in: 0..<classes, using: &generator)
      guard from != to else { continue }
      kinds[[from, to]] = DependencyKinds(rawValue: UInt8.random(in: 1...15, using: &generator))
      if Bool.random(using: &generator) {
        kinds[[from, to]] = DependencyKinds.all.randomElement(using: &generator)!
      }
    }
    return StrongCycleModel(
      edges: kinds.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map {
        StrongCycleSearch.Edge(from: $0.key[0], to: $0.key[1], kinds: $0.value)
      }, classCount: classes)
  }

  /// Whether some choice of a kind an edge keeps the walk strong all around.
  func isStrong(_ cycle: [Int]) -> Bool {
    func extend(_ chosen: [DependencyKinds]) -> Bool {
      guard chosen.count < cycle.count else { return chosen.last!.mayPrecede(chosen[0]) }
      return DependencyKinds.all.contains { kind in
        edges[cycle[chosen.count]].kinds.contains(kind)
          && (chosen.isEmpty || chosen.last!.mayPrecede(kind)) && extend(chosen + [kind])
      }
    }
    return extend([])
  }

  /// Whether the edges follow each other around and meet no class twice.
  func isSimple(_ cycle: [Int]) -> Bool {
    let isClosed = cycle.indices.allSatisfy {
      edges[cycle[$0]].to == edges[cycle[($0 + 1) % cycle.count]].from
    }
    return isClosed && Set(cycle.map { edges[$0].from }).count == cycle.count
  }

  /// Every simple strong cycle, from its least class on.
  func cycles() -> Set<[Int]> {
    var found: Set<[Int]> = []
    func extend(_ path: [Int]) {
      let (first, last) = (edges[path[0]], edges[path.last!])
      if last.to == first.from {
        if isStrong(path) { found.insert(path) }
        return
      }
      guard last.to > first.from, !path.contains(where: { edges[$0].from == last.to }) else {
        return
      }
      for next in edges.indices where edges[next].from == last.to { extend(path + [next]) }
    }
    for start in edges.indices { extend([start]) }
    return found
  }
}
