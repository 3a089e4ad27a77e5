// Looking for words in bytes, without making strings of them.
extension UnsafeRawBufferPointer {
  func hasPrefix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount
      && bytesAreEqual(baseAddress, text.utf8Start, count: text.utf8CodeUnitCount)
  }

  func hasSuffix(_ text: StaticString) -> Bool {
    count >= text.utf8CodeUnitCount && self.from(count - text.utf8CodeUnitCount).hasPrefix(text)
  }

  /// Where a text begins, from a position on.
  ///
  /// - Complexity: O(count × length of the text).
  func offset(of text: StaticString, from start: Int = 0) -> Int? {
    let length = text.utf8CodeUnitCount
    guard length > 0, count >= length, start >= 0 else { return nil }
    let (first, last) = (text.utf8Start[0], count - length)
    var position = start
    while position <= last {
      if self[position] == first,
        bytesAreEqual(baseAddress! + position, text.utf8Start, count: length)
      {
        return position
      }
      position += 1
    }
    return nil
  }

  func contains(_ text: StaticString) -> Bool { offset(of: text) != nil }

  func from(_ position: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[Swift.min(Swift.max(0, position), count)...])
  }

  func upTo(_ position: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(rebasing: self[..<Swift.min(Swift.max(0, position), count)])
  }

  /// Without blanks and tabs at its ends.
  var trimmed: UnsafeRawBufferPointer {
    var (start, end) = (0, count)
    while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    while end > start, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: self[start..<end])
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}

/// Whether a byte is a decimal digit.
func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

/// Whether a byte is a hexadecimal digit.
func isHexadecimalDigit(_ byte: UInt8) -> Bool {
  isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
}
