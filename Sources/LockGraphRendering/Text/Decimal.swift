/// Numbers in pictures: few places, a point whatever the locale, no negative zero.
enum Decimal {
  static func text(_ value: Double, places: Int = 2) -> String {
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = value * Double(scale)
    let units = Int(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    let (whole, rest) = units.magnitude.quotientAndRemainder(dividingBy: UInt(scale))
    var text = (units < 0 ? "-" : "") + String(whole)
    guard rest > 0 else { return text }
    var digits = String(rest)
    digits = String(repeating: "0", count: places - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    text += "." + digits
    return text
  }
}
