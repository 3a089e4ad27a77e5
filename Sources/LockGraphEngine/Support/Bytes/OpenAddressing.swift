/// How every hash table here looks for a key: from its home on, until there it is or a place is
/// free.
///
/// The tables differ in what a slot is, which decides how many cache lines a look-up touches:
/// numbers beside their keys, keys alone, half a hash before bytes that stand elsewhere. So each
/// keeps its slots, and this is what they share.
enum OpenAddressing {
  /// What a slot is to a key that is looked for.
  enum Match { case found, free, other }

  /// Where a key is, or where it belongs; some place is free, for no table is more than half full.
  ///
  /// - Parameter mask: the number of places, a power of two, less one.
  /// - Complexity: expected O(1).
  @inline(__always)
  static func place(
    from home: Int, _ mask: Int, _ match: (Int) -> Match
  ) -> (position: Int, isFound: Bool) {
    var position = home & mask
    while true {
      switch match(position) {
      case .found: return (position, true)
      case .free: return (position, false)
      case .other: position = (position + 1) & mask
      }
    }
  }
}
