/// How many layers dependencies cross if classes are arranged in layers: what the layout costs.
enum LayerEstimate {
  /// The layer of each node: the longest path to it when edges that close a cycle do not count.
  ///
  /// - Complexity: O(nodes + edges).
  static func layers(nodeCount: Int, edges: [(from: Int, to: Int)]) -> [Int] {
    var successors = Array(repeating: [Int](), count: nodeCount)
    for edge in edges where edge.from != edge.to { successors[edge.from].append(edge.to) }
    // Depth-first: an edge to a node on the current path closes a cycle.
    enum State { case new, onPath, done }
    var state = Array(repeating: State.new, count: nodeCount)
    var finished: [Int] = []
    var isForward: [[Bool]] = successors.map { Array(repeating: true, count: $0.count) }
    for root in 0..<nodeCount where state[root] == .new {
      var path: [(node: Int, position: Int)] = [(root, 0)]
      state[root] = .onPath
      while let (node, position) = path.last {
        guard position < successors[node].count else {
          state[node] = .done
          finished.append(node)
          path.removeLast()
          continue
        }
        path[path.count - 1].position += 1
        let successor = successors[node][position]
        switch state[successor] {
        case .new:
          state[successor] = .onPath
          path.append((successor, 0))
        case .onPath: isForward[node][position] = false
        case .done: break
        }
      }
    }
    var layers = Array(repeating: 0, count: nodeCount)
    for node in finished.reversed() {
      for (position, successor) in successors[node].enumerated() where isForward[node][position] {
        layers[successor] = max(layers[successor], layers[node] + 1)
      }
    }
    return layers
  }
}
