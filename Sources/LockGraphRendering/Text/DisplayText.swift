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

  /// What reports show as an escape as well, and what Unicode reserves for no character.
  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isUnsafeToPrint || scalar.value & 0xFFFE == 0xFFFE
      || (0xFDD0...0xFDEF).contains(scalar.value)
  }
}
