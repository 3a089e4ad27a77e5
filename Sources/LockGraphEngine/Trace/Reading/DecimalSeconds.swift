/// Times as decimal text, read exactly: a floating-point number holds no nanoseconds since 1970.
enum DecimalSeconds {
  /// The nanoseconds of `12.000345123`; `nil` if the text is no such number, has parts of a
  /// nanosecond, or is out of range.
  ///
  /// - Parameter isNumber: it is a JSON number. Those may have an exponent, and a program that
  ///   computes with floating-point seconds prints more decimals than it has; they are cut off.
  static func nanoseconds(_ text: UnsafeRawBufferPointer, isNumber: Bool = false) -> Int64? {
    var mantissa: UInt64 = 0
    var scale = 9
    var decimals = -1
    var digits = 0
    var isInexact = false
    var index = 0
    while index < text.count {
      let byte = text[index]
      if byte == UInt8(ascii: "."), decimals < 0, digits > 0 {
        decimals = 0
      } else if byte >= 0x30, byte <= 0x39 {
        digits += 1
        if decimals >= 0 { decimals += 1 }
        // Nineteen digits are all that matter and as many as fit.
        if mantissa < 1_000_000_000_000_000_000 {
          mantissa = mantissa * 10 + UInt64(byte - 0x30)
          if decimals > 0 { scale -= 1 }
        } else {
          if decimals <= 0 { scale += 1 }
          isInexact = isInexact || byte != 0x30
        }
      } else if byte | 0x20 == UInt8(ascii: "e"), digits > 0, decimals != 0 {
        guard let exponent = exponent(text, from: index + 1) else { return nil }
        scale += exponent
        break
      } else {
        return nil
      }
      index += 1
    }
    guard digits > 0, decimals != 0 else { return nil }
    while scale < 0, mantissa > 0 {
      isInexact = isInexact || mantissa % 10 != 0
      mantissa /= 10
      scale += 1
    }
    guard isNumber || !isInexact, isNumber || decimals <= 9 else { return nil }
    while scale > 0, mantissa > 0 {
      let (tens, overflow) = mantissa.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      mantissa = tens
      scale -= 1
    }
    return Int64(exactly: mantissa)
  }

  /// An exponent, to the end of the text; huge ones are as good as large ones.
  private static func exponent(_ text: UnsafeRawBufferPointer, from start: Int) -> Int? {
    var index = start
    var isNegative = false
    if index < text.count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isNegative = text[index] == UInt8(ascii: "-")
      index += 1
    }
    guard index < text.count else { return nil }
    var value = 0
    while index < text.count {
      guard text[index] >= 0x30, text[index] <= 0x39 else { return nil }
      value = min(value * 10 + Int(text[index] - 0x30), 1_000_000_000)
      index += 1
    }
    return isNegative ? -value : value
  }
}
