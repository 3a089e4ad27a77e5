import LockGraphEngine

/// What an edge says: a badge with the severity and the findings' numbers, and beside or below it
/// what is known of the order: its places, how often it was taken, its kinds.
struct EdgeLabel {
  /// `error #1 #2`; empty off the reported cycles.
  let badge: String
  /// Lines of text; the first one stands beside the badge, and is empty if there is no room there.
  let lines: [String]
  /// The width of the badge; 0 without one.
  let plateWidth: Double
  let extent: Extent
  /// Whether it says where the locks were taken, and how often.
  private(set) var saysPlaces = false
  private(set) var saysCount = false

  static let lineHeight = 15.0
  static let plateHeight = 17.0
  private static let gap = 5.0
  /// Up to here lines are not broken: those about orders, and others, which are words.
  private static let lineWidth = 220.0
  private static let wordsWidth = 120.0

  /// Nil if there is nothing to say.
  init?(_ dependency: Drawing.Dependency, in drawing: Drawing) {
    badge = DrawingStyle.badge(of: dependency)
    plateWidth =
      badge.isEmpty ? 0 : Self.width(badge, isBold: true) + 10
    let indent = badge.isEmpty ? 0 : plateWidth + Self.gap
    let isOrder = dependency.isOrder
    let isContext = dependency.emphasis == .context && isOrder
    let isLayered = drawing.arrangement != .forces

    var words = dependency.words.first.map { [$0] } ?? []
    if isOrder, isContext ? drawing.labelsContext : isLayered {
      if dependency.isNew { words.append("new") }
      if let count = dependency.count, count > 0 {
        if drawing.saysKinds { words += dependency.kinds.names }
        if count > 1 || drawing.saysKinds {
          words.append("×\(Counted.grouped(count))")
          saysCount = true
        }
      }
    }
    var lines = [words.joined(separator: " ")]
    var further = Array(dependency.words.dropFirst())
    if let place = dependency.place, isContext ? drawing.labelsContextPlaces : isLayered {
      saysPlaces = isOrder
      further += Self.width(place.text) <= Self.lineWidth ? [place.text] : place.lines
    }
    let room = dependency.words.isEmpty ? Self.lineWidth : Self.wordsWidth
    if further.count == 1, indent + Self.width("\(lines[0]) \(further[0])") <= room {
      lines[0] += (lines[0].isEmpty ? "" : " ") + further[0]
    } else {
      lines += further
    }
    if badge.isEmpty, lines[0].isEmpty { lines.removeFirst() }
    guard !badge.isEmpty || !lines.isEmpty else { return nil }
    self.lines = lines
    let first = lines[0].isEmpty ? plateWidth : indent + Self.width(lines[0])
    extent = Extent(
      width: lines.dropFirst().reduce(first) { max($0, Self.width($1)) },
      height: Double(lines.count) * Self.lineHeight + 2)
  }

  private static func width(_ text: String, isBold: Bool = false) -> Double {
    TextWidth.of(text, size: DrawingStyle.edgeLabelSize, isBold: isBold)
  }

  /// The room it takes in a layout: its ends touch no line.
  var reserved: Extent { Extent(width: extent.width + 2 * Self.gap, height: extent.height) }

  /// Where a line begins, in points from the left edge.
  func offset(ofLine line: Int) -> Double {
    line > 0 || plateWidth == 0 ? 0 : plateWidth + Self.gap
  }
}
