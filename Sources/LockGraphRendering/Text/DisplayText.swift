/// Names and sentences as they may stand in a picture: one line, visible characters, bounded.
enum DisplayText {
  /// The text with everything that a picture cannot show written as an escape, `\n`, `\u{1B}`.
  ///
  /// Control characters and what XML forbids would break the document, and characters that change
  /// the direction of text could make one name look like another.
  static func visible(_ text: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    for scalar in text {
      switch scalar {
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where isInvisible(scalar):
        result += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// The text, visible, with its middle replaced by `…` if it has more than `limit` characters.
  ///
  /// Counts Unicode scalars and looks at no more than `limit` of them: a character made of very
  /// many combining marks is bounded as well.
  static func shortened(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars
    let tailLimit = (limit - 1) / 2
    let headLimit = limit - 1 - tailLimit
    guard scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex) != nil,
      scalars.index(scalars.startIndex, offsetBy: limit) != scalars.endIndex
    else { return visible(scalars) }
    return visible(scalars.prefix(headLimit)) + "…" + visible(scalars.suffix(tailLimit))
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F: true
    case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    case _ where scalar.value & 0xFFFE == 0xFFFE: true
    case 0xFDD0...0xFDEF: true
    default: false
    }
  }

  /// A count with thousands separators.
  static func grouped(_ value: some BinaryInteger) -> String {
    let digits = String(value)
    var result = ""
    for (offset, digit) in digits.enumerated() {
      if offset > 0, (digits.count - offset) % 3 == 0, result != "-" { result += "," }
      result.append(digit)
    }
    return result
  }

  /// A count with its noun: `1 lock`, `1,200 locks`.
  static func counted(_ value: some BinaryInteger, _ one: String, _ many: String) -> String {
    "\(grouped(value)) \(value == 1 ? one : many)"
  }
}
