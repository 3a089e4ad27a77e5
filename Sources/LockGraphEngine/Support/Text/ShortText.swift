extension String {
  /// The text itself, or where it is longer its beginning and end with a mark of the whole between
  /// them, so that different texts stay different.
  ///
  /// - Parameter limit: bytes of UTF-8, from 32 on; the result has no more.
  /// - Complexity: O(length of the text) if it is cut, else O(1).
  package func shortened(to limit: Int) -> String {
    guard utf8.count > limit else { return self }
    let mark = "…\(ShortText.mark(of: self))…"
    let room = limit - mark.utf8.count
    let tail = room / 3
    let head = ShortText.boundary(in: self, atMost: room - tail)
    var end = utf8.index(utf8.endIndex, offsetBy: -tail)
    while end < utf8.endIndex, utf8[end] & 0xC0 == 0x80 { end = utf8.index(after: end) }
    return "\(self[..<head])\(mark)\(self[end...])"
  }

  /// The beginning of the text, of at most so many bytes of UTF-8.
  func cut(to limit: Int) -> Substring {
    utf8.count > limit ? self[..<ShortText.boundary(in: self, atMost: limit)] : self[...]
  }
}

private enum ShortText {
  /// Six hex digits of a hash.
  static func mark(of text: String) -> String {
    var text = text
    let hash = text.withUTF8 { hashBytes(UnsafeRawBufferPointer($0), seed: 0) }
    let digits = String(hash >> 40, radix: 16)
    return String(repeating: "0", count: 6 - digits.utf8.count) + digits
  }

  /// The last place between scalars that is not behind an offset.
  static func boundary(in text: String, atMost offset: Int) -> String.Index {
    var index = text.utf8.index(text.utf8.startIndex, offsetBy: offset)
    while text.utf8[index] & 0xC0 == 0x80 { index = text.utf8.index(before: index) }
    return index
  }
}
