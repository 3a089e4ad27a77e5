/// The box of a node and the lines of text in it.
struct NodeBox {
  let lines: [DrawingStyle.Line]
  let extent: Extent

  private static let sideMargin = 14.0
  private static let endMargin = 8.0

  init(_ lockClass: Drawing.LockClass) {
    lines = DrawingStyle.lines(of: lockClass)
    let widest = lines.map { TextWidth.of($0.text, size: $0.size, isBold: $0.isBold) }.max() ?? 0
    let height = lines.reduce(0) { $0 + Self.lineHeight($1) }
    extent = Extent(
      width: max(60, widest + 2 * Self.sideMargin), height: height + 2 * Self.endMargin)
  }

  private static func lineHeight(_ line: DrawingStyle.Line) -> Double { line.size * 1.3 }

  /// The baseline of each line, in points below the upper edge.
  var baselines: [Double] {
    var top = Self.endMargin
    return lines.map { line in
      defer { top += Self.lineHeight(line) }
      return top + line.size
    }
  }
}
