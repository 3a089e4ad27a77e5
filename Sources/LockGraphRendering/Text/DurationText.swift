/// Durations for readers: three digits that count, and a unit.
enum DurationText {
  static func text(_ nanoseconds: UInt64) -> String {
    let units: [(name: String, size: UInt64)] = [
      ("s", 1_000_000_000), ("ms", 1_000_000), ("µs", 1_000),
    ]
    // From where it would be rounded to a thousand of the next smaller unit.
    guard let unit = units.first(where: { nanoseconds >= $0.size - $0.size / 2_000 }) else {
      return "\(nanoseconds) ns"
    }
    let value = Double(nanoseconds) / Double(unit.size)
    let places = value < 9.995 ? 2 : value < 99.95 ? 1 : 0
    var text = Decimal.text(value, places: places)
    if places > 0 {
      let decimals = text.split(separator: ".").dropFirst().first?.count ?? 0
      if decimals == 0 { text += "." }
      text += String(repeating: "0", count: places - decimals)
    }
    return "\(text) \(unit.name)"
  }
}
