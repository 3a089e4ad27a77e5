/// The last steps of an arrangement by forces: boxes are moved apart and joined by straight lines.
///
/// Graphviz could do both, but its way of removing overlaps depends on memory addresses, so the same
/// drawing would look different each time.
struct ForcesLayout {
  private let request: LayoutRequest
  private var centers: [Point]

  private static let gap = 22.0
  private static let rounds = 300
  /// How much of the area of a drawing its boxes take at most, gaps included.
  private static let density = 0.4

  /// - Parameter centers: Where the forces want the nodes.
  init(_ request: LayoutRequest, centers: [Point]) {
    self.request = request
    self.centers = centers
    spread()
    separate()
  }

  /// Scales the places so that the boxes have room on the whole.
  private mutating func spread() {
    let needed = request.nodes.reduce(0) {
      $0 + ($1.width + Self.gap) * ($1.height + Self.gap)
    }
    let width = (centers.map(\.x).max() ?? 0) - (centers.map(\.x).min() ?? 0)
    let height = (centers.map(\.y).max() ?? 0) - (centers.map(\.y).min() ?? 0)
    let scale = max(1, (needed / Self.density / max(1, width * height)).squareRoot())
    // Boxes are wide, so what is beside each other needs more room than what is above.
    for index in centers.indices {
      centers[index].x *= scale * 1.25
      centers[index].y *= scale / 1.25
    }
  }

  /// Moves each two boxes that overlap apart, by the shorter way, until none do.
  ///
  /// - Complexity: O(rounds × nodes²), with at most some hundred of each.
  private mutating func separate() {
    for _ in 0..<Self.rounds {
      var isSettled = true
      for left in centers.indices {
        for right in centers.indices.dropFirst(left + 1) {
          let (a, b) = (request.nodes[left], request.nodes[right])
          let x = centers[right].x - centers[left].x
          let y = centers[right].y - centers[left].y
          let overlapX = (a.width + b.width) / 2 + Self.gap - abs(x)
          let overlapY = (a.height + b.height) / 2 + Self.gap - abs(y)
          guard overlapX > 0.01, overlapY > 0.01 else { continue }
          isSettled = false
          if overlapX < overlapY {
            let shift = overlapX / 2 * (x < 0 ? -1 : 1)
            centers[left].x -= shift
            centers[right].x += shift
          } else {
            let shift = overlapY / 2 * (y < 0 ? -1 : 1)
            centers[left].y -= shift
            centers[right].y += shift
          }
        }
      }
      if isSettled { return }
    }
  }

  var layout: DrawingLayout {
    let boxes = zip(centers, request.nodes)
    let left = boxes.map { $0.x - $1.width / 2 }.min() ?? 0
    let top = boxes.map { $0.y - $1.height / 2 }.min() ?? 0
    // A loop stands out to the right of its node.
    let right = (boxes.map { $0.x + $1.width / 2 }.max() ?? 0) + Self.gap
    let bottom = boxes.map { $0.y + $1.height / 2 }.max() ?? 0
    let places = centers.map { Point(x: $0.x - left, y: $0.y - top) }
    struct Pair: Hashable {
      var from: Int
      var to: Int
    }
    let pairs = Set(request.edges.map { Pair(from: $0.from, to: $0.to) })
    let curves = request.edges.map { edge in
      edge.from == edge.to
        ? loop(edge, at: places)
        : line(edge, at: places, isOneOfTwo: pairs.contains(Pair(from: edge.to, to: edge.from)))
    }
    return DrawingLayout(
      extent: Extent(width: right - left, height: bottom - top), nodeCenters: places,
      edgeCurves: curves.map { [$0] }, labelCenters: Array(repeating: nil, count: curves.count))
  }

  private func loop(_ edge: LayoutRequest.Edge, at places: [Point]) -> DrawingLayout.Curve {
    let side = places[edge.from].x + request.nodes[edge.from].width / 2
    let middle = places[edge.from].y
    let length = 10 * edge.arrowSize
    return DrawingLayout.Curve(
      points: [
        Point(x: side, y: middle - 9), Point(x: side + Self.gap, y: middle - 14),
        Point(x: side + Self.gap + length, y: middle + 9), Point(x: side + length, y: middle + 9),
      ], tip: Point(x: side, y: middle + 9))
  }

  /// A line between two boxes; beside the middle if another one leads back.
  private func line(
    _ edge: LayoutRequest.Edge, at places: [Point], isOneOfTwo: Bool
  ) -> DrawingLayout.Curve {
    let (from, to) = (places[edge.from], places[edge.to])
    let (x, y) = (to.x - from.x, to.y - from.y)
    let length = max(1, (x * x + y * y).squareRoot())
    let (unitX, unitY) = (x / length, y / length)
    let aside = isOneOfTwo ? 6.0 : 0
    func place(_ distance: Double) -> Point {
      Point(x: from.x + unitX * distance - unitY * aside, y: from.y + unitY * distance + unitX * aside)
    }
    func inside(_ box: Extent) -> Double {
      min(
        (box.width / 2 - abs(unitY) * aside) / max(abs(unitX), 1e-9),
        (box.height / 2 - abs(unitX) * aside) / max(abs(unitY), 1e-9))
    }
    let start = inside(request.nodes[edge.from])
    let end = max(start, length - inside(request.nodes[edge.to]))
    let base = max(start, end - 10 * edge.arrowSize)
    let third = (base - start) / 3
    return DrawingLayout.Curve(
      points: [place(start), place(start + third), place(base - third), place(base)],
      tip: place(end))
  }
}
