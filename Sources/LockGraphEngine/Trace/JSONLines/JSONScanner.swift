/// Cuts a JSON object without nesting into keys and values.
///
/// Strings with escapes, and arrays of strings, are written into `scratch`, which the caller makes
/// at least as long as the line: neither decoding nor joining lengthens.
struct JSONScanner {
  enum Value {
    case string(UnsafeRawBufferPointer)
    case number(UnsafeRawBufferPointer)
    case bool(Bool)
    case null
    /// Of strings, joined with semicolons.
    case array(UnsafeRawBufferPointer)
  }

  let line: UnsafeRawBufferPointer
  let scratch: UnsafeMutableRawBufferPointer
  private(set) var position = 0
  private var scratchUsed = 0

  init(line: UnsafeRawBufferPointer, scratch: UnsafeMutableRawBufferPointer) {
    self.line = line
    self.scratch = scratch
  }

  /// Where the next byte is, from one.
  var column: Int { position + 1 }

  /// The next byte that is not blank, which is not consumed; 0 at the end of the line.
  @inline(__always)
  mutating func next() -> UInt8 {
    while position < line.count {
      let byte = line[position]
      guard byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
      else { return byte }
      position += 1
    }
    return 0
  }

  /// Consumes the byte that `next` gave.
  @inline(__always)
  mutating func skip() { position += 1 }

  /// What is wrong with what stands at the position.
  func unexpected(_ expected: String) -> LineFailure {
    guard position < line.count else {
      return LineFailure(
        column: position + 1, message: "the object ends early", expected: expected)
    }
    var end = position + 1
    while end < line.count, line[end] & 0xC0 == 0x80 { end += 1 }
    let text = LineFailure.shown(UnsafeRawBufferPointer(rebasing: line[position..<end]))
    return LineFailure(column: position + 1, message: "an unexpected '\(text)'", expected: expected)
  }

  /// The string whose opening quote is next.
  @inline(__always)
  mutating func string() throws(LineFailure) -> UnsafeRawBufferPointer {
    let start = position + 1
    var index = start
    while index + 8 <= line.count {
      let word = line.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      let marks = Self.marks(word)
      index += marks == 0 ? 8 : marks.trailingZeroBitCount / 8
      if marks != 0 { break }
    }
    while index < line.count {
      let byte = line[index]
      if byte == UInt8(ascii: "\"") {
        position = index + 1
        return UnsafeRawBufferPointer(rebasing: line[start..<index])
      }
      if byte == UInt8(ascii: "\\") || byte < 0x20 { break }
      index += 1
    }
    return try rareString(start, from: index)
  }

  /// The high bit of each byte that is a quote, a backslash or a control character; the lowest of
  /// them is exact.
  @inline(__always)
  private static func marks(_ word: UInt64) -> UInt64 {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = word ^ (ones &* 0x22)
    let backslash = word ^ (ones &* 0x5C)
    let isQuote = (quote &- ones) & ~quote
    let isBackslash = (backslash &- ones) & ~backslash
    let isControl = (word &- ones &* 0x20) & ~word
    return (isQuote | isBackslash | isControl) & (ones &* 0x80)
  }

  /// A string with escapes or without an end.
  @inline(never)
  private mutating func rareString(
    _ start: Int, from first: Int
  ) throws(LineFailure) -> UnsafeRawBufferPointer {
    var index = first
    while index < line.count, line[index] != UInt8(ascii: "\"") {
      guard line[index] >= 0x20 else {
        throw LineFailure(
          column: index + 1, message: "a control character in a string",
          expected: "an escape like \\t or \\u0001")
      }
      index += line[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    guard index < line.count else {
      throw LineFailure(column: start, message: "a string is not closed", expected: "\" at its end")
    }
    position = index + 1
    return try StringEscapes.decode(line, start..<index, into: scratch, used: &scratchUsed)
  }

  /// The value that begins at the position; arrays only where they may be.
  @inline(__always)
  mutating func value(of key: JSONLineKey) throws(LineFailure) -> Value {
    if next() == UInt8(ascii: "\"") { return .string(try string()) }
    return try rareValue(of: key)
  }

  @inline(never)
  private mutating func rareValue(of key: JSONLineKey) throws(LineFailure) -> Value {
    switch next() {
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
    case UInt8(ascii: "t") where consume("true"): return .bool(true)
    case UInt8(ascii: "f") where consume("false"): return .bool(false)
    case UInt8(ascii: "n") where consume("null"): return .null
    case UInt8(ascii: "["):
      guard key == .stack else { throw nested("an array", key) }
      return .array(try strings())
    case UInt8(ascii: "{"): throw nested("an object", key)
    default: throw unexpected("\(key.expectedValue), as the value of '\(key.word)'")
    }
  }

  private func nested(_ what: String, _ key: JSONLineKey) -> LineFailure {
    LineFailure(
      column: column, message: "\(what) as the value of '\(key.word)'",
      expected: key.expectedValue)
  }

  private mutating func consume(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard position + count <= line.count,
      bytesAreEqual(line.baseAddress! + position, word.utf8Start, count: count)
    else { return false }
    position += count
    return true
  }

  /// A number in JSON's spelling.
  private mutating func number() throws(LineFailure) -> UnsafeRawBufferPointer {
    let start = position
    func bad() -> LineFailure {
      var end = position
      while end < line.count, !", \t}]".utf8.contains(line[end]) { end += 1 }
      return LineFailure.badNumber(
        "number", UnsafeRawBufferPointer(rebasing: line[start..<end]), column: start + 1,
        "digits, as in 12, -1 or 12.000345123")
    }
    if line[position] == UInt8(ascii: "-") { position += 1 }
    let first = position
    guard skipDigits() else { throw bad() }
    guard line[first] != UInt8(ascii: "0") || position == first + 1 else { throw bad() }
    if position < line.count, line[position] == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() else { throw bad() }
    }
    if position < line.count, line[position] | 0x20 == UInt8(ascii: "e") {
      position += 1
      if position < line.count,
        line[position] == UInt8(ascii: "+") || line[position] == UInt8(ascii: "-")
      {
        position += 1
      }
      guard skipDigits() else { throw bad() }
    }
    return UnsafeRawBufferPointer(rebasing: line[start..<position])
  }

  private mutating func skipDigits() -> Bool {
    let start = position
    while position < line.count, line[position] >= 0x30, line[position] <= 0x39 { position += 1 }
    return position > start
  }

  /// An array of strings.
  private mutating func strings() throws(LineFailure) -> UnsafeRawBufferPointer {
    position += 1
    // Strings with escapes go through the same scratch, so that the joined ones move up to them.
    let begin = scratchUsed
    if next() == UInt8(ascii: "]") {
      position += 1
      return UnsafeRawBufferPointer(rebasing: scratch[begin..<begin])
    }
    var end = begin
    while true {
      guard next() == UInt8(ascii: "\"") else { throw unexpected("a string, in an array of them") }
      scratchUsed = end + (end > begin ? 1 : 0)
      let string = try string()
      if !string.isEmpty {
        if end > begin {
          scratch[end] = UInt8(ascii: ";")
          end += 1
        }
        UnsafeMutableRawBufferPointer(rebasing: scratch[end...]).copyMemory(from: string)
        end += string.count
      }
      let byte = next()
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
        throw unexpected(", or ] in an array")
      }
      position += 1
      if byte == UInt8(ascii: "]") { break }
    }
    scratchUsed = end
    return UnsafeRawBufferPointer(rebasing: scratch[begin..<end])
  }
}
