/// Estimates of how wide text is, so that boxes hold it in whatever font a viewer has.
///
/// The widths are those of DejaVu Sans, the widest of the common sans-serif fonts; what fits in it
/// fits in Helvetica and Arial. Estimating keeps layouts the same on machines with different fonts.
enum TextWidth {
  /// The width of one line in points.
  static func of(_ text: String, size: Double, isBold: Bool = false) -> Double {
    var width = 0.0
    for scalar in text.unicodeScalars { width += ems(of: scalar) }
    return width * size * (isBold ? 1.13 : 1)
  }

  /// The words of a text in as few lines as `width` points allow.
  ///
  /// A word that is wider than that gets a line of its own.
  static func wrapped(_ text: String, size: Double, width: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if !line.isEmpty, of(longer, size: size) > width {
        lines.append(line)
        line = String(word)
      } else {
        line = longer
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private static func ems(of scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", "'": 0.28
    case " ", ".", ",", ":", ";", "|", "/", "\\", "!", "I": 0.35
    case "f", "t", "r", "(", ")", "[", "]", "-", "J": 0.41
    case "s", "z", "c", "v", "x", "y", "k", "?", "_", "\"", "*": 0.6
    case "a"..."l", "n"..."v", "0"..."9": 0.64
    case "m", "M", "w", "W", "@", "%": 0.99
    case "A"..."Z", "$": 0.76
    case "#", "<", ">", "=", "+", "~", "^", "&": 0.84
    case _ where scalar.value < 0x80: 0.66
    case _ where scalar.value < 0x1100: 0.8
    case "–", "—", "…", "→", "×": 1
    case _ where scalar.value < 0x2E80: 1.05
    default: 1.3
    }
  }
}
