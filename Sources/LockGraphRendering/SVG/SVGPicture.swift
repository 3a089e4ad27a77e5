/// A drawing as SVG.
///
/// The document is written here rather than by Graphviz, which only says where things are: so every
/// text is escaped in one place, and the bytes do not depend on Graphviz's version of the day.
/// Styles are presentation attributes, which any style sheet overrides.
struct SVGPicture {
  private let drawing: Drawing
  private let boxes: [NodeBox]
  private let labels: [EdgeLabel?]
  private let layout: DrawingLayout
  private let footer: SVGFooter
  private let width: Double
  private let origin: Point

  private static let margin = 20.0
  private static let leastWidth = 640.0

  init(
    _ drawing: Drawing,
    arrange: (LayoutRequest) throws(GraphvizFailure) -> DrawingLayout
  ) throws(GraphvizFailure) {
    self.drawing = drawing
    boxes = drawing.classes.map { NodeBox($0) }
    labels = drawing.dependencies.map { EdgeLabel($0, in: drawing) }
    layout =
      drawing.classes.isEmpty
      ? DrawingLayout(
        extent: Extent(width: 0, height: 0), nodeCenters: [], edgeCurves: [], labelCenters: [])
      : try arrange(LayoutRequest(drawing, boxes: boxes, labels: labels))
    width = max(Self.leastWidth, layout.extent.width + 2 * Self.margin)
    footer = SVGFooter(drawing, width: min(width, 1_000) - 2 * Self.margin)
    origin = Point(x: (width - layout.extent.width) / 2, y: Self.margin)
  }

  /// The whole document.
  var document: String {
    let footerTop = origin.y + layout.extent.height + (layout.extent.height > 0 ? Self.margin : 0)
    let height = footerTop + footer.height + Self.margin
    let title = "Lock order graph"
    var elements = [
      SVGElement("title").containing(text: title),
      SVGElement(
        "rect",
        ["width": "100%", "height": "100%", "class": "background", "fill": DrawingStyle.background]
      ).empty,
    ]
    // What stands out is painted last, above what it crosses, and all labels above all lines.
    let order = drawing.dependencies.indices.sorted {
      let (one, other) = (drawing.dependencies[$0], drawing.dependencies[$1])
      return (one.emphasis, one.isNew ? 1 : 0, $0) < (other.emphasis, other.isNew ? 1 : 0, $1)
    }
    elements.append(
      SVGElement(
        "g", ["transform": "translate(\(Decimal.text(origin.x)) \(Decimal.text(origin.y)))"]
      ).containing(
        order.map { line(of: $0) } + drawing.classes.indices.map { node($0) }
          + order.compactMap { label(of: $0) }))
    elements.append(footer.element(left: Self.margin, top: footerTop))
    return SVGElement(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "width": Decimal.text(width),
        "height": Decimal.text(height),
        "viewBox": "0 0 \(Decimal.text(width)) \(Decimal.text(height))", "role": "img",
        "aria-label": ([title + "."] + drawing.notes).joined(separator: " "),
        "font-family": DrawingStyle.fontFamily,
      ]
    ).containing(elements) + "\n"
  }

  private func node(_ index: Int) -> String {
    let lockClass = drawing.classes[index]
    let box = boxes[index]
    let center = layout.nodeCenters[index]
    let left = center.x - box.extent.width / 2
    let top = center.y - box.extent.height / 2
    let isRemainder = lockClass.standsFor != nil
    var parts = [
      SVGElement("title").containing(text: lockClass.tooltip),
      SVGElement(
        "rect",
        [
          "x": Decimal.text(left), "y": Decimal.text(top), "width": Decimal.text(box.extent.width),
          "height": Decimal.text(box.extent.height),
          "rx": lockClass.wait == nil ? "6" : Decimal.text(box.extent.height / 2),
          "fill": DrawingStyle.fill(of: lockClass),
          "stroke": DrawingStyle.stroke(of: lockClass),
          "stroke-width": Decimal.text(DrawingStyle.nodeWidth(of: lockClass)),
          "stroke-dasharray": isRemainder ? "2 4" : nil,
        ]
      ).empty,
    ]
    for (line, baseline) in zip(box.lines, box.baselines) {
      parts.append(
        SVGElement(
          "text",
          [
            "x": Decimal.text(center.x), "y": Decimal.text(top + baseline),
            "text-anchor": "middle", "font-size": Decimal.text(line.size),
            "font-weight": line.isBold ? "bold" : nil, "fill": line.color,
          ]
        ).containing(text: line.text))
    }
    return SVGElement(
      "g", ["id": lockClass.identifier, "class": DrawingStyle.styleClasses(of: lockClass)]
    ).containing(parts)
  }

  private func line(of index: Int) -> String {
    let dependency = drawing.dependencies[index]
    let color = DrawingStyle.stroke(of: dependency)
    let width = DrawingStyle.edgeWidth(of: dependency)
    var parts = [SVGElement("title").containing(text: dependency.tooltip)]
    for curve in layout.edgeCurves[index] {
      parts.append(
        SVGElement(
          "path",
          [
            "d": SVGPath.data(of: curve), "fill": "none", "stroke": color,
            "stroke-width": Decimal.text(width),
            "stroke-dasharray": dashes(of: dependency, width),
          ]
        ).empty)
      if let arrow = SVGPath.arrowhead(of: curve) {
        parts.append(SVGElement("polygon", ["points": arrow, "fill": color]).empty)
      }
    }
    return SVGElement(
      "g", ["id": dependency.identifier, "class": DrawingStyle.styleClasses(of: dependency)]
    ).containing(parts)
  }

  private func dashes(of dependency: Drawing.Dependency, _ width: Double) -> String? {
    if dependency.wait != nil { return "\(Decimal.text(width)) \(Decimal.text(2 + width))" }
    return dependency.isDashed
      ? "\(Decimal.text(4 + width)) \(Decimal.text(3 + width))" : nil
  }

  private func label(of index: Int) -> String? {
    guard let label = labels[index] else { return nil }
    guard let center = layout.labelCenters[index] ?? layout.edgeCurves[index].first?.middle else {
      return nil
    }
    let dependency = drawing.dependencies[index]
    let left = center.x - label.extent.width / 2
    let top = center.y - label.extent.height / 2
    let baseline = Decimal.text(center.y + DrawingStyle.edgeLabelSize * 0.36)
    let color = DrawingStyle.stroke(of: dependency)
    var parts = [
      SVGElement("title").containing(text: dependency.tooltip),
      SVGElement(
        "rect",
        [
          "x": Decimal.text(left), "y": Decimal.text(top + 2),
          "width": Decimal.text(label.extent.width),
          "height": Decimal.text(label.extent.height - 4),
          "fill": DrawingStyle.background, "fill-opacity": "0.85",
        ]
      ).empty,
    ]
    if !label.numbers.isEmpty {
      let isNote = dependency.emphasis == .note
      parts.append(
        SVGElement(
          "rect",
          [
            "x": Decimal.text(left), "y": Decimal.text(top),
            "width": Decimal.text(label.plateWidth), "height": Decimal.text(label.extent.height),
            "rx": "8", "fill": isNote ? DrawingStyle.background : color, "stroke": color,
          ]
        ).empty)
      parts.append(
        SVGElement(
          "text",
          [
            "x": Decimal.text(left + label.plateWidth / 2), "y": baseline,
            "text-anchor": "middle", "font-size": Decimal.text(DrawingStyle.edgeLabelSize),
            "font-weight": "bold", "fill": isNote ? color : DrawingStyle.background,
          ]
        ).containing(text: label.numbers))
    }
    if !label.kinds.isEmpty {
      parts.append(
        SVGElement(
          "text",
          [
            "x": Decimal.text(left + label.kindsOffset), "y": baseline,
            "font-size": Decimal.text(DrawingStyle.edgeLabelSize),
            "fill": DrawingStyle.labelColor(of: dependency),
          ]
        ).containing(text: label.kinds))
    }
    return SVGElement(
      "g", ["class": "dependency-label", "data-dependency": dependency.identifier]
    ).containing(parts)
  }
}
