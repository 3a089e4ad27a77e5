/// A set of pairs of 32-bit numbers; insert-only, exact, open addressing. Half the memory of a
/// `PairTable`.
struct PairSet: Sendable {
  private var slots: [UInt64]
  private var mask: Int
  private(set) var count = 0

  /// No pair has this key: one of its numbers would be `UInt32.max`.
  private static let empty = UInt64.max

  init() {
    slots = Array(repeating: Self.empty, count: 1024)
    mask = slots.count - 1
  }

  /// Adds a pair; false if it is there.
  ///
  /// - Complexity: amortised expected O(1).
  @inline(__always)
  mutating func insert(_ first: UInt32, _ second: UInt32) -> Bool {
    let key = PairTable.key(first, second)
    let (position, isFound) = OpenAddressing.place(from: PairTable.home(key), mask) {
      slots[$0] == Self.empty ? .free : slots[$0] == key ? .found : .other
    }
    if isFound { return false }
    slots[position] = key
    count += 1
    if count * 2 > slots.count { grow() }
    return true
  }

  @inline(never)
  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Self.empty, count: old.count * 2)
    mask = slots.count - 1
    for key in old where key != Self.empty {
      let (position, _) = OpenAddressing.place(from: PairTable.home(key), mask) {
        slots[$0] == Self.empty ? .free : .other
      }
      slots[position] = key
    }
  }
}
