/// The strongly connected components of the search's state graph.
///
/// Tarjan, "Depth-first search and linear graph algorithms" (1972), with an explicit stack, because
/// a ring of ten thousand locks is a path of that depth.
struct StateComponents {
  /// The component of each state, 2 × class + (1 if reached only by recursive reads).
  let component: [Int32]

  init(classCount: Int, edges: [StrongCycleSearch.Edge], starts: [Int32]) {
    let stateCount = classCount * 2
    var component = [Int32](repeating: -1, count: stateCount)
    var order = [Int32](repeating: -1, count: stateCount)
    var low = [Int32](repeating: 0, count: stateCount)
    var open: [Int32] = []
    var path: [(state: Int32, edge: Int32)] = []
    var nextOrder: Int32 = 0
    var nextComponent: Int32 = 0

    for root in 0..<stateCount where order[root] < 0 {
      path.append((Int32(root), starts[root / 2]))
      order[root] = nextOrder
      low[root] = nextOrder
      nextOrder += 1
      open.append(Int32(root))
      while let (state, edge) = path.last {
        let index = Int(state)
        if edge < starts[index / 2 + 1] {
          path[path.count - 1].edge += 1
          guard
            let next = StrongCycleSearch.successor(
              edges[Int(edge)], isRecursiveOnly: index & 1 == 1)
          else { continue }
          if order[next] < 0 {
            order[next] = nextOrder
            low[next] = nextOrder
            nextOrder += 1
            open.append(Int32(next))
            path.append((Int32(next), starts[next / 2]))
          } else if component[next] < 0 {
            low[index] = min(low[index], order[next])
          }
        } else {
          path.removeLast()
          if let parent = path.last?.state {
            low[Int(parent)] = min(low[Int(parent)], low[index])
          }
          if low[index] == order[index] {
            while let member = open.popLast() {
              component[Int(member)] = nextComponent
              if Int(member) == index { break }
            }
            nextComponent += 1
          }
        }
      }
    }
    self.component = component
  }
}
