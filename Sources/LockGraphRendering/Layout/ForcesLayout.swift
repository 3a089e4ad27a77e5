/// The last steps of an arrangement by forces: boxes are moved apart and joined by straight lines.
///
/// Graphviz could do both, but its way of removing overlaps gives different results each time, even
/// within one process.
struct ForcesLayout {
  private let request: LayoutRequest
  private var centers: [Point]

  private static let gap = 22.0
  private static let rounds = 60
  private static let attempts = 6
  /// How much of the area of a drawing its boxes take at most, gaps included.
  private static let density = 0.4

  /// - Parameter centers: Where the forces want the nodes.
  init(_ request: LayoutRequest, centers: [Point]) {
    self.request = request
    self.centers = centers
    let joined = Set(request.edges.flatMap { [$0.from, $0.to] })
    moving = centers.indices.filter { joined.contains($0) }
    spread()
    separate()
    placeOthers(centers.indices.filter { !joined.contains($0) })
  }

  /// The nodes that have edges.
  private var moving: [Int] = []

  /// Puts nodes without edges in rows below the others: no force holds them.
  private mutating func placeOthers(_ others: [Int]) {
    let area = others.reduce(0) {
      $0 + (request.nodes[$1].width + Self.gap) * (request.nodes[$1].height + Self.gap)
    }
    let left = moving.map { centers[$0].x - request.nodes[$0].width / 2 }.min() ?? 0
    let right = moving.map { centers[$0].x + request.nodes[$0].width / 2 }.max() ?? 0
    let limit = left + max(right - left, (1.6 * area).squareRoot())
    var top = (moving.map { centers[$0].y + request.nodes[$0].height / 2 }.max() ?? 0) + Self.gap
    var (x, rowHeight) = (left, 0.0)
    for index in others {
      let box = request.nodes[index]
      if x > left, x + box.width > limit {
        top += rowHeight + Self.gap
        (x, rowHeight) = (left, 0)
      }
      centers[index] = Point(x: x + box.width / 2, y: top + box.height / 2)
      x += box.width + Self.gap
      rowHeight = max(rowHeight, box.height)
    }
  }

  /// Scales the places so that the boxes have room on the whole.
  private mutating func spread() {
    let needed = moving.reduce(0) {
      $0 + (request.nodes[$1].width + Self.gap) * (request.nodes[$1].height + Self.gap)
    }
    let places = moving.map { centers[$0] }
    let width = (places.map(\.x).max() ?? 0) - (places.map(\.x).min() ?? 0)
    let height = (places.map(\.y).max() ?? 0) - (places.map(\.y).min() ?? 0)
    let scale = max(1, (needed / Self.density / max(1, width * height)).squareRoot())
    // Boxes are wide, so what is beside each other needs more room than what is above.
    for index in centers.indices {
      centers[index].x *= scale * 1.25
      centers[index].y *= scale / 1.25
    }
  }

  /// Moves boxes apart until none overlap; if they have no room to, spreads them and tries again.
  ///
  /// - Complexity: O(nodes × neighbours) for each of a bounded number of rounds.
  private mutating func separate() {
    for _ in 0..<Self.attempts {
      for _ in 0..<Self.rounds where separateOnce() { return }
      for index in centers.indices {
        centers[index].x *= 1.15
        centers[index].y *= 1.15
      }
    }
  }

  /// Moves each two boxes that overlap apart by the shorter way; true if none did.
  private mutating func separateOnce() -> Bool {
    let order = moving.sorted { (centers[$0].x, $0) < (centers[$1].x, $1) }
    let reach = (request.nodes.map(\.width).max() ?? 0) + Self.gap
    var isSettled = true
    for (position, left) in order.enumerated() {
      for right in order[(position + 1)...] {
        let x = centers[right].x - centers[left].x
        if x > 2 * reach { break }
        let y = centers[right].y - centers[left].y
        let (a, b) = (request.nodes[left], request.nodes[right])
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
    return isSettled
  }

  var layout: DrawingLayout {
    let boxes = zip(centers, request.nodes)
    let left = boxes.map { $0.x - $1.width / 2 }.min() ?? 0
    let top = boxes.map { $0.y - $1.height / 2 }.min() ?? 0
    let parallel = ParallelEdges(request.edges)
    let loops = request.edges.indices.filter { request.edges[$0].from == request.edges[$0].to }
      .map { parallel.counts[$0] }
    // A loop stands out to the right of its node.
    let right =
      (boxes.map { $0.x + $1.width / 2 }.max() ?? 0) + Self.gap * Double(loops.max() ?? 1)
    let bottom = boxes.map { $0.y + $1.height / 2 }.max() ?? 0
    let places = centers.map { Point(x: $0.x - left, y: $0.y - top) }
    struct Pair: Hashable {
      var from: Int
      var to: Int
    }
    let pairs = Set(request.edges.map { Pair(from: $0.from, to: $0.to) })
    let curves = zip(request.edges, parallel.ranks).map { edge, rank in
      edge.from == edge.to
        ? loop(edge, at: places, rank: rank)
        : line(
          edge, at: places, rank: rank,
          isOneOfTwo: pairs.contains(Pair(from: edge.to, to: edge.from)))
    }
    // Labels of lines that lead to and fro are not side by side but nearer to their beginnings.
    let labels = zip(request.edges, curves).map { edge, curve -> Point? in
      guard edge.from != edge.to, pairs.contains(Pair(from: edge.to, to: edge.from)),
        let start = curve.points.first, let end = curve.points.last
      else { return nil }
      return Point(x: start.x + (end.x - start.x) * 0.35, y: start.y + (end.y - start.y) * 0.35)
    }
    return DrawingLayout(
      extent: Extent(width: right - left, height: bottom - top), nodeCenters: places,
      edgeCurves: curves.map { [$0] }, labelCenters: labels)
  }

  /// A loop around those of lesser rank.
  private func loop(
    _ edge: LayoutRequest.Edge, at places: [Point], rank: Int
  ) -> DrawingLayout.Curve {
    let reach = Self.gap * Double(1 + rank)
    let side = places[edge.from].x + request.nodes[edge.from].width / 2
    let middle = places[edge.from].y
    let length = 10 * edge.arrowSize
    return DrawingLayout.Curve(
      points: [
        Point(x: side, y: middle - 9), Point(x: side + reach, y: middle - 14),
        Point(x: side + reach + length, y: middle + 9), Point(x: side + length, y: middle + 9),
      ], tip: Point(x: side, y: middle + 9))
  }

  /// A line between two boxes; beside the middle if another one leads back or is parallel.
  private func line(
    _ edge: LayoutRequest.Edge, at places: [Point], rank: Int, isOneOfTwo: Bool
  ) -> DrawingLayout.Curve {
    let (from, to) = (places[edge.from], places[edge.to])
    let (x, y) = (to.x - from.x, to.y - from.y)
    let length = max(1, (x * x + y * y).squareRoot())
    let (unitX, unitY) = (x / length, y / length)
    let half = min(request.nodes[edge.from].height, request.nodes[edge.to].height) / 2
    let aside = min((isOneOfTwo ? 6.0 : 0) + 12 * Double(rank), max(6, half - 4))
    func place(_ distance: Double) -> Point {
      Point(
        x: from.x + unitX * distance - unitY * aside, y: from.y + unitY * distance + unitX * aside)
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
