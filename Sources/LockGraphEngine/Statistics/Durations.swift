/// Durations as they come in, of which only the summary is kept.
struct Durations: Sendable {
  private(set) var total: UInt64 = 0
  private var minimum = UInt64.max
  private var maximum: UInt64 = 0
  private var histogram = DurationHistogram()

  @inline(__always)
  mutating func record(_ nanoseconds: UInt64) {
    let (sum, overflow) = total.addingReportingOverflow(nanoseconds)
    total = overflow ? .max : sum
    if nanoseconds < minimum { minimum = nanoseconds }
    if nanoseconds > maximum { maximum = nanoseconds }
    histogram.record(nanoseconds)
  }

  mutating func merge(_ other: Durations) {
    let (sum, overflow) = total.addingReportingOverflow(other.total)
    total = overflow ? .max : sum
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
    histogram.merge(other.histogram)
  }

  /// `nil` if there were none: that is not the same as none that lasted.
  var summary: DurationSummary? {
    guard let p99 = histogram.quantile(percent: 99) else { return nil }
    let (quotient, remainder) = total.quotientAndRemainder(dividingBy: histogram.count)
    return DurationSummary(
      count: histogram.count, minimum: minimum,
      mean: quotient + (remainder >= histogram.count - remainder ? 1 : 0),
      p99: min(p99, maximum), maximum: maximum, total: total)
  }
}

/// What is known of a number of durations, all in nanoseconds.
public struct DurationSummary: Sendable, Equatable {
  /// How many there were.
  public var count: UInt64
  /// The shortest.
  public var minimum: UInt64
  /// The total by the count, rounded.
  public var mean: UInt64
  /// What 99 of 100 do not exceed: never too short, and less than 1/64 too long.
  public var p99: UInt64
  /// The longest.
  public var maximum: UInt64
  /// All together.
  public var total: UInt64

  package init(
    count: UInt64, minimum: UInt64, mean: UInt64, p99: UInt64, maximum: UInt64, total: UInt64
  ) {
    self.count = count
    self.minimum = minimum
    self.mean = mean
    self.p99 = p99
    self.maximum = maximum
    self.total = total
  }
}
