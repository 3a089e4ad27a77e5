/// A place in a picture, in points from its upper left corner.
struct Point: Equatable, Sendable {
  var x: Double
  var y: Double
}

/// A width and a height in points.
struct Extent: Equatable, Sendable {
  var width: Double
  var height: Double
}

/// What has to be arranged; nodes are numbered by their position.
struct LayoutRequest: Sendable {
  struct Edge: Sendable {
    var from: Int
    var to: Int
    /// The room for its label; nil without one.
    var label: Extent?
    /// As Graphviz counts: 1 is ten points.
    var arrowSize: Double
    /// How much shortness and straightness of this edge count.
    var weight: Int
  }

  var nodes: [Extent]
  var edges: [Edge]
  var arrangement: Drawing.Arrangement
}

/// Where everything is.
struct DrawingLayout: Sendable {
  /// Cubic Bézier curves, one after the other: 3n + 1 points, and the arrow's tip behind them.
  struct Curve: Equatable, Sendable {
    var points: [Point]
    var tip: Point?

    /// A point half way on it.
    var middle: Point {
      guard points.count >= 4 else { return points.first ?? Point(x: 0, y: 0) }
      let pieces = (points.count - 1) / 3
      let first = pieces / 2 * 3
      if pieces.isMultiple(of: 2) { return points[first] }
      func blended(_ part: KeyPath<Point, Double>) -> Double {
        let p = points[first...(first + 3)].map { $0[keyPath: part] }
        return (p[0] + 3 * p[1] + 3 * p[2] + p[3]) / 8
      }
      return Point(x: blended(\.x), y: blended(\.y))
    }
  }

  var extent: Extent
  var nodeCenters: [Point]
  var edgeCurves: [[Curve]]
  /// Where an edge's label has its centre.
  var labelCenters: [Point?]

  /// Where the label of an edge is; halfway on it if no room was kept.
  func labelCenter(of edge: Int) -> Point? { labelCenters[edge] ?? edgeCurves[edge].first?.middle }

  /// What is painted on, from its upper left corner.
  struct Bounds: Equatable, Sendable {
    var corner: Point
    var extent: Extent
  }

  /// The bounds of all nodes, lines and labels, which a layout's own extent does not always hold.
  func bounds(boxes: [Extent], labels: [Extent?]) -> Bounds {
    var (low, high) = (Point(x: 0, y: 0), Point(x: extent.width, y: extent.height))
    func add(_ point: Point, _ box: Extent = Extent(width: 0, height: 0)) {
      low.x = min(low.x, point.x - box.width / 2)
      low.y = min(low.y, point.y - box.height / 2)
      high.x = max(high.x, point.x + box.width / 2)
      high.y = max(high.y, point.y + box.height / 2)
    }
    for (center, box) in zip(nodeCenters, boxes) { add(center, box) }
    for curve in edgeCurves.joined() {
      for point in curve.points { add(point) }
      if let tip = curve.tip { add(tip) }
    }
    for (edge, label) in labels.enumerated() {
      if let label, let center = labelCenter(of: edge) { add(center, label) }
    }
    return Bounds(corner: low, extent: Extent(width: high.x - low.x, height: high.y - low.y))
  }
}
