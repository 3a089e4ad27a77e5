/// A statement of SQL as a place: what is the same whenever it runs.
enum SQLStatement {
  /// The statement with `?` for its numbers and strings, blanks put together, and an end.
  static func form(_ text: String) -> String {
    var result: [UInt8] = []
    let bytes = Array(text.utf8.prefix(longest))
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "'") {
        index += 1
        while index < bytes.count, bytes[index] != byte {
          index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
        result.append(UInt8(ascii: "?"))
      } else if isDigit(byte), !isWord(result.last) {
        while index < bytes.count, isWord(bytes[index]) || bytes[index] == UInt8(ascii: ".") {
          index += 1
        }
        result.append(UInt8(ascii: "?"))
      } else if byte <= 0x20 || byte == UInt8(ascii: ";") {
        if result.last != 0x20, !result.isEmpty { result.append(0x20) }
        index += 1
      } else {
        result.append(byte)
        index += 1
      }
    }
    while result.last == 0x20 { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }

  private static let longest = 2000

  private static func isWord(_ byte: UInt8?) -> Bool {
    guard let byte else { return false }
    return isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x24
      || byte >= 0x80
  }

  /// The table that a statement changes or locks: the first word behind `UPDATE`, `INTO`, `FROM`,
  /// `TABLE` or `ON`, without quotation marks.
  static func table(of text: String) -> String? {
    let words = text.split { " \t\n(),;".utf8.contains($0.utf8.first!) }
    for (number, word) in words.enumerated() {
      switch word.uppercased() {
      case "UPDATE", "INTO", "FROM", "TABLE", "TRUNCATE":
        var next = number + 1
        while next < words.count,
          ["ONLY", "TABLE", "IF", "EXISTS", "LOW_PRIORITY", "IGNORE"]
            .contains(words[next].uppercased())
        { next += 1 }
        // `FOR UPDATE` is at the end of a query that names its table before.
        guard next < words.count else { continue }
        let name = words[next].filter { $0 != "\"" && $0 != "`" }
        return name.isEmpty ? nil : name
      default: continue
      }
    }
    return nil
  }
}
