/// What became of the nestings of some classes; a small table in which one pushes out another.
struct RecentNestings {
  private struct Slot {
    var key: UInt64 = 0
    var count: UInt8 = 0
    var isSettled = false
  }

  private static let size = 1 << 12
  private var slots = [Slot](repeating: Slot(), count: RecentNestings.size)

  private static func home(_ key: UInt64) -> Int {
    Int(truncatingIfNeeded: key >> 11) & (size - 1)
  }

  /// The validator wants no more of them.
  func isSettled(_ key: UInt64) -> Bool {
    let slot = slots[Self.home(key)]
    return slot.key == key && slot.isSettled
  }

  /// How many were put off before this one.
  mutating func count(_ key: UInt64) -> UInt8 {
    let home = Self.home(key)
    if slots[home].key != key { slots[home] = Slot(key: key) }
    slots[home].count &+= 1
    return slots[home].count - 1
  }

  mutating func set(_ key: UInt64, isSettled: Bool) {
    slots[Self.home(key)] = Slot(key: key, isSettled: isSettled)
  }
}
