/// Durations for people, in the unit that suits them.
package enum DurationText {
  private static let units: [(name: String, nanoseconds: UInt64)] = [
    ("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000), ("ns", 1),
  ]

  /// With at most three digits behind the point, none of them needless: `812 ms`, `1.25 s`. What is
  /// left over is dropped.
  package static func short(_ nanoseconds: UInt64) -> String {
    let unit = units.first { nanoseconds >= $0.nanoseconds } ?? units[units.count - 1]
    let whole = nanoseconds / unit.nanoseconds
    var rest = String(nanoseconds % unit.nanoseconds * 1_000 / unit.nanoseconds)
    rest = String(repeating: "0", count: 3 - rest.count) + rest
    while rest.hasSuffix("0") { rest.removeLast() }
    return rest.isEmpty
      ? "\(whole) \(unit.name)" : "\(whole).\(rest) \(unit.name)"
  }

  /// How many nanoseconds a text such as `50ms`, `1.5s` or `2min` is; `nil` if it is none, less
  /// than one, or too many.
  package static func nanoseconds(_ text: String) -> UInt64? {
    let number = text.prefix { ("0"..."9").contains($0) || $0 == "." }
    var unit = text[number.endIndex...]
    while unit.first == " " { unit = unit.dropFirst() }
    let scale: UInt64? =
      switch unit {
      case "h": 3_600_000_000_000
      case "min": 60_000_000_000
      case "us": 1_000
      default: units.first { $0.name == unit }?.nanoseconds
      }
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard let scale, (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
      let whole = UInt64(parts[0])
    else { return nil }
    var (sum, isTooMuch) = whole.multipliedReportingOverflow(by: scale)
    var place = scale
    for digit in parts.count == 2 ? parts[1] : "" {
      place /= 10
      let (next, isMore) = sum.addingReportingOverflow(place * UInt64(digit.wholeNumberValue ?? 0))
      (sum, isTooMuch) = (next, isTooMuch || isMore)
    }
    return isTooMuch || sum == 0 ? nil : sum
  }
}
