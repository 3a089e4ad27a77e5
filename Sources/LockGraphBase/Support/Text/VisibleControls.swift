extension String {
  /// The text with control and direction-changing characters written as escapes, so that a name out
  /// of a trace can neither break a line nor steer a terminal.
  package var withVisibleControls: String {
    guard unicodeScalars.contains(where: \.isUnsafeToPrint) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      if scalar.isUnsafeToPrint {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether it steers a terminal or the direction of text rather than being seen: controls, line
  /// separators, all that have the property Bidi_Control [UAX #9, 2], and the byte order mark,
  /// which shows nothing at all.
  package var isUnsafeToPrint: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069,
      0xFEFF:
      true
    default: false
    }
  }
}
