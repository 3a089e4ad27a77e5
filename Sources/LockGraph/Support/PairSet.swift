/// A set of pairs of 32-bit numbers; insert-only, exact, open addressing. Half the memory of a `PairTable`.
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
    let key = UInt64(first) << 32 | UInt64(second)
    var position = home(key)
    while slots[position] != Self.empty {
      if slots[position] == key { return false }
      position = (position + 1) & mask
    }
    slots[position] = key
    count += 1
    if count * 2 > slots.count { grow() }
    return true
  }

  @inline(__always)
  private func home(_ key: UInt64) -> Int {
    let mixed = (key ^ (key >> 29)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 32) & mask
  }

  @inline(never)
  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Self.empty, count: old.count * 2)
    mask = slots.count - 1
    for key in old where key != Self.empty {
      var position = home(key)
      while slots[position] != Self.empty { position = (position + 1) & mask }
      slots[position] = key
    }
  }
}
