/// The escapes of JSON strings, which all of the project's own encodings use.
enum StringEscapes {
  /// Decodes the inside of a string, of which every backslash is known to be followed by another
  /// byte, into unused scratch. Decoding never lengthens.
  static func decode(
    _ line: UnsafeRawBufferPointer, _ range: Range<Int>,
    into scratch: UnsafeMutableRawBufferPointer, used: inout Int
  ) throws(LineFailure) -> UnsafeRawBufferPointer {
    let begin = used
    var index = range.lowerBound
    while index < range.upperBound {
      let byte = line[index]
      index += 1
      guard byte == UInt8(ascii: "\\") else {
        append(byte, scratch, &used)
        continue
      }
      let escape = line[index]
      index += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): append(escape, scratch, &used)
      case UInt8(ascii: "b"): append(0x08, scratch, &used)
      case UInt8(ascii: "f"): append(0x0C, scratch, &used)
      case UInt8(ascii: "n"): append(0x0A, scratch, &used)
      case UInt8(ascii: "r"): append(0x0D, scratch, &used)
      case UInt8(ascii: "t"): append(0x09, scratch, &used)
      case UInt8(ascii: "u"):
        let scalar = try character(line, &index, range.upperBound)
        for unit in String(scalar).utf8 { append(unit, scratch, &used) }
      default:
        throw LineFailure(
          column: index - 1, message: "an unknown escape in a string",
          expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
      }
    }
    return UnsafeRawBufferPointer(rebasing: scratch[begin..<used])
  }

  @inline(__always)
  private static func append(
    _ byte: UInt8, _ scratch: UnsafeMutableRawBufferPointer, _ used: inout Int
  ) {
    scratch[used] = byte
    used += 1
  }

  /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
  private static func character(
    _ line: UnsafeRawBufferPointer, _ index: inout Int, _ end: Int
  ) throws(LineFailure) -> Unicode.Scalar {
    let column = index - 1
    let bad = LineFailure(
      column: column, message: "a bad \\u escape in a string",
      expected: "four hexadecimal digits that are a character, or a surrogate pair")
    guard let unit = hexUnit(line, index, end) else { throw bad }
    index += 4
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, index + 6 <= end, line[index] == UInt8(ascii: "\\"),
      line[index + 1] == UInt8(ascii: "u"), let low = hexUnit(line, index + 2, end),
      (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw bad }
    index += 6
    return scalar
  }

  private static func hexUnit(_ line: UnsafeRawBufferPointer, _ index: Int, _ end: Int) -> UInt32? {
    guard index + 4 <= end else { return nil }
    var unit: UInt32 = 0
    for byte in line[index..<index + 4] {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): unit = unit << 4 | UInt32(byte - 0x30)
      case UInt8(ascii: "a")...UInt8(ascii: "f"): unit = unit << 4 | UInt32(byte - 0x57)
      case UInt8(ascii: "A")...UInt8(ascii: "F"): unit = unit << 4 | UInt32(byte - 0x37)
      default: return nil
      }
    }
    return unit
  }
}
