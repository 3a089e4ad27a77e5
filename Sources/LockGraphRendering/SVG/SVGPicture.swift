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
  private let bounds: DrawingLayout.Bounds
  private let origin: Point

  private static let margin = 20.0
  private static let leastWidth = 640.0
  private static let titleIdentifier = "lock-order-title"
  private static let descriptionIdentifier = "lock-order-description"

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
    bounds = layout.bounds(boxes: boxes.map(\.extent), labels: labels.map { $0?.extent })
    width = max(Self.leastWidth, bounds.extent.width + 2 * Self.margin)
    footer = SVGFooter(drawing, width: min(width, 1_000) - 2 * Self.margin)
    origin = Point(
      x: (width - bounds.extent.width) / 2 - bounds.corner.x, y: Self.margin - bounds.corner.y)
  }

  private var footerTop: Double {
    Self.margin + bounds.extent.height + (bounds.extent.height > 0 ? Self.margin : 0)
  }

  /// In points.
  var extent: Extent {
    Extent(width: width, height: footerTop + footer.height + Self.margin)
  }

  /// The whole document.
  var document: String {
    let height = extent.height
    let title = "Lock order graph"
    let description = ([drawing.summary] + drawing.notes).joined(separator: " ")
    var elements = [
      SVGElement("title", ["id": Self.titleIdentifier]).containing(text: title),
      SVGElement("desc", ["id": Self.descriptionIdentifier]).containing(text: description),
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
        "viewBox": "0 0 \(Decimal.text(width)) \(Decimal.text(height))",
        // Not `img`, which would keep readers from what is in it.
        "role": "graphics-document document", "aria-labelledby": Self.titleIdentifier,
        "aria-describedby": Self.descriptionIdentifier, "font-family": DrawingStyle.fontFamily,
      ]
    ).containing([DarkStyle.element(for: elements)] + elements) + "\n"
  }

  private func node(_ index: Int) -> String {
    let lockClass = drawing.classes[index]
    let box = boxes[index]
    let center = layout.nodeCenters[index]
    let left = center.x - box.extent.width / 2
    let top = center.y - box.extent.height / 2
    let isRemainder = lockClass.standsFor != nil
    var parts = [
      Self.title(lockClass.tooltip, of: lockClass.identifier),
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
    return Self.symbol(
      lockClass.identifier, DrawingStyle.styleClasses(of: lockClass), containing: parts)
  }

  private func line(of index: Int) -> String {
    let dependency = drawing.dependencies[index]
    let color = DrawingStyle.stroke(of: dependency)
    let width = DrawingStyle.edgeWidth(of: dependency)
    var parts = [Self.title(dependency.tooltip, of: dependency.identifier)]
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
    return Self.symbol(
      dependency.identifier, DrawingStyle.styleClasses(of: dependency), containing: parts)
  }

  /// A class or an order: what a reader of the screen comes to, and what its title says to it.
  private static func symbol(
    _ identifier: String, _ words: String, containing parts: [String]
  ) -> String {
    SVGElement(
      "g",
      [
        "id": identifier, "class": words, "role": "img",
        "aria-labelledby": "title-" + identifier,
      ]
    ).containing(parts)
  }

  private static func title(_ text: String, of identifier: String) -> String {
    SVGElement("title", ["id": "title-" + identifier]).containing(text: text)
  }

  private func dashes(of dependency: Drawing.Dependency, _ width: Double) -> String? {
    if dependency.wait != nil { return "\(Decimal.text(width)) \(Decimal.text(2 + width))" }
    return dependency.isDashed
      ? "\(Decimal.text(4 + width)) \(Decimal.text(3 + width))" : nil
  }

  private func label(of index: Int) -> String? {
    guard let label = labels[index] else { return nil }
    guard let center = layout.labelCenter(of: index) else { return nil }
    let dependency = drawing.dependencies[index]
    let left = center.x - label.extent.width / 2
    let top = center.y - label.extent.height / 2
    let baseline = top + EdgeLabel.plateHeight / 2 + DrawingStyle.edgeLabelSize * 0.36
    let color = DrawingStyle.stroke(of: dependency)
    var parts = [
      SVGElement("title").containing(text: dependency.tooltip),
      SVGElement(
        "rect",
        [
          "x": Decimal.text(left - 2), "y": Decimal.text(top + 2),
          "width": Decimal.text(label.extent.width + 4),
          "height": Decimal.text(label.extent.height - 4),
          "fill": DrawingStyle.background, "fill-opacity": "0.85",
        ]
      ).empty,
    ]
    if !label.badge.isEmpty {
      let isNote = dependency.emphasis == .note
      parts.append(
        SVGElement(
          "rect",
          [
            "x": Decimal.text(left), "y": Decimal.text(top),
            "width": Decimal.text(label.plateWidth), "height": Decimal.text(EdgeLabel.plateHeight),
            "rx": "8", "fill": isNote ? DrawingStyle.background : color, "stroke": color,
          ]
        ).empty)
      parts.append(
        SVGElement(
          "text",
          [
            "x": Decimal.text(left + label.plateWidth / 2), "y": Decimal.text(baseline),
            "text-anchor": "middle", "font-size": Decimal.text(DrawingStyle.edgeLabelSize),
            "font-weight": "bold", "fill": isNote ? color : DrawingStyle.background,
          ]
        ).containing(text: label.badge))
    }
    for (line, text) in label.lines.enumerated() where !text.isEmpty {
      parts.append(
        SVGElement(
          "text",
          [
            "x": Decimal.text(left + label.offset(ofLine: line)),
            "y": Decimal.text(baseline + Double(line) * EdgeLabel.lineHeight),
            "font-size": Decimal.text(DrawingStyle.edgeLabelSize),
            "fill": DrawingStyle.labelColor(of: dependency),
          ]
        ).containing(text: text))
    }
    // The line has the same title.
    return SVGElement(
      "g",
      [
        "class": "dependency-label", "data-dependency": dependency.identifier,
        "aria-hidden": "true",
      ]
    ).containing(parts)
  }
}
