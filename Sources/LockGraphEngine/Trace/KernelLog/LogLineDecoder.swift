/// Undoes what carriers of a log do to its lines: colours of terminals, escapes of system loggers,
/// mails and web pages. What is left are the bytes that the kernel printed, with the prefixes that
/// stand before them; a line that was several is several again.
///
/// - Complexity: O(bytes of the line); most lines need no copy.
struct LogLineDecoder {
  /// Of a mail: `=` at the end of a line means that it goes on.
  private var isQuotedPrintable = false
  /// What a mail's line left for the next.
  private var carried: [UInt8] = []
  private var input: [UInt8] = []
  private var output: [UInt8] = []

  /// How far is looked ahead for what decides on a byte, so that long lines take no longer.
  private static let farthest = 16
  private static let longestTag = 400

  /// No line of a log is longer; what a soft line break joins ends here.
  private static let longestLine = 1 << 16

  /// Whether a line is not what was printed.
  func changes(_ line: UnsafeRawBufferPointer) -> Bool {
    isQuotedPrintable || !carried.isEmpty || Self.isSpecial(line) || Self.endsSoftly(line)
  }

  /// Whether a line as long as mails have them ends in an equal sign of its own.
  private static func endsSoftly(_ line: UnsafeRawBufferPointer) -> Bool {
    (70...78).contains(line.count) && line[line.count - 1] == UInt8(ascii: "=")
      && line[line.count - 2] != UInt8(ascii: "=") && line[line.count - 2] != 0x20
  }

  /// The lines that a line was; none if the next one continues it.
  mutating func lines(of line: UnsafeRawBufferPointer) -> [[UInt8]] {
    input.removeAll(keepingCapacity: true)
    swap(&input, &carried)
    input.append(contentsOf: line)
    noteQuotedPrintable()
    if isQuotedPrintable, takeSoftBreak() { return [] }
    // An escaped page that is quoted in another is escaped twice.
    for _ in 0..<3 {
      guard input.withUnsafeBytes({ Self.isSpecial($0) }) else { break }
      output.removeAll(keepingCapacity: true)
      input.withUnsafeBytes { Self.rewrite($0, into: &output) }
      swap(&input, &output)
    }
    return input.split(separator: 0x0A, omittingEmptySubsequences: false).map(Array.init)
  }

  // MARK: Mails

  /// Quoted-printable text has no `=` that is not its own; reports begin with a rule of them.
  private mutating func noteQuotedPrintable() {
    input.withUnsafeBytes { bytes in
      if bytes.contains("=3D=3D") || Self.endsSoftly(bytes) {
        isQuotedPrintable = true
      } else if isQuotedPrintable {
        for position in bytes.indices where bytes[position] == UInt8(ascii: "=") {
          let isLast = position + 1 == bytes.count
          if !isLast, Self.hexadecimal(bytes, position + 1) == nil {
            isQuotedPrintable = false
            return
          }
        }
      }
    }
    guard isQuotedPrintable else { return }
    output.removeAll(keepingCapacity: true)
    input.withUnsafeBytes { bytes in
      var position = 0
      while position < bytes.count {
        if bytes[position] == UInt8(ascii: "="), let byte = Self.hexadecimal(bytes, position + 1) {
          output.append(byte)
          position += 3
        } else {
          output.append(bytes[position])
          position += 1
        }
      }
    }
    // An equal sign that was written as such may end a line.
    if input.last != UInt8(ascii: "="), output.last == UInt8(ascii: "=") { output.append(0x20) }
    swap(&input, &output)
  }

  /// Keeps a line that the next one continues.
  private mutating func takeSoftBreak() -> Bool {
    guard input.last == UInt8(ascii: "="), input.count < Self.longestLine else { return false }
    input.removeLast()
    swap(&carried, &input)
    return true
  }

  // MARK: Single bytes

  private static func isSpecial(_ line: UnsafeRawBufferPointer) -> Bool {
    for position in line.indices where isSpecial(line, position) { return true }
    return line.count > 1 && isJSON(line)
  }

  private static func isSpecial(_ line: UnsafeRawBufferPointer, _ position: Int) -> Bool {
    let byte = line[position]
    guard byte < 0x61, byte != 0x20 else { return byte >= 0xC2 && special(line, position) }
    if isDigit(byte) { return false }
    return special(line, position)
  }

  private static func special(_ line: UnsafeRawBufferPointer, _ position: Int) -> Bool {
    switch line[position] {
    case 0x09, 0x0A: false
    case 0..<0x20: true
    case UInt8(ascii: "&"): entity(line, position) != nil
    case UInt8(ascii: "#"): octal(line, position + 1).map(isControl) ?? false
    case UInt8(ascii: "\\"): backslash(line, position) != nil
    case UInt8(ascii: "%"): percent(line, position) != nil
    case UInt8(ascii: "<"): tag(line, position) != nil
    case UInt8(ascii: "^"): caret(line, position) != nil
    case 0xC2, 0xE2, 0xEF: wideBlank(line, position) != nil
    default: false
    }
  }

  private static func rewrite(_ line: UnsafeRawBufferPointer, into output: inout [UInt8]) {
    let line = jsonMessage(line, into: &output) ?? line
    var position = 0
    while position < line.count {
      guard isSpecial(line, position) else {
        output.append(line[position])
        position += 1
        continue
      }
      position += replace(line, position, into: &output)
    }
  }

  /// Appends what stands for special bytes; how many these were.
  private static func replace(
    _ line: UnsafeRawBufferPointer, _ position: Int, into output: inout [UInt8]
  ) -> Int {
    switch line[position] {
    case 0x1B: return 1 + controlSequence(line, position + 1)
    case 0x0D:
      // In the middle of a line another one begins over it.
      let next = line.from(position + 1).upTo(farthest)
      if next.contains(where: { $0 > 0x20 }) { output.append(0x0A) }
    case UInt8(ascii: "&"):
      let (bytes, length) = entity(line, position)!
      output += bytes
      return length
    case UInt8(ascii: "#"): return append(octal(line, position + 1)!, 4, line, position, &output)
    case UInt8(ascii: "\\"):
      let (byte, length) = backslash(line, position)!
      return append(byte, length, line, position, &output)
    case UInt8(ascii: "%"): return append(percent(line, position)!, 3, line, position, &output)
    case UInt8(ascii: "<"):
      let (length, breaks) = tag(line, position)!
      if breaks { output.append(0x0A) }
      return length
    case UInt8(ascii: "^"):
      let length = caret(line, position)!
      return length == 2 && line[position + 1] == UInt8(ascii: "M")
        ? 2 : length + controlSequence(line, position + length)
    case 0xC2, 0xE2, 0xEF:
      let (byte, length) = wideBlank(line, position)!
      if let byte { output.append(byte) }
      return length
    default: break
    }
    return 1
  }

  /// Appends a byte that was written as an escape, and skips what it introduces.
  private static func append(
    _ byte: UInt8, _ length: Int, _ line: UnsafeRawBufferPointer, _ position: Int,
    _ output: inout [UInt8]
  ) -> Int {
    switch byte {
    case 0x1B: return length + controlSequence(line, position + length)
    case 0x0D: break
    case 0x09, 0x0A: output.append(byte)
    case 0..<0x20, 0x7F: break
    default: output.append(byte)
    }
    return length
  }

  private static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

  /// The length of what follows an escape: `[0;32m`, `]0;title` to its end, `(B`.
  private static func controlSequence(_ line: UnsafeRawBufferPointer, _ start: Int) -> Int {
    guard start < line.count else { return 0 }
    var position = start + 1
    switch line[start] {
    case UInt8(ascii: "["):
      while position < line.count, (0x20..<0x40).contains(line[position]) { position += 1 }
      return min(position + 1, line.count) - start
    case UInt8(ascii: "]"):
      while position < line.count, line[position] != 0x07, line[position] != 0x1B { position += 1 }
      return min(position + 1, line.count) - start
    case UInt8(ascii: "("), UInt8(ascii: ")"): return min(2, line.count - start)
    default: return 1
    }
  }

  // MARK: Escapes

  /// `^[` before a control sequence and `^M` at the end, as they are shown.
  private static func caret(_ line: UnsafeRawBufferPointer, _ position: Int) -> Int? {
    guard position + 1 < line.count else { return nil }
    switch line[position + 1] {
    case UInt8(ascii: "M"):
      let rest = line.from(position + 2)
      return rest.count < farthest && rest.trimmed.isEmpty ? 2 : nil
    case UInt8(ascii: "["):
      return position + 2 < line.count && line[position + 2] == UInt8(ascii: "[") ? 2 : nil
    default: return nil
    }
  }

  private static func octal(_ line: UnsafeRawBufferPointer, _ start: Int) -> UInt8? {
    guard start + 3 <= line.count, line[start] <= UInt8(ascii: "3") else { return nil }
    var value: UInt8 = 0
    for position in start..<(start + 3) {
      guard (0x30...0x37).contains(line[position]) else { return nil }
      value = value << 3 | line[position] & 7
    }
    return value
  }

  private static func hexadecimal(_ line: UnsafeRawBufferPointer, _ start: Int) -> UInt8? {
    guard start + 2 <= line.count, isHexadecimalDigit(line[start]),
      isHexadecimalDigit(line[start + 1])
    else { return nil }
    func value(_ digit: UInt8) -> UInt8 {
      isDigit(digit) ? digit & 0xF : (digit | 0x20) - UInt8(ascii: "a") + 10
    }
    return value(line[start]) << 4 | value(line[start + 1])
  }

  /// `\x0a` of /dev/kmsg, `\012`, and the last `\n` of a quoted text.
  private static func backslash(
    _ line: UnsafeRawBufferPointer, _ position: Int
  ) -> (byte: UInt8, length: Int)? {
    guard position + 1 < line.count else { return nil }
    switch line[position + 1] {
    case UInt8(ascii: "x"): return hexadecimal(line, position + 2).map { ($0, 4) }
    case UInt8(ascii: "0"), UInt8(ascii: "1"):
      return octal(line, position + 1).flatMap { isControl($0) ? ($0, 4) : nil }
    case UInt8(ascii: "n"): return (0x0A, 2)
    case UInt8(ascii: "r"): return (0x0D, 2)
    case UInt8(ascii: "t"): return (0x09, 2)
    default: return nil
    }
  }

  /// `%3E`, if it is one of those that no printed text has.
  private static func percent(_ line: UnsafeRawBufferPointer, _ position: Int) -> UInt8? {
    guard let byte = hexadecimal(line, position + 1) else { return nil }
    switch byte {
    case 0x09, 0x0A, 0x0D, 0x20...0x2F, 0x3A...0x40, 0x5B...0x5E, 0x7B...0x7E: return byte
    default: return nil
    }
  }

  private static func entity(
    _ line: UnsafeRawBufferPointer, _ position: Int
  ) -> (bytes: [UInt8], length: Int)? {
    let text = line.from(position).upTo(10)
    guard let end = text.firstIndex(of: UInt8(ascii: ";")), end > 2 else { return nil }
    let name = UnsafeRawBufferPointer(rebasing: text[1..<end])
    if name[0] == UInt8(ascii: "#") {
      let digits = name.from(1)
      let value =
        digits[0] | 0x20 == UInt8(ascii: "x")
        ? UInt32(digits.from(1).text, radix: 16) : UInt32(digits.text)
      guard let value, let scalar = Unicode.Scalar(value), value != 0 else { return nil }
      return (value == 0xA0 ? [0x20] : Array(String(scalar).utf8), end + 1)
    }
    for (known, byte) in entities where name.elementsEqual(known.utf8) { return ([byte], end + 1) }
    return nil
  }

  private static let entities: [(String, UInt8)] = [
    ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27), ("nbsp", 0x20),
    ("AMP", 0x26), ("LT", 0x3C), ("GT", 0x3E), ("num", 0x23), ("lpar", 0x28), ("rpar", 0x29),
    ("plus", 0x2B), ("colon", 0x3A), ("lbrace", 0x7B), ("rbrace", 0x7D), ("lcub", 0x7B),
    ("rcub", 0x7D), ("lsqb", 0x5B), ("rsqb", 0x5D), ("lbrack", 0x5B), ("rbrack", 0x5D),
    ("ndash", 0x2D), ("mdash", 0x2D), ("minus", 0x2D), ("Tab", 0x09), ("NewLine", 0x0A),
  ]

  /// The length of a tag of HTML, and whether a line ends with it. `<TASK>` and `<idle>` are none.
  private static func tag(
    _ line: UnsafeRawBufferPointer, _ position: Int
  ) -> (length: Int, breaks: Bool)? {
    var start = position + 1
    let isEnd = start < line.count && line[start] == UInt8(ascii: "/")
    if isEnd { start += 1 }
    var end = start
    while end < line.count, end < start + 10, isDigit(line[end]) || isLetter(line[end]) { end += 1 }
    guard end > start, end < line.count else { return nil }
    let name = UnsafeRawBufferPointer(rebasing: line[start..<end])
    guard let known = tags.first(where: { isSameWord(name, $0.0) }) else { return nil }
    switch line[end] {
    case UInt8(ascii: ">"): return (end + 1 - position, known.1 && (isEnd || known.2))
    case 0x20, UInt8(ascii: "/"):
      guard let close = line.from(end).upTo(longestTag).firstIndex(of: UInt8(ascii: ">")) else {
        return nil
      }
      return (end + close + 1 - position, known.1 && (isEnd || known.2))
    default: return nil
    }
  }

  /// Names, whether a line ends with their end, and whether they have none.
  private static let tags: [(String, Bool, Bool)] = [
    ("br", true, true), ("p", true, false), ("div", true, false), ("li", true, false),
    ("tr", true, false), ("pre", true, false), ("hr", true, true), ("blockquote", true, false),
    ("span", false, false), ("code", false, false), ("font", false, false), ("a", false, false),
    ("b", false, false), ("i", false, false), ("u", false, false), ("tt", false, false),
    ("td", false, false), ("em", false, false), ("strong", false, false), ("samp", false, false),
    ("kbd", false, false), ("mark", false, false), ("small", false, false), ("wbr", false, false),
    ("table", true, false), ("tbody", false, false), ("body", true, false), ("html", true, false),
    ("ul", true, false), ("ol", true, false),
  ]

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  private static func isSameWord(_ word: UnsafeRawBufferPointer, _ name: String) -> Bool {
    word.count == name.utf8.count && zip(word, name.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
  }

  /// Blanks of other widths, marks without any, and dashes that were hyphens.
  private static func wideBlank(
    _ line: UnsafeRawBufferPointer, _ position: Int
  ) -> (byte: UInt8?, length: Int)? {
    let text = line.from(position)
    if text.starts(with: [0xC2, 0xA0]) { return (0x20, 2) }
    if text.starts(with: [0xE2, 0x80, 0x8B]) || text.starts(with: [0xEF, 0xBB, 0xBF]) {
      return (nil, 3)
    }
    if text.starts(with: [0xE2, 0x80, 0x93]) || text.starts(with: [0xE2, 0x80, 0x94]) {
      return (UInt8(ascii: "-"), 3)
    }
    return nil
  }

  // MARK: JSON

  /// Whether a line is an object of a log in JSON, or a member of one.
  private static func isJSON(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let first = line.first(where: { $0 != 0x20 && $0 != 0x09 }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "\"")
    else { return false }
    return messageStart(line) != nil
  }

  /// Where the text of the member that holds what was printed begins.
  private static func messageStart(_ line: UnsafeRawBufferPointer) -> Int? {
    for key in ["\"MESSAGE\"", "\"msg\"", "\"message\"", "\"log\"", "\"text\""] as [StaticString] {
      guard let found = line.offset(of: key) else { continue }
      var position = found + key.utf8CodeUnitCount
      while position < line.count, line[position] == 0x20 || line[position] == UInt8(ascii: ":") {
        position += 1
      }
      if position < line.count, line[position] == UInt8(ascii: "\"") { return position + 1 }
    }
    return nil
  }

  /// The message of an object, with its own escapes undone as far as they are JSON's alone.
  private static func jsonMessage(
    _ line: UnsafeRawBufferPointer, into output: inout [UInt8]
  ) -> UnsafeRawBufferPointer? {
    guard isJSON(line), let start = messageStart(line) else { return nil }
    var position = start
    while position < line.count, line[position] != UInt8(ascii: "\"") {
      guard line[position] == UInt8(ascii: "\\"), position + 1 < line.count else {
        output.append(line[position])
        position += 1
        continue
      }
      switch line[position + 1] {
      case UInt8(ascii: "n"): output.append(0x0A)
      case UInt8(ascii: "t"): output.append(0x09)
      case UInt8(ascii: "r"): break
      case UInt8(ascii: "u"):
        let digits = line.from(position + 2).upTo(4)
        if digits.count == 4, let value = UInt32(digits.text, radix: 16),
          let scalar = Unicode.Scalar(value)
        {
          output += Array(String(scalar).utf8)
          position += 4
        }
      default: output.append(line[position + 1])
      }
      position += 2
    }
    return UnsafeRawBufferPointer(start: nil, count: 0)
  }
}
