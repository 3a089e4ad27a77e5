/// What stands before the lines of a log that no known program wrote so, learned from a line whose
/// text is known: words and marks stay, numbers and what has digits in it may differ.
struct LinePrefixShape: Equatable {
  private enum Part: Equatable {
    case word([UInt8])
    /// Digits, or letters and digits.
    case number
    case blank
    case mark(UInt8)
  }

  private var parts: [Part] = []

  /// - Parameter prefix: what stands before the text of a line.
  init(_ prefix: UnsafeRawBufferPointer) {
    var position = 0
    while position < prefix.count {
      let (part, end) = Self.part(prefix, position)
      parts.append(part)
      position = end
    }
  }

  /// How much of a line is such a prefix; `nil` if it does not begin with one.
  ///
  /// - Complexity: O(length of the prefix).
  func length(in line: UnsafeRawBufferPointer) -> Int? {
    var position = 0
    for (number, expected) in parts.enumerated() {
      guard position < line.count else {
        // Behind a prefix that ends in a blank nothing may be left of an empty line.
        return number == parts.count - 1 && expected == .blank ? position : nil
      }
      let (part, end) = Self.part(line, position)
      guard Self.fits(part, expected) else { return nil }
      // The blanks at its end are those of the text too.
      if number == parts.count - 1, expected == .blank { return position + 1 }
      position = end
    }
    return position
  }

  private static func fits(_ part: Part, _ expected: Part) -> Bool {
    if part == expected { return true }
    guard case .word(let one) = part, case .word(let other) = expected else { return false }
    // `info` and `warn`, `Nov` and `Dec`
    return one.count <= longestLevel && other.count <= longestLevel
  }

  private static let longestLevel = 7

  private static func part(_ text: UnsafeRawBufferPointer, _ start: Int) -> (Part, end: Int) {
    let first = text[start]
    var end = start + 1
    if first == 0x20 || first == 0x09 {
      while end < text.count, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
      return (.blank, end)
    }
    guard isWord(first) else { return (.mark(first), end) }
    while end < text.count, isWord(text[end]) { end += 1 }
    let word = UnsafeRawBufferPointer(rebasing: text[start..<end])
    return (word.contains(where: isDigit) ? .number : .word(Array(word)), end)
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }
}
