/// A hash table from pairs of 32-bit numbers to 32-bit numbers; insert-only, exact, open
/// addressing.
///
/// It is what edges and chains are looked up in, so the whole key is compared and nothing rests on
/// a hash that does not collide.
package struct PairTable: Sendable {
  @usableFromInline struct Slot {
    var key: UInt64
    var value: UInt32
  }

  private var slots: [Slot]
  private var mask: Int
  package private(set) var count = 0

  /// No pair of ids can have this key: ids stay below `UInt32.max`.
  private static let empty = UInt64.max

  package init(minimumCapacity: Int = 16) {
    var size = 32
    while size < minimumCapacity * 2 { size *= 2 }
    slots = Array(repeating: Slot(key: Self.empty, value: 0), count: size)
    mask = size - 1
  }

  @inline(__always)
  static func key(_ first: UInt32, _ second: UInt32) -> UInt64 {
    UInt64(first) << 32 | UInt64(second)
  }

  @inline(__always)
  static func home(_ key: UInt64) -> Int {
    let mixed = (key ^ (key >> 29)) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: mixed >> 32)
  }

  /// The value of a pair.
  ///
  /// - Complexity: expected O(1).
  @inline(__always)
  package func value(_ first: UInt32, _ second: UInt32) -> UInt32? {
    let key = Self.key(first, second)
    let (position, isFound) = OpenAddressing.place(from: Self.home(key), mask) {
      slots[$0].key == key ? .found : slots[$0].key == Self.empty ? .free : .other
    }
    return isFound ? slots[position].value : nil
  }

  /// Adds a pair that is not there yet.
  ///
  /// - Complexity: amortised expected O(1).
  package mutating func insert(_ first: UInt32, _ second: UInt32, value: UInt32) {
    if (count + 1) * 2 > slots.count { grow() }
    place(Slot(key: Self.key(first, second), value: value))
    count += 1
  }

  /// Room that was used stays.
  ///
  /// - Complexity: O(count).
  package mutating func removeAll() {
    guard count * 8 > slots.count else {
      if count > 0 { self = PairTable() }
      return
    }
    for index in slots.indices { slots[index].key = Self.empty }
    count = 0
  }

  private mutating func place(_ slot: Slot) {
    let (position, _) = OpenAddressing.place(from: Self.home(slot.key), mask) {
      slots[$0].key == Self.empty ? .free : .other
    }
    slots[position] = slot
  }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Slot(key: Self.empty, value: 0), count: old.count * 2)
    mask = slots.count - 1
    for slot in old where slot.key != Self.empty { place(slot) }
  }
}
