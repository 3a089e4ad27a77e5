/// Which of several edges that join the same two nodes in the same direction each edge is.
struct ParallelEdges {
  /// From 0, in the order of the edges.
  let ranks: [Int]
  /// How many there are beside each edge, itself included.
  let counts: [Int]

  init(_ edges: [LayoutRequest.Edge]) {
    struct Pair: Hashable {
      var from: Int
      var to: Int
    }
    var found: [Pair: Int] = [:]
    ranks = edges.map { edge in
      let pair = Pair(from: edge.from, to: edge.to)
      defer { found[pair, default: 0] += 1 }
      return found[pair, default: 0]
    }
    counts = edges.map { found[Pair(from: $0.from, to: $0.to)] ?? 0 }
  }
}

extension DrawingLayout {
  /// How far from the middle of its node's side the innermost of several loops begins and ends.
  private static let innermostLoop = 10.0
  /// What the broadest arrowhead needs.
  private static let loopDistance = 12.0

  /// Stretches the loops of nodes that have several, which Graphviz puts a few points apart, so
  /// that their arrowheads are beside each other, as far as the node's side has room.
  ///
  /// - Complexity: O(edges).
  func separatingLoops(_ request: LayoutRequest) -> DrawingLayout {
    let parallel = ParallelEdges(request.edges)
    var result = self
    for (index, edge) in request.edges.enumerated()
    where edge.from == edge.to && parallel.counts[index] > 1 {
      let middle = nodeCenters[edge.from].y
      let room = request.nodes[edge.from].height / 2 - 6 - Self.innermostLoop
      let distance = min(Self.loopDistance, room / Double(parallel.counts[index] - 1))
      let wanted = Self.innermostLoop + max(0, distance) * Double(parallel.ranks[index])
      result.edgeCurves[index] = edgeCurves[index].map { curve in
        guard let tip = curve.tip, abs(tip.y - middle) > 0.5 else { return curve }
        let factor = wanted / abs(tip.y - middle)
        func stretched(_ point: Point) -> Point {
          Point(x: point.x, y: middle + (point.y - middle) * factor)
        }
        return Curve(points: curve.points.map(stretched), tip: stretched(tip))
      }
    }
    return result
  }
}
