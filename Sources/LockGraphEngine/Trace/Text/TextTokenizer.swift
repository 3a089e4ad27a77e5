#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

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
    return plainToken()
  }

  /// A run of bytes that are not blank.
  @inline(__always)
  mutating func plainToken() -> UnsafeRawBufferPointer {
    let start = position
    position = nextBlank(from: start)
    return UnsafeRawBufferPointer(rebasing: line[start..<position])
  }

  /// A name without escapes, in quotes or not; `nil` if there is none, or something else behind it.
  @inline(__always)
  mutating func name() -> UnsafeRawBufferPointer? {
    guard position < line.count else { return nil }
    guard line[position] == UInt8(ascii: "\"") else { return plainToken() }
    let start = position + 1
    let end = firstQuote(from: start)
    guard end < line.count, !hasEscape(start..<end),
      end + 1 == line.count || Self.isBlank(line[end + 1])
    else { return nil }
    position = end + 1
    return UnsafeRawBufferPointer(rebasing: line[start..<end])
  }

  /// A run of bytes that are not blank, unless it looks like an option or a string: `nil` then.
  @inline(__always)
  mutating func plainOperand() -> UnsafeRawBufferPointer? {
    let start = position
    guard start < line.count, line[start] != UInt8(ascii: "\"") else { return nil }
    let end = nextBlank(from: start, or: UInt8(ascii: "="))
    guard end == line.count || line[end] != UInt8(ascii: "=") else { return nil }
    position = end
    return UnsafeRawBufferPointer(rebasing: line[start..<end])
  }

  /// The index of the first blank from one on, or of another byte, or the end of the line; eight
  /// bytes at a time.
  @inline(__always)
  private func nextBlank(from start: Int, or other: UInt8 = UInt8(ascii: " ")) -> Int {
    let others = UInt64(other) &* 0x0101_0101_0101_0101
    var index = start
    while index + 8 <= line.count {
      let word = line.loadUnaligned(fromByteOffset: index, as: UInt64.self).littleEndian
      var marks =
        Self.zeroBytes(word ^ 0x2020_2020_2020_2020)
        | Self.zeroBytes(word ^ 0x0909_0909_0909_0909)
      if other != UInt8(ascii: " ") { marks |= Self.zeroBytes(word ^ others) }
      if marks != 0 { return index + marks.trailingZeroBitCount / 8 }
      index += 8
    }
    while index < line.count, !Self.isBlank(line[index]), line[index] != other { index += 1 }
    return index
  }

  /// The high bit of each byte that is zero; the lowest of them is exact.
  @inline(__always)
  private static func zeroBytes(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }

  @inline(__always)
  private func firstQuote(from start: Int) -> Int {
    guard start < line.count, let base = line.baseAddress,
      let found = memchr(base + start, 0x22, line.count - start)
    else { return line.count }
    return UnsafeRawPointer(found) - base
  }

  @inline(__always)
  private func hasEscape(_ range: Range<Int>) -> Bool {
    guard !range.isEmpty, let base = line.baseAddress else { return false }
    return memchr(base + range.lowerBound, 0x5C, range.count) != nil
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
    position = firstQuote(from: start)
    let hasEscapes = hasEscape(start..<position)
    if hasEscapes {
      // The quote may be one that is escaped.
      position = start
      while position < line.count, line[position] != UInt8(ascii: "\"") {
        position += line[position] == UInt8(ascii: "\\") ? 2 : 1
      }
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
