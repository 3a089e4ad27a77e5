/// The strongly connected components of a small graph, by Tarjan's algorithm without recursion.
///
/// Components are numbered so that every edge between two of them leads to the lesser number.
package struct StrongComponents {
  /// The component of each node.
  package private(set) var component: [Int]
  package private(set) var count = 0

  /// - Complexity: O(nodes + edges).
  package init(nodeCount: Int, successors: [[Int]]) {
    component = Array(repeating: -1, count: nodeCount)
    var discovery = Array(repeating: -1, count: nodeCount)
    var low = Array(repeating: 0, count: nodeCount)
    var next = 0
    var open: [Int] = []
    var path: [(node: Int, position: Int)] = []
    for root in 0..<nodeCount where discovery[root] < 0 {
      path.append((root, 0))
      while let (node, position) = path.last {
        if position == 0 {
          discovery[node] = next
          low[node] = next
          next += 1
          open.append(node)
        }
        if position < successors[node].count {
          path[path.count - 1].position += 1
          let successor = successors[node][position]
          if discovery[successor] < 0 {
            path.append((successor, 0))
          } else if component[successor] < 0 {
            low[node] = min(low[node], discovery[successor])
          }
          continue
        }
        path.removeLast()
        if let parent = path.last?.node { low[parent] = min(low[parent], low[node]) }
        guard low[node] == discovery[node] else { continue }
        while let member = open.popLast() {
          component[member] = count
          if member == node { break }
        }
        count += 1
      }
    }
  }
}
