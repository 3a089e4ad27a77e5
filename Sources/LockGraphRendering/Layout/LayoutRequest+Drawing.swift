extension LayoutRequest {
  /// What has to be arranged of a drawing, in its order.
  init(_ drawing: Drawing, boxes: [NodeBox], labels: [EdgeLabel?]) {
    nodes = boxes.map(\.extent)
    edges = zip(drawing.dependencies, labels).map { dependency, label in
      // With forces, labels lie on their edges, where no room is kept for them.
      Edge(
        from: dependency.from, to: dependency.to,
        label: drawing.arrangement != .forces ? label?.reserved : nil,
        arrowSize: DrawingStyle.arrowSize(of: dependency),
        weight: dependency.emphasis > .note ? 4 : 1)
    }
    arrangement = drawing.arrangement
  }
}
