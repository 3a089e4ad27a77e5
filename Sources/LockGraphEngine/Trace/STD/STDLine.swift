/// One line of an STD trace, cut into its parts: `THREAD|OP(ARGUMENT)|LOCATION`.
struct STDLine {
  enum Operation {
    case acquire, release, request, fork, join, read, write, wait, notify, notifyAll, end
    /// `begin`, `branch` and the limits of methods are of no interest.
    case other

    /// What it is about.
    var argument: StaticString? {
      switch self {
      case .acquire, .release, .request, .wait: "the name of a lock"
      case .fork, .join: "the name of a thread"
      case .read, .write: "the name of a variable"
      // What they are about is not told everywhere.
      case .notify, .notifyAll, .end, .other: nil
      }
    }
  }

  static let words = [
    "acq", "rel", "req", "fork", "join", "r", "w", "wait", "notify", "notifyall", "broadcast",
    "begin",
    "end", "enter", "exit", "branch",
  ]

  var thread: UnsafeRawBufferPointer
  var operation: Operation
  var argument: UnsafeRawBufferPointer
  /// `nil` if there is none.
  var location: UnsafeRawBufferPointer?

  /// `nil` for empty lines and comments.
  @inline(__always)
  init?(_ line: UnsafeRawBufferPointer) throws(LineFailure) {
    var start = 0
    while start < line.count, line[start] <= UInt8(ascii: " ") { start += 1 }
    guard start < line.count, !Self.isComment(line, start) else { return nil }
    var bar = start
    while bar < line.count, line[bar] != UInt8(ascii: "|") { bar += 1 }
    guard bar < line.count else {
      throw LineFailure(
        column: line.count + 1, message: "a | is missing",
        expected: "THREAD|OPERATION(ARGUMENT)|LOCATION")
    }
    thread = Self.trimmed(line, start, bar)
    guard !thread.isEmpty else {
      throw LineFailure(
        column: start + 1, message: "an empty thread name", expected: "the name of a thread")
    }
    var position = bar + 1
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
    let wordStart = position
    while position < line.count, (line[position] | 0x20) &- 0x61 < 26 { position += 1 }
    let word = UnsafeRawBufferPointer(rebasing: line[wordStart..<position])
    guard position == line.count || " \t(|".utf8.contains(line[position]),
      let operation = Self.operation(word)
    else { throw Self.unknownOperation(line, wordStart) }
    self.operation = operation
    while position < line.count, line[position] == UInt8(ascii: " ") { position += 1 }
    argument = UnsafeRawBufferPointer(rebasing: line[position..<position])
    if position < line.count, line[position] == UInt8(ascii: "(") {
      let end = try Self.argumentEnd(line, open: position)
      argument = Self.trimmed(line, position + 1, end)
      position = end + 1
      while position < line.count, line[position] <= UInt8(ascii: " ") { position += 1 }
    }
    if argument.isEmpty, let expected = operation.argument {
      throw LineFailure(
        column: position + 1, message: "'\(LineFailure.shown(word))' lacks its argument",
        expected: "\(expected) in parentheses")
    }
    guard position == line.count || line[position] == UInt8(ascii: "|") else {
      throw LineFailure(
        column: position + 1, message: "'\(LineFailure.shown(word))' is followed by something else",
        expected: "| or the end of the line")
    }
    if position < line.count {
      let text = Self.trimmed(line, position + 1, line.count)
      if !text.isEmpty { location = text }
    }
  }

  /// Whether a line is the beginning of such a trace: stricter than what can be read, since names
  /// in other formats may hold bars.
  static func isRecognized(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let found = try? STDLine(line) else { return false }
    return !found.thread.contains { $0 <= UInt8(ascii: " ") || $0 == UInt8(ascii: "\"") }
  }

  @inline(__always)
  private static func isComment(_ line: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    line[start] == UInt8(ascii: "#")
      || line[start] == UInt8(ascii: "/") && start + 1 < line.count
        && line[start + 1] == UInt8(ascii: "/")
  }

  @inline(__always)
  private static func trimmed(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ end: Int
  ) -> UnsafeRawBufferPointer {
    var (start, end) = (start, end)
    while start < end, line[start] <= UInt8(ascii: " ") { start += 1 }
    while start < end, line[end - 1] <= UInt8(ascii: " ") { end -= 1 }
    return UnsafeRawBufferPointer(rebasing: line[start..<end])
  }

  /// Where the argument's closing parenthesis is. Names may hold parentheses and bars, and
  /// locations anything: it is the first that balances and that a bar or the end of the line
  /// follows; if names are unbalanced, the first that is followed so.
  @inline(__always)
  private static func argumentEnd(
    _ line: UnsafeRawBufferPointer, open: Int
  ) throws(LineFailure) -> Int {
    var depth = 0
    var fallback: Int?
    var index = open
    while index < line.count {
      let byte = line[index]
      if byte == UInt8(ascii: "(") { depth += 1 }
      if byte == UInt8(ascii: ")") {
        depth -= 1
        var after = index + 1
        while after < line.count, line[after] <= UInt8(ascii: " ") { after += 1 }
        if after == line.count || line[after] == UInt8(ascii: "|") {
          if depth <= 0 { return index }
          if fallback == nil { fallback = index }
        }
      }
      index += 1
    }
    if let fallback { return fallback }
    throw LineFailure(
      column: open + 1, message: "a parenthesis is not closed",
      expected: ") and then | or the end of the line")
  }

  @inline(__always)
  private static func operation(_ word: UnsafeRawBufferPointer) -> Operation? {
    switch word.count {
    case 1:
      if word[0] == UInt8(ascii: "r") { return .read }
      if word[0] == UInt8(ascii: "w") { return .write }
    case 3:
      if TextVocabulary.matches(word, "acq") { return .acquire }
      if TextVocabulary.matches(word, "rel") { return .release }
    default: break
    }
    return rareOperation(word)
  }

  @inline(never)
  private static func rareOperation(_ word: UnsafeRawBufferPointer) -> Operation? {
    switch String(decoding: word.prefix(16), as: UTF8.self).lowercased() {
    case "r": .read
    case "w": .write
    case "acq": .acquire
    case "rel": .release
    case "req": .request
    case "fork": .fork
    case "join": .join
    case "wait": .wait
    case "end": .end
    case "notify": .notify
    case "notifyall", "broadcast": .notifyAll
    case "begin", "enter", "exit", "branch": .other
    default: nil
    }
  }

  private static func unknownOperation(
    _ line: UnsafeRawBufferPointer, _ start: Int
  ) -> LineFailure {
    let end = line[start...].firstIndex { "(| ".utf8.contains($0) } ?? line.count
    let word = UnsafeRawBufferPointer(rebasing: line[start..<end])
    return LineFailure(
      column: start + 1, message: "unknown operation '\(LineFailure.shown(word))'",
      expected: LineFailure.list(words))
  }
}
