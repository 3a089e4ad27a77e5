/// Cuts a line into tokens: runs of non-blank characters, or JSON strings.
///
/// Strings with escapes are decoded into `scratch`, which the caller makes at least as long as the
/// line, so that decoding, which never lengthens, cannot overflow it.
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
    try StringEscapes.decode(line, start..<end, into: scratch, used: &scratchUsed)
  }
}
