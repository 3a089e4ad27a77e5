/// What stands below a drawing: what was left out, and what the lines mean.
struct SVGFooter {
  private let notes: [String]
  private let legend: Legend
  private let explanation: [String]
  private let rows: [[Cell]]

  private static let lineHeight = 18.0
  private static let sampleWidth = 34.0
  private static let entryGap = 22.0
  private static let sectionGap = 6.0

  init(_ drawing: Drawing, width: Double) {
    legend = Legend(drawing)
    rows = Self.rows(of: legend, width: width)
    notes = drawing.notes.flatMap {
      TextWidth.wrapped($0, size: DrawingStyle.captionSize, width: width)
    }
    explanation = TextWidth.wrapped(
      legend.explanation, size: DrawingStyle.edgeLabelSize, width: width)
  }

  var height: Double {
    let legendRows = rows.count + explanation.count
    let gap = notes.isEmpty || legendRows == 0 ? 0 : Self.sectionGap
    return Double(notes.count + legendRows) * Self.lineHeight + gap
  }

  /// What stands in a row of the legend, with its distance from the left; a line that goes on with
  /// an entry has no sample.
  private typealias Cell = (left: Double, sample: Legend.Entry?, text: String)

  private static func rows(of legend: Legend, width: Double) -> [[Cell]] {
    var rows: [[Cell]] = []
    var left = Double.infinity
    let textLeft = sampleWidth + 6
    for entry in legend.entries {
      let lines = TextWidth.wrapped(
        entry.text, size: DrawingStyle.edgeLabelSize, width: width - textLeft)
      let entryWidth =
        textLeft + TextWidth.of(lines.first ?? "", size: DrawingStyle.edgeLabelSize)
      if left + entryWidth > width {
        rows.append([])
        left = 0
      }
      rows[rows.count - 1].append((left, entry, lines.first ?? ""))
      left += entryWidth + entryGap
      for line in lines.dropFirst() {
        rows.append([(0, nil, line)])
        left = .infinity
      }
    }
    return rows
  }

  func element(left: Double, top: Double) -> String {
    var parts: [String] = []
    var baseline = top + DrawingStyle.captionSize
    for note in notes {
      parts.append(
        line(note, x: left, y: baseline, size: DrawingStyle.captionSize, color: DrawingStyle.ink))
      baseline += Self.lineHeight
    }
    if !notes.isEmpty { baseline += Self.sectionGap }
    for row in rows {
      for (offset, entry, text) in row {
        if let entry { parts += sample(entry, x: left + offset, y: baseline - 4) }
        parts.append(
          line(
            text, x: left + offset + Self.sampleWidth + 6, y: baseline,
            size: DrawingStyle.edgeLabelSize, color: DrawingStyle.quietInk))
      }
      baseline += Self.lineHeight
    }
    for text in explanation {
      parts.append(
        line(
          text, x: left, y: baseline, size: DrawingStyle.edgeLabelSize,
          color: DrawingStyle.quietInk))
      baseline += Self.lineHeight
    }
    return SVGElement("g", ["class": "legend"]).containing(parts)
  }

  private func line(_ text: String, x: Double, y: Double, size: Double, color: String) -> String {
    SVGElement(
      "text",
      [
        "x": Decimal.text(x), "y": Decimal.text(y), "font-size": Decimal.text(size), "fill": color,
      ]
    ).containing(text: text)
  }

  private func sample(_ entry: Legend.Entry, x: Double, y: Double) -> [String] {
    switch entry.sample {
    case .line(let emphasis): lineSample(emphasis, isDashed: false, x: x, y: y)
    case .newLine:
      lineSample(.warning, isDashed: false, color: DrawingStyle.newStroke, x: x, y: y)
    case .dashedLine: lineSample(.context, isDashed: true, x: x, y: y)
    case .interrupt(let emphasis): lineSample(emphasis, isDashed: true, x: x, y: y)
    case .event(let emphasis): lineSample(emphasis, isDashed: false, x: x, y: y)
    case .node(let emphasis): [nodeSample(emphasis, x: x, y: y)]
    case .wait: waitSample(x: x, y: y)
    case .weights: weightSample(x: x, y: y)
    }
  }

  private func waitSample(x: Double, y: Double) -> [String] {
    lineSample(.note, dashes: "2 3", color: DrawingStyle.waitStroke, x: x, y: y)
  }

  /// All grounds side by side, the lightest first.
  private func weightSample(x: Double, y: Double) -> [String] {
    let width = Self.sampleWidth / Double(DrawingStyle.weightFills.count)
    return DrawingStyle.weightFills.enumerated().map { index, fill in
      SVGElement(
        "rect",
        [
          "x": Decimal.text(x + Double(index) * width), "y": Decimal.text(y - 5),
          "width": Decimal.text(width), "height": "10", "fill": fill,
          "stroke": DrawingStyle.stroke(.context), "stroke-width": "0.5",
        ]
      ).empty
    }
  }

  private func nodeSample(_ emphasis: Emphasis, x: Double, y: Double) -> String {
    SVGElement(
      "rect",
      [
        "x": Decimal.text(x + 2), "y": Decimal.text(y - 6),
        "width": Decimal.text(Self.sampleWidth - 4), "height": "12", "rx": "3",
        "fill": DrawingStyle.fill(emphasis), "stroke": DrawingStyle.stroke(emphasis),
        "stroke-width": Decimal.text(DrawingStyle.nodeWidth(emphasis)),
      ]
    ).empty
  }

  private func lineSample(
    _ emphasis: Emphasis, isDashed: Bool, color: String? = nil, x: Double, y: Double
  ) -> [String] {
    lineSample(emphasis, dashes: isDashed ? "5 4" : nil, color: color, x: x, y: y)
  }

  private func lineSample(
    _ emphasis: Emphasis, dashes: String?, color: String?, x: Double, y: Double
  ) -> [String] {
    let color = color ?? DrawingStyle.stroke(emphasis)
    let length = 10 * DrawingStyle.arrowSize(emphasis)
    let curve = DrawingLayout.Curve(
      points: [Point(x: x + Self.sampleWidth - length, y: y)],
      tip: Point(x: x + Self.sampleWidth, y: y))
    return [
      SVGElement(
        "line",
        [
          "x1": Decimal.text(x), "y1": Decimal.text(y),
          "x2": Decimal.text(x + Self.sampleWidth - length), "y2": Decimal.text(y),
          "stroke": color, "stroke-width": Decimal.text(DrawingStyle.edgeWidth(emphasis)),
          "stroke-dasharray": dashes,
        ]
      ).empty,
      SVGPath.arrowhead(of: curve).map {
        SVGElement("polygon", ["points": $0, "fill": color]).empty
      },
    ].compactMap { $0 }
  }
}
