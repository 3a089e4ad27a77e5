/// Texts and addresses as SARIF wants them.
enum SARIFText {
  /// The text of a message, in which brackets begin links and braces placeholders [SARIF 2.1.0,
  /// 3.11.5, 3.11.6].
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.withVisibleControls.unicodeScalars {
      switch scalar {
      case "[", "]", "\\": result.unicodeScalars.append("\\")
      case "{", "}": result.unicodeScalars.append(scalar)
      default: break
      }
      result.unicodeScalars.append(scalar)
    }
    return result
  }

  /// A link to the related place of a number.
  static func link(_ text: String, to number: Int) -> String { "[\(escaped(text))](\(number))" }

  /// The address of a file: a relative reference, or a `file:` URI for an absolute path.
  static func uri(_ path: String) -> String {
    var result = path.utf8.first == UInt8(ascii: "/") ? "file://" : ""
    for byte in path.utf8 {
      if isPlain(byte) {
        result.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return result
  }

  /// What may stand in a path [RFC 3986]; no colon, which would end a scheme.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-._~/!$&'()*+,;=@".utf8.contains(byte)
    }
  }
}
