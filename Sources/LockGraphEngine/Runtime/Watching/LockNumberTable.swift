/// The validator's numbers of locks.
///
/// Locks are numbered as they are made, so the numbers of a program with few locks lie close
/// together: those are looked up in an array, later ones in a hash table.
struct LockNumberTable {
  /// What the array takes at most: 16 MiB.
  private static let arrayLimit: UInt64 = 1 << 22
  private static let absent = UInt32.max

  private var early: [UInt32] = []
  private var late = PairTable()

  /// - Complexity: O(1), expected for late numbers.
  @inline(__always)
  func value(_ number: UInt64) -> UInt32? {
    if number < UInt64(early.count) {
      let value = early[Int(number)]
      return value == Self.absent ? nil : value
    }
    guard number >= Self.arrayLimit else { return nil }
    return late.value(UInt32(number >> 32), UInt32(truncatingIfNeeded: number))
  }

  /// - Complexity: amortised O(1) where numbers rise without great gaps.
  mutating func insert(_ number: UInt64, value: UInt32) {
    guard number < Self.arrayLimit else {
      late.insert(UInt32(number >> 32), UInt32(truncatingIfNeeded: number), value: value)
      return
    }
    if number >= UInt64(early.count) {
      early.append(
        contentsOf: repeatElement(Self.absent, count: max(64, Int(number) + 1 - early.count)))
    }
    early[Int(number)] = value
  }
}
