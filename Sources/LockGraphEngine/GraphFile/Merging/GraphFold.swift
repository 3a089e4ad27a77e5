/// Puts contents together in memory that is bounded by the result, however many they are.
struct GraphFold {
  private var content = GraphContent()
  /// What it weighed when it was last canonical.
  private var canonicalWeight = 0
  private(set) var isCanonical = true

  /// So much may be there that is perhaps there twice.
  private static let slack = 16 << 20

  var isEmpty: Bool { content.inputs.isEmpty && content.isEmpty }

  /// - Parameter isCanonical: it has been made so.
  /// - Complexity: O(rows), amortised O(log) times that for making the whole canonical now and
  ///   then.
  mutating func add(_ other: consuming GraphContent, isCanonical: Bool) {
    guard !isEmpty else {
      content = other
      canonicalWeight = content.weight
      self.isCanonical = isCanonical
      return
    }
    content.append(other)
    self.isCanonical = false
    guard content.weight > 2 * canonicalWeight + Self.slack else { return }
    content = content.canonical()
    canonicalWeight = content.weight
    self.isCanonical = true
  }

  /// All of it, canonical if it is not known to be that already.
  consuming func result() -> GraphContent { isCanonical ? content : content.canonical() }
}
