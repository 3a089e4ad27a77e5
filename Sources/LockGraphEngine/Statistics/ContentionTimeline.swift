/// When threads waited: the time that they spent waiting together, by class, in bins of equal width
/// from the beginning of an input on. Several inputs lie over each other, as each has a clock of
/// its own.
public struct ContentionTimeline: Sendable, Equatable {
  /// One class.
  public struct Row: Sendable, Equatable {
    /// The class's name.
    public var name: String
    /// Nanoseconds waited in each bin, by all threads together; as many in all rows.
    public var waits: [UInt64]
  }

  /// How long a bin is, in nanoseconds.
  public var binWidth: UInt64
  /// Those that waited longest first.
  public var rows: [Row]
}

/// Waits as they end, of which only the bins are kept. Bins double in width when there would be too
/// many, so that memory does not grow with the time.
struct WaitBins: Sendable {
  /// An even number, so that bins can be joined in pairs.
  static let limit = 240
  /// Classes that are told apart; a program has fewer that are waited for.
  static let classLimit = 4_096

  private(set) var width: UInt64 = 1_024
  private(set) var used = 0
  private(set) var bins: [Int: [UInt64]] = [:]

  /// Adds a wait.
  ///
  /// - Parameters:
  ///   - begin: nanoseconds from the beginning of the input, as `end`.
  ///   - row: the class's number.
  /// - Complexity: O(bins).
  mutating func add(from begin: UInt64, to end: UInt64, row: Int) {
    guard end > begin, bins[row] != nil || bins.count < Self.classLimit else { return }
    while (end - 1) / width >= UInt64(Self.limit) { widen() }
    let (first, last) = (Int(begin / width), Int((end - 1) / width))
    used = max(used, last + 1)
    for bin in first...last {
      let start = max(begin, UInt64(bin) * width)
      let stop = bin == last ? end : UInt64(bin + 1) * width
      bins[row, default: Self.empty][bin].add(stop - start)
    }
  }

  /// What one class has is another's.
  mutating func move(_ source: Int, to target: Int) {
    guard let moved = bins.removeValue(forKey: source) else { return }
    for (bin, time) in moved.enumerated() { bins[target, default: Self.empty][bin].add(time) }
  }

  private static let empty = [UInt64](repeating: 0, count: limit)

  private mutating func widen() {
    width *= 2
    used = (used + 1) / 2
    for (row, times) in bins {
      var joined = Self.empty
      for (bin, time) in times.enumerated() { joined[bin / 2].add(time) }
      bins[row] = joined
    }
  }

  /// - Returns: `nil` if nobody waited for a time.
  func timeline(named name: (Int) -> String) -> ContentionTimeline? {
    guard !bins.isEmpty else { return nil }
    let rows = bins.map { row, times in
      ContentionTimeline.Row(name: name(row), waits: Array(times.prefix(used)))
    }
    let totals = Dictionary(
      uniqueKeysWithValues: rows.map { row in
        var total: UInt64 = 0
        for time in row.waits { total.add(time) }
        return (row.name, total)
      })
    return ContentionTimeline(
      binWidth: width,
      rows: rows.sorted { one, other in
        let (mine, its) = (totals[one.name] ?? 0, totals[other.name] ?? 0)
        return mine != its ? mine > its : one.name.utf8.lexicographicallyPrecedes(other.name.utf8)
      })
  }
}

extension UInt64 {
  /// Adds, and stays at the greatest number.
  fileprivate mutating func add(_ other: UInt64) {
    let (sum, overflow) = addingReportingOverflow(other)
    self = overflow ? .max : sum
  }
}
