import LockGraphEngine

/// Moments as cairo takes them: `2001-09-09T01:46:40Z`.
enum UTCTime {
  /// - Parameter seconds: since the beginning of 1970.
  /// - Returns: `nil` before it, and beyond the year 9999.
  static func text(_ seconds: Int64) -> String? {
    guard let day = CalendarDate(secondsSinceEpoch: seconds) else { return nil }
    let rest = seconds % 86_400
    let parts = [rest / 3_600, rest / 60 % 60, rest % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    return "\(day)T\(parts.joined(separator: ":"))Z"
  }
}
