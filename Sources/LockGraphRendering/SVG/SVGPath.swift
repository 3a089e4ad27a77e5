/// Curves and arrowheads in SVG's notation.
enum SVGPath {
  static func data(of curve: DrawingLayout.Curve) -> String {
    guard let start = curve.points.first else { return "" }
    var data = "M" + pair(start)
    for (index, point) in curve.points.dropFirst().enumerated() {
      data += (index.isMultiple(of: 3) ? "C" : " ") + pair(point)
    }
    return data
  }

  /// A triangle from the end of a curve to its tip; nil if there is no room for one.
  static func arrowhead(of curve: DrawingLayout.Curve) -> String? {
    guard let tip = curve.tip, let base = curve.points.last else { return nil }
    let (x, y) = (tip.x - base.x, tip.y - base.y)
    guard x * x + y * y > 0.01 else { return nil }
    let corners = [
      Point(x: base.x - y * 0.38, y: base.y + x * 0.38), tip,
      Point(x: base.x + y * 0.38, y: base.y - x * 0.38),
    ]
    return corners.map { pair($0) }.joined(separator: " ")
  }

  private static func pair(_ point: Point) -> String {
    "\(Decimal.text(point.x)),\(Decimal.text(point.y))"
  }
}
