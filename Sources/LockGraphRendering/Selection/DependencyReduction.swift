import LockGraphEngine

/// Leaves out dependencies that drawn ones imply: the transitive reduction of the condensation.
///
/// What lies within a strongly connected component and what findings are about always stays, so the
/// drawing has a path wherever it had one before.
enum DependencyReduction {
  struct Edge {
    var from: Int
    var to: Int
    var isFixed: Bool
  }

  /// Whether each edge stays. Of several between the same two components the first one does, so the
  /// edges should come most used first.
  ///
  /// - Complexity: O(edges × components / 64 + edges log edges).
  static func stays(_ edges: [Edge], nodeCount: Int) -> [Bool] {
    var successors = Array(repeating: [Int](), count: nodeCount)
    for edge in edges { successors[edge.from].append(edge.to) }
    let components = StrongComponents(nodeCount: nodeCount, successors: successors)
    var leaving = Array(repeating: [(to: Int, position: Int)](), count: components.count)
    var stays = Array(repeating: true, count: edges.count)
    for (position, edge) in edges.enumerated() {
      let (from, to) = (components.component[edge.from], components.component[edge.to])
      if from != to { leaving[from].append((to, position)) }
    }

    let words = (components.count + 63) / 64
    var reachable = Array(repeating: [UInt64](), count: components.count)
    for component in 0..<components.count {
      var reached = Array(repeating: UInt64(0), count: words)
      // Greater numbers first: what is reached through another component is reached through one
      // with a number between, which has been added by then.
      for (to, position) in leaving[component].sorted(by: {
        ($1.to, $0.position) < ($0.to, $1.position)
      }) {
        guard reached[to / 64] & (1 << UInt64(to % 64)) == 0 else {
          stays[position] = edges[position].isFixed
          continue
        }
        for word in 0..<words { reached[word] |= reachable[to][word] }
        reached[to / 64] |= 1 << UInt64(to % 64)
      }
      reachable[component] = reached
    }
    return stays
  }
}
