/// What an edge says: the findings' numbers on a plate, and beside it kinds and count or the name
/// of an interrupt.
struct EdgeLabel {
  let numbers: String
  let kinds: String
  /// The width of the plate; 0 without numbers.
  let plateWidth: Double
  let extent: Extent

  static let height = 17.0
  private static let gap = 5.0

  /// Nil if there is nothing to say.
  init?(_ dependency: Drawing.Dependency, in drawing: Drawing) {
    numbers = DrawingStyle.numbers(of: dependency)
    let isLayered = drawing.arrangement != .forces
    let saysKinds = dependency.emphasis == .context ? drawing.labelsContext : isLayered
    kinds =
      dependency.wait.map { _ in DrawingStyle.kinds(of: dependency) } ?? dependency.interrupt?.name
      ?? (saysKinds ? DrawingStyle.kinds(of: dependency) : "")
    guard !numbers.isEmpty || !kinds.isEmpty else { return nil }
    let size = DrawingStyle.edgeLabelSize
    plateWidth = numbers.isEmpty ? 0 : TextWidth.of(numbers, size: size, isBold: true) + 10
    let kindsWidth = kinds.isEmpty ? 0 : TextWidth.of(kinds, size: size)
    let between = numbers.isEmpty || kinds.isEmpty ? 0 : Self.gap
    extent = Extent(width: plateWidth + between + kindsWidth, height: Self.height)
  }

  /// The room it takes in a layout: its ends touch no line.
  var reserved: Extent { Extent(width: extent.width + 2 * Self.gap, height: Self.height) }

  /// Where the kinds begin, in points from the left edge.
  var kindsOffset: Double { plateWidth == 0 ? 0 : plateWidth + Self.gap }
}
