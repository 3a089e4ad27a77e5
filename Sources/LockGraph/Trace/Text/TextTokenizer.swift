/// Cuts a line into tokens: runs of non-blank characters, or JSON strings.
///
/// Strings with escapes are decoded into `scratch`, which the caller makes at least as long as the line, so
/// that decoding, which never lengthens, cannot overflow it.
struct TextTokenizer {
  let line: UnsafeRawBufferPointer
  let scratch: UnsafeMutableRawBufferPointer
  private(set) var position = 0
  private var scratchUsed = 0

  init(line: UnsafeRawBufferPointer, scratch: UnsafeMutableRawBufferPointer) {
    self.line = line
    self.scratch = scratch
  }

  @inline(__always)
  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  /// Moves to the next token; false at the end of the line.
  @inline(__always)
  mutating func skipBlanks() -> Bool {
    while position < line.count, Self.isBlank(line[position]) { position += 1 }
    return position < line.count
  }

  /// The token at the position, which is not blank.
  @inline(__always)
  mutating func token() throws(LineFailure) -> UnsafeRawBufferPointer {
    if line[position] == UInt8(ascii: "\"") { return try quoted() }
    let start = position
    while position < line.count, !Self.isBlank(line[position]) { position += 1 }
    return UnsafeRawBufferPointer(rebasing: line[start..<position])
  }

  /// A flag, or a key up to its `=`; then `hasValue` and the position is behind the `=`.
  @inline(__always)
  mutating func optionWord() -> (word: UnsafeRawBufferPointer, hasValue: Bool) {
    let start = position
    while position < line.count, !Self.isBlank(line[position]) {
      if line[position] == UInt8(ascii: "=") {
        let word = UnsafeRawBufferPointer(rebasing: line[start..<position])
        position += 1
        return (word, true)
      }
      position += 1
    }
    return (UnsafeRawBufferPointer(rebasing: line[start..<position]), false)
  }

  /// The value behind a `=`; empty if a blank follows.
  @inline(__always)
  mutating func value() throws(LineFailure) -> UnsafeRawBufferPointer {
    guard position < line.count, !Self.isBlank(line[position]) else {
      return UnsafeRawBufferPointer(rebasing: line[position..<position])
    }
    return try token()
  }

  @inline(never)
  private mutating func quoted() throws(LineFailure) -> UnsafeRawBufferPointer {
    let open = position
    position += 1
    let start = position
    var hasEscapes = false
    while position < line.count, line[position] != UInt8(ascii: "\"") {
      if line[position] == UInt8(ascii: "\\") {
        hasEscapes = true
        position += 1
      }
      position += 1
    }
    guard position < line.count else {
      position = line.count
      throw LineFailure(
        column: open + 1, message: "a string is not closed", expected: "\" at its end")
    }
    let end = position
    position += 1
    guard position == line.count || Self.isBlank(line[position]) else {
      throw LineFailure(
        column: position + 1, message: "a string goes on behind its closing quote",
        expected: "a blank there")
    }
    guard hasEscapes else { return UnsafeRawBufferPointer(rebasing: line[start..<end]) }
    return try decoded(start, end)
  }

  private mutating func decoded(_ start: Int, _ end: Int) throws(LineFailure)
    -> UnsafeRawBufferPointer
  {
    let begin = scratchUsed
    var index = start
    while index < end {
      let byte = line[index]
      index += 1
      guard byte == UInt8(ascii: "\\") else {
        append(byte)
        continue
      }
      let escape = line[index]
      index += 1
      switch escape {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): append(escape)
      case UInt8(ascii: "b"): append(0x08)
      case UInt8(ascii: "f"): append(0x0C)
      case UInt8(ascii: "n"): append(0x0A)
      case UInt8(ascii: "r"): append(0x0D)
      case UInt8(ascii: "t"): append(0x09)
      case UInt8(ascii: "u"):
        let scalar = try unicodeEscape(&index, end)
        for unit in String(scalar).utf8 { append(unit) }
      default:
        throw LineFailure(
          column: index - 1, message: "an unknown escape in a string",
          expected: "one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
      }
    }
    return UnsafeRawBufferPointer(rebasing: scratch[begin..<scratchUsed])
  }

  private mutating func append(_ byte: UInt8) {
    scratch[scratchUsed] = byte
    scratchUsed += 1
  }

  /// The character of `\uXXXX`, or of two of them that are a surrogate pair.
  private func unicodeEscape(_ index: inout Int, _ end: Int) throws(LineFailure) -> Unicode.Scalar {
    let column = index - 1
    let bad = LineFailure(
      column: column, message: "a bad \\u escape in a string",
      expected: "four hexadecimal digits that are a character, or a surrogate pair")
    guard let unit = hexUnit(index, end) else { throw bad }
    index += 4
    if let scalar = Unicode.Scalar(unit) { return scalar }
    guard unit < 0xDC00, index + 6 <= end, line[index] == UInt8(ascii: "\\"),
      line[index + 1] == UInt8(ascii: "u"), let low = hexUnit(index + 2, end),
      (0xDC00..<0xE000).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw bad }
    index += 6
    return scalar
  }

  private func hexUnit(_ index: Int, _ end: Int) -> UInt32? {
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
