/// A comment in the source that lets the findings of its line through:
/// `// lockgraph:ignore RULE until=YYYY-MM-DD -- why`.
struct SourceComment: Sendable {
  var rules: [Rule]
  var exception: GateException
  /// The last day on which it holds; `nil` if it holds for good.
  var expires: CalendarDate?
  /// The lines that it is about: its own, and where it has that to itself the next one with code.
  var lines: [Int]

  private static let mark = Array("lockgraph:ignore".utf8)
  /// What begins a comment in one language or another, the longer ones first.
  private static let openings = ["//", "/*", "--", "#", ";", "%", "*"].map { Array($0.utf8) }
  private static let usage = "lockgraph:ignore RULE -- why, or RULE until=YYYY-MM-DD -- why"

  /// Those of a file.
  ///
  /// - Throws: what is wrong with one, with line and column.
  /// - Complexity: O(bytes).
  static func all(in document: TextDocument) throws(TraceError) -> [SourceComment] {
    // Most files have none.
    guard document.bytes.withUnsafeBytes({ contains($0) }) else { return [] }
    let lines = document.bytes.split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var comments: [SourceComment] = []
    for (number, line) in lines.enumerated() {
      guard let start = begin(in: line) else { continue }
      var comment = try read(line[start...], document)
      comment.exception.source = "\(document.name.withVisibleControls):\(number + 1)"
      comment.lines = [number + 1]
      if isComment(line) {
        let next = lines[(number + 1)...].firstIndex { !isComment($0) }
        if let next { comment.lines.append(next + 1) }
      }
      comments.append(comment)
    }
    return comments
  }

  private static func contains(_ bytes: UnsafeRawBufferPointer) -> Bool {
    var rest = bytes[...]
    while let first = rest.firstIndex(of: mark[0]) {
      if rest[first...].starts(with: mark) { return true }
      rest = rest[(first + 1)...]
    }
    return false
  }

  /// Where the mark ends that is the first thing of a comment; a text that only mentions it is
  /// none.
  private static func begin(in line: ArraySlice<UInt8>) -> Int? {
    var index = line.startIndex
    while index + mark.count <= line.endIndex {
      defer { index += 1 }
      guard line[index] == mark[0], line[index...].starts(with: mark) else { continue }
      let end = index + mark.count
      guard end == line.endIndex || isBlank(line[end]) else { continue }
      let before = trimmed(line[..<index])
      if openings.contains(where: { before.suffix($0.count).elementsEqual($0) }) { return end }
    }
    return nil
  }

  /// Whether a line is a comment and nothing else.
  private static func isComment(_ line: ArraySlice<UInt8>) -> Bool {
    let text = line.drop(while: isBlank)
    guard let opening = openings.first(where: { text.starts(with: $0) }) else { return false }
    // `--count;` and `*count = 1;` are code.
    guard opening == Array("--".utf8) || opening == Array("*".utf8) else { return true }
    let rest = text.dropFirst(opening.count)
    return rest.isEmpty || isBlank(rest.first!) || rest.first == UInt8(ascii: "/")
  }

  /// - Parameter text: what stands behind the mark, to the end of the line.
  private static func read(
    _ text: ArraySlice<UInt8>, _ document: TextDocument
  ) throws(TraceError) -> SourceComment {
    var text = trimmed(text)
    if text.suffix(2).elementsEqual("*/".utf8) { text = trimmed(text.dropLast(2)) }
    func failure(_ message: String, at offset: Int, expected: String = usage) -> TraceError {
      document.error(at: offset, message: message, expected: expected)
    }
    guard let dashes = separator(in: text) else {
      throw failure("an ignore without a reason", at: text.endIndex)
    }
    let reason = String(
      decoding: trimmed(text[(dashes + 2)...].drop(while: isBlank)), as: UTF8.self)
    guard !reason.isEmpty else { throw failure("an ignore without a reason", at: dashes) }
    var comment = SourceComment(
      rules: [], exception: GateException(reason: reason, source: ""), expires: nil, lines: [])
    let words = text[..<dashes].split { isBlank($0) || $0 == UInt8(ascii: ",") }
    for bytes in words {
      let word = String(decoding: bytes, as: UTF8.self)
      if word.hasPrefix("until=") {
        guard let day = CalendarDate(String(word.dropFirst(6))) else {
          throw failure(
            "a bad day '\(RemarkText.shown(word))'", at: bytes.startIndex,
            expected: "a day of the calendar, as until=YYYY-MM-DD")
        }
        comment.expires = day
        comment.exception.expires = day.description
      } else if let rule = Rule(rawValue: word) {
        comment.rules.append(rule)
      } else {
        let names = Rule.allCases.map(\.rawValue)
        throw failure(
          "an unknown rule '\(RemarkText.shown(word))'", at: bytes.startIndex,
          expected: nearestWord(to: word, among: names).map { "'\($0)'" }
            ?? "one of " + names.joined(separator: ", "))
      }
    }
    guard !comment.rules.isEmpty else {
      throw failure("an ignore that names no rule", at: text.startIndex)
    }
    return comment
  }

  /// Where the reason is set off.
  private static func separator(in text: ArraySlice<UInt8>) -> Int? {
    text.indices.first { index in
      text[index...].starts(with: "--".utf8)
        && (index == text.startIndex || isBlank(text[index - 1]))
        && (index + 2 == text.endIndex || isBlank(text[index + 2]))
    }
  }

  private static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    while let last = text.last, isBlank(last) { text = text.dropLast() }
    return text
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
