import LockGraphEngine

/// Texts as YAML scalars.
enum YAMLText {
  /// Plain where it can be read as nothing else, else in quotes; with escapes only where they are
  /// needed.
  static func scalar(_ text: String) -> String {
    let scalars = text.unicodeScalars
    if scalars.contains(where: { !isAllowed($0) || $0.isUnsafeToPrint }) { return escaped(text) }
    return isPlain(text)
      ? text
      : "'"
        + text.split(separator: "'", omittingEmptySubsequences: false)
        .joined(separator: "''") + "'"
  }

  /// One line of a comment.
  static func comment(_ text: String) -> String {
    var result = "# "
    for scalar in text.withVisibleControls.unicodeScalars {
      result += isAllowed(scalar) ? String(scalar) : "\\u{\(String(scalar.value, radix: 16))}"
    }
    return result
  }

  /// Whether YAML allows a character as it is inside a line, and editors do not take it for the end
  /// of one.
  static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
      0x10000...0x10FFFF:
      true
    default: false
    }
  }

  /// Letters, digits and a few marks, beginning with a letter, and no word that means something
  /// else.
  private static func isPlain(_ text: String) -> Bool {
    guard let first = text.utf8.first, isLetter(first), !reserved.contains(text.lowercased()) else {
      return false
    }
    var last = first
    for byte in text.utf8 {
      guard isLetter(byte) || (0x30...0x39).contains(byte) || "_.-/:".utf8.contains(byte) else {
        return false
      }
      last = byte
    }
    return last != UInt8(ascii: ":")
  }

  private static let reserved: Set = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func escaped(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case _ where isAllowed(scalar) && !scalar.isUnsafeToPrint:
        result.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        let width = scalar.value > 0xFFFF ? 8 : scalar.value > 0xFF ? 4 : 2
        result += ["\\U", "\\u", "\\x"][width == 8 ? 0 : width == 4 ? 1 : 2]
        result += String(repeating: "0", count: width - digits.utf8.count) + digits
      }
    }
    return result + "\""
  }
}
