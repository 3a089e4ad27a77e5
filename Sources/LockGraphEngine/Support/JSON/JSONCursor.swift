/// Goes through a JSON document that has a known shape, and says where it has another one.
///
/// What is read is what the caller asks for, so nothing nests deeper than the caller does. Not for
/// traces: those are read line by line.
struct JSONCursor {
  /// A string and where it begins.
  struct Text {
    var text: String
    var offset: Int
  }

  let document: TextDocument
  private var position = 0

  init(_ document: TextDocument) { self.document = document }

  /// Reads the members of an object; `member` reads the value of its key.
  ///
  /// - Parameter keys: the keys that there may be, each at most once.
  /// - Returns: where the object ends.
  @discardableResult
  mutating func object(
    keys: [String], _ member: (inout JSONCursor, Text) throws(TraceError) -> Void
  ) throws(TraceError) -> Int {
    try consume("{", expected: "{, at the beginning of an object")
    var seen: Set<String> = []
    guard next() != UInt8(ascii: "}") else { return close() }
    while true {
      let key = try string(expected: "a key in quotes")
      guard keys.contains(key.text) else { throw unknownKey(key, keys) }
      guard seen.insert(key.text).inserted else {
        throw error(at: key.offset, "'\(key.text)' is there twice", expected: "it once")
      }
      try consume(":", expected: ": behind the key")
      try member(&self, key)
      guard next() == UInt8(ascii: ",") else { break }
      position += 1
    }
    guard next() == UInt8(ascii: "}") else { throw unexpected(", or }") }
    return close()
  }

  /// Reads the elements of an array.
  mutating func array(
    of what: String, _ element: (inout JSONCursor) throws(TraceError) -> Void
  ) throws(TraceError) {
    try consume("[", expected: "[, at the beginning of an array of \(what)")
    guard next() != UInt8(ascii: "]") else {
      _ = close()
      return
    }
    while true {
      try element(&self)
      guard next() == UInt8(ascii: ",") else { break }
      position += 1
    }
    guard next() == UInt8(ascii: "]") else { throw unexpected(", or ] in an array") }
    _ = close()
  }

  mutating func string(expected: String) throws(TraceError) -> Text {
    guard next() == UInt8(ascii: "\"") else { throw unexpected(expected) }
    let (bytes, start) = (document.bytes, position)
    var index = start + 1
    var hasEscapes = false
    while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
      guard bytes[index] >= 0x20 else {
        throw error(
          at: index, "a control character in a string", expected: "an escape like \\t or \\u0001")
      }
      if bytes[index] == UInt8(ascii: "\\") {
        hasEscapes = true
        index += 1
      }
      index += 1
    }
    guard index < bytes.count else {
      throw error(at: start, "a string is not closed", expected: "\" at its end")
    }
    position = index + 1
    let text =
      hasEscapes
      ? try decoded(start + 1..<index) : String(decoding: bytes[start + 1..<index], as: UTF8.self)
    return Text(text: text, offset: start)
  }

  /// There is nothing more.
  mutating func end() throws(TraceError) {
    guard next() != 0 || position < document.bytes.count else { return }
    throw unexpected("the end of the file")
  }

  func error(at offset: Int, _ message: String, expected: String) -> TraceError {
    document.error(at: offset, message: message, expected: expected)
  }

  private mutating func close() -> Int {
    position += 1
    return position - 1
  }

  private mutating func consume(_ byte: Unicode.Scalar, expected: String) throws(TraceError) {
    guard next() == UInt8(ascii: byte) else { throw unexpected(expected) }
    position += 1
  }

  /// The next byte that is not blank, which is not consumed; 0 at the end.
  private mutating func next() -> UInt8 {
    while position < document.bytes.count {
      let byte = document.bytes[position]
      guard byte == 0x20 || (0x09...0x0D).contains(byte) && byte != 0x0B && byte != 0x0C else {
        return byte
      }
      position += 1
    }
    return 0
  }

  private func decoded(_ range: Range<Int>) throws(TraceError) -> String {
    let result = document.bytes.withUnsafeBytes { bytes -> Result<String, LineFailure> in
      let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: range.count, alignment: 1)
      defer { scratch.deallocate() }
      var used = 0
      do throws(LineFailure) {
        return .success(
          try StringEscapes.decode(bytes, range, into: scratch, used: &used).text)
      } catch {
        return .failure(error)
      }
    }
    switch result {
    case .success(let text): return text
    case .failure(let failure):
      throw error(
        at: failure.column - 1, failure.message, expected: failure.expected ?? "another escape")
    }
  }

  private func unknownKey(_ key: Text, _ keys: [String]) -> TraceError {
    let hint = nearestWord(to: key.text, among: keys).map { "'\($0)'" }
    return error(
      at: key.offset, "an unknown key '\(RemarkText.shown(key.text))'",
      expected: hint ?? "one of " + keys.joined(separator: ", "))
  }

  private mutating func unexpected(_ expected: String) -> TraceError {
    _ = next()
    let bytes = document.bytes
    guard position < bytes.count else {
      return error(at: position, "the file ends early", expected: expected)
    }
    let end = bytes[(position + 1)...].firstIndex { $0 & 0xC0 != 0x80 } ?? bytes.count
    let text = String(decoding: bytes[position..<end], as: UTF8.self).withVisibleControls
    return error(at: position, "an unexpected '\(text)'", expected: expected)
  }
}
