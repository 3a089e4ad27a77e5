/// How often durations were how long, in buckets whose width grows with the duration.
///
/// Every octave is cut into 64 buckets of equal width, and below 128 ns every value has its own. A
/// quantile is given as the greatest value of its bucket, so it is never too short, and too long by
/// less than one part in 64 (1.6 %). Counters exist from the least to the greatest octave seen: 256
/// bytes an octave, 15 KB at most.
package struct DurationHistogram: Sendable {
  /// How much too long a quantile can be, as a part of itself.
  package static let relativeError = 1.0 / 64

  private static let bucketsPerOctave = 64
  private static let bits = 6

  private var counters: [UInt32] = []
  /// The bucket of the first counter; octaves begin at multiples of 64.
  private var firstBucket = 0
  package private(set) var count: UInt64 = 0

  package init() {}

  /// - Complexity: O(1); the first value of an octave makes room for it.
  package mutating func record(_ nanoseconds: UInt64) {
    let bucket = Self.bucket(of: nanoseconds)
    if bucket < firstBucket || bucket >= firstBucket + counters.count { makeRoom(for: bucket) }
    let index = bucket - firstBucket
    if counters[index] < .max { counters[index] += 1 }
    count &+= 1
  }

  /// Adds the durations that another one recorded.
  ///
  /// - Complexity: O(octaves of the other one).
  mutating func merge(_ other: DurationHistogram) {
    for (index, counter) in other.counters.enumerated() where counter > 0 {
      let bucket = other.firstBucket + index
      if bucket < firstBucket || bucket >= firstBucket + counters.count { makeRoom(for: bucket) }
      let (sum, overflow) = counters[bucket - firstBucket].addingReportingOverflow(counter)
      counters[bucket - firstBucket] = overflow ? .max : sum
    }
    count &+= other.count
  }

  /// The duration that so many of a hundred do not exceed (nearest rank); `nil` without durations.
  ///
  /// - Complexity: O(octaves seen).
  package func quantile(percent: UInt64) -> UInt64? {
    guard count > 0 else { return nil }
    let above = count.multipliedFullWidth(by: 100 - min(percent, 100))
    let rank = max(1, count - UInt64(100).dividingFullWidth(above).quotient)
    var passed: UInt64 = 0
    for (index, counter) in counters.enumerated() where counter > 0 {
      passed += UInt64(counter)
      if passed >= rank { return Self.greatestValue(of: firstBucket + index) }
    }
    return counters.lastIndex { $0 > 0 }.map { Self.greatestValue(of: firstBucket + $0) }
  }

  /// Durations of all octaves fit: there are 59 of them and the values below 64.
  private static func bucket(of value: UInt64) -> Int {
    guard value >= UInt64(bucketsPerOctave) else { return Int(value) }
    let shift = 63 - value.leadingZeroBitCount - bits
    return shift * bucketsPerOctave + Int(value >> UInt64(shift))
  }

  private static func greatestValue(of bucket: Int) -> UInt64 {
    guard bucket >= 2 * bucketsPerOctave else { return UInt64(bucket) }
    let shift = bucket / bucketsPerOctave - 1
    let part = UInt64(bucket - shift * bucketsPerOctave)
    return part << UInt64(shift) | (1 << UInt64(shift) - 1)
  }

  @inline(never)
  private mutating func makeRoom(for bucket: Int) {
    let octave = bucket / Self.bucketsPerOctave * Self.bucketsPerOctave
    if counters.isEmpty { firstBucket = octave }
    if octave < firstBucket {
      counters.insert(contentsOf: repeatElement(0, count: firstBucket - octave), at: 0)
      firstBucket = octave
    }
    let needed = octave + Self.bucketsPerOctave - firstBucket
    if needed > counters.count {
      counters.append(contentsOf: repeatElement(0, count: needed - counters.count))
    }
  }
}
