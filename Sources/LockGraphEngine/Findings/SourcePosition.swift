/// A line of a source file, as traces name it: `FILE:LINE[:COLUMN]`.
package struct SourcePosition: Equatable {
  /// As the trace has it; it may contain blanks and colons.
  package var file: String
  /// From 1. Code that a compiler made up is at line 0 of its file, which is read as 1.
  package var line: Int
  /// From 1; what it counts is up to the compiler.
  package var column: Int?

  /// Longer paths are none that a system could open.
  private static let pathLimit = 4096

  /// - Returns: `nil` for a text that does not end in the number of a line.
  package init?(_ text: String) {
    self.init(Substring(text))
  }

  /// The position that a frame of a stack tells: `FUNCTION+0x12 (FILE:LINE)`,
  /// `FUNCTION at FILE:LINE` or `FILE:LINE` alone.
  ///
  /// - Returns: `nil` where the numbers in it could be something else.
  package init?(frame: String) {
    let bytes = frame.utf8
    let place: Substring
    if bytes.last == UInt8(ascii: ")") {
      guard let open = bytes.lastIndex(of: UInt8(ascii: "(")) else { return nil }
      place = frame[bytes.index(after: open)...].dropLast()
    } else if let blank = bytes.lastIndex(of: UInt8(ascii: " ")) {
      guard frame[..<blank].hasSuffix(" at") else { return nil }
      place = frame[bytes.index(after: blank)...]
    } else {
      place = frame[...]
    }
    self.init(place)
    guard file.utf8.contains(where: { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }),
      !file.contains("::")
    else { return nil }
  }

  private init?(_ text: Substring) {
    var rest = text.utf8
    guard let last = Self.takeNumber(from: &rest) else { return nil }
    if let number = Self.takeNumber(from: &rest) {
      line = number
      column = number > 0 && last > 0 ? last : nil
    } else {
      line = last
    }
    line = max(1, line)
    guard !rest.isEmpty, rest.count <= Self.pathLimit else { return nil }
    file = String(Substring(rest))
  }

  /// Takes `:NUMBER` from the end.
  private static func takeNumber(from text: inout Substring.UTF8View) -> Int? {
    var start = text.endIndex
    while start > text.startIndex,
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(text[text.index(before: start)])
    {
      start = text.index(before: start)
    }
    guard start < text.endIndex, start > text.startIndex,
      text[text.index(before: start)] == UInt8(ascii: ":"),
      let number = Int32(Substring(text[start...]))
    else { return nil }
    text = text[..<text.index(before: start)]
    return Int(number)
  }
}
