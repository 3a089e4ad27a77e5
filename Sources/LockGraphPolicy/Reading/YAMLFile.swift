import LockGraphEngine
import Yams

#if !Policy
  #error("LockGraphPolicy is built with the trait Policy of LockGraph.")
#endif

/// A YAML file as Yams composes it, refused before that where Yams would take for ever, and with
/// errors at bytes.
///
/// libyaml ends at a thousand levels of nesting. Aliases are another matter: a few lines of them
/// stand for more nodes than there are atoms, and Yams compares keys node by node. A policy needs
/// neither anchors nor aliases.
struct YAMLFile {
  let document: TextDocument
  let root: Node
  /// Nodes know their anchors only as long as it is there.
  private let parser: Parser
  /// Where each line begins.
  private let lineStarts: [Int]
  private let lastPlace = LastPlace()

  /// - Throws: what is wrong with it, with line and column; it need not be a policy yet.
  init(_ document: TextDocument) throws(TraceError) {
    let document = document.withoutByteOrderMark
    self.document = document
    try document.checkEncoding()
    try Self.checkCharacters(document)
    try Self.checkAliases(document)
    lineStarts = Self.lineStarts(document)
    (root, parser) = try Self.compose(document, lineStarts)
  }

  private static func lineStarts(_ document: TextDocument) -> [Int] {
    document.bytes.withUnsafeBytes { bytes in
      var starts = [0]
      var offset = 0
      while offset < bytes.count {
        if bytes[offset] == UInt8(ascii: "\n") { starts.append(offset + 1) }
        offset += 1
      }
      return starts
    }
  }

  /// Makes something of it while its nodes know all that they are.
  func read<Value>(
    _ body: (YAMLFile) throws(TraceError) -> Value
  ) throws(TraceError) -> Value {
    defer { withExtendedLifetime(parser) {} }
    return try body(self)
  }

  /// What is wrong at a node.
  func error(at node: Node, _ message: String, expected: String) -> TraceError {
    document.error(at: offset(of: node), message: message, expected: expected)
  }

  func offset(of node: Node) -> Int { node.mark.map(offset) ?? 0 }

  func offset(_ mark: Mark) -> Int {
    // Places are asked for from the front to the back, and a line can be as long as the file.
    let offset = Self.offset(mark, document, lineStarts, from: lastPlace.known)
    lastPlace.known = (mark, offset)
    return offset
  }

  private final class LastPlace {
    var known: (mark: Mark, offset: Int)?
  }

  /// Yams counts columns in Unicode scalars.
  ///
  /// - Parameter known: a place that is known already.
  private static func offset(
    _ mark: Mark, _ document: TextDocument, _ lineStarts: [Int],
    from known: (mark: Mark, offset: Int)? = nil
  ) -> Int {
    guard mark.line >= 1 else { return 0 }
    guard mark.line <= lineStarts.count else { return document.bytes.count }
    var offset = lineStarts[mark.line - 1]
    var rest = mark.column - 1
    if let known, known.mark.line == mark.line, known.mark.column <= mark.column {
      offset = known.offset
      rest = mark.column - known.mark.column
    }
    while offset < document.bytes.count, document.bytes[offset] != UInt8(ascii: "\n") {
      // Bytes that continue a character are passed with it.
      if document.bytes[offset] & 0xC0 != 0x80 {
        if rest <= 0 { break }
        rest -= 1
      }
      offset += 1
    }
    return offset
  }

  private static func compose(
    _ document: TextDocument, _ lineStarts: [Int]
  ) throws(TraceError) -> (Node, Parser) {
    let text = String(decoding: document.bytes, as: UTF8.self)
    do {
      // Without rules for numbers and the like every scalar is the text that it is.
      let parser = try Parser(yaml: text, resolver: .basic, encoding: .utf8)
      if let root = try parser.singleRoot() { return (root, parser) }
    } catch {
      throw failure(error, text, document, lineStarts)
    }
    throw document.error(
      at: 0, message: "the file has no content", expected: "a policy, beginning with version: 1")
  }

  private static func failure(
    _ error: any Error, _ text: String, _ document: TextDocument, _ lineStarts: [Int]
  ) -> TraceError {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let offset = offset(mark, document, lineStarts)
      guard !problem.contains("nesting level") else {
        return document.error(
          at: offset, message: "nested a thousand levels deep",
          expected: "a policy, which nests a few levels deep")
      }
      return document.error(
        at: offset, message: [context?.text, problem].compactMap(\.self).joined(separator: ": "),
        expected: expectation(context?.text ?? "", problem))
    case .reader(let problem, let offset, _, _):
      let index = offset.flatMap {
        text.index(text.startIndex, offsetBy: $0, limitedBy: text.endIndex)
      }
      return document.error(
        at: index.map { text.utf8.distance(from: text.startIndex, to: $0) } ?? 0, message: problem,
        expected: "text")
    case .duplicatedKeysInMapping(let keys, let context):
      let name = RemarkText.shown(keys.first ?? "")
      return document.error(
        at: offset(context.mark, document, lineStarts), message: "the key '\(name)' is there twice",
        expected: "it once")
    default:
      return document.error(at: 0, message: "\(error)", expected: "YAML")
    }
  }

  private static func expectation(_ context: String, _ problem: String) -> String {
    if problem.contains("another document") { return "one document" }
    let isName = ["alias", "anchor", "tag", "cannot start any token"].contains {
      context.contains($0) || problem.contains($0)
    }
    return isName ? "YAML; names that begin with * & ! % @ ` stand in quotes" : "YAML"
  }
}

extension YAMLFile {
  /// Refuses what YAML does not allow as it is, and line ends that editors do not count as such.
  private static func checkCharacters(_ document: TextDocument) throws(TraceError) {
    let found = document.bytes.withUnsafeBytes { bytes -> Int? in
      var offset = 0
      while offset < bytes.count {
        let byte = bytes[offset]
        let isPlain = (0x20..<0x7F).contains(byte) || byte == 0x09 || byte == 0x0A
        guard !isPlain else {
          offset += 1
          continue
        }
        if byte == 0x0D, offset + 1 < bytes.count, bytes[offset + 1] == 0x0A {
          offset += 2
          continue
        }
        let scalar = character(bytes, at: offset)
        guard scalar.value >= 0x80, YAMLText.isAllowed(scalar) else { return offset }
        offset += UTF8.width(scalar)
      }
      return nil
    }
    guard let found else { return }
    let scalar = document.bytes.withUnsafeBytes { character($0, at: found) }
    guard scalar != "\r" else {
      throw document.error(
        at: found, message: "a carriage return without a line feed", expected: "line feeds")
    }
    throw document.error(
      at: found,
      message: "the character U+\(hexadecimal(scalar.value)), which is not allowed as it is",
      expected: "an escape in double quotes, such as \"\\u2028\"")
  }

  /// The character that begins at a byte of valid UTF-8.
  private static func character(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Unicode.Scalar {
    var iterator = bytes[offset...].makeIterator()
    var decoder = UTF8()
    guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return "\u{FFFD}" }
    return scalar
  }

  private static func hexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// Refuses a file that could have anchors and aliases both. They begin with `&` and `*` behind a
  /// blank or a punctuation mark of YAML, so that the rare text that is refused without need can be
  /// written otherwise.
  private static func checkAliases(_ document: TextDocument) throws(TraceError) {
    let (anchor, alias) = document.bytes.withUnsafeBytes { bytes in
      (firstName(after: UInt8(ascii: "&"), bytes), firstName(after: UInt8(ascii: "*"), bytes))
    }
    guard anchor != nil, let alias else { return }
    throw document.error(
      at: alias, message: "an alias, with an anchor elsewhere in the file",
      expected:
        #"no aliases; names that begin with * or & in quotes, and a blank before either as "\x20""#)
  }

  private static func firstName(after mark: UInt8, _ bytes: UnsafeRawBufferPointer) -> Int? {
    // Before the first quote nothing is in quotes, whatever it looks like.
    var mayBeInQuotes = false
    var offset = 0
    while offset + 1 < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "#"),
        let end = endOfComment(bytes, at: offset, mayBeInQuotes: mayBeInQuotes)
      {
        offset = end
        continue
      }
      if byte == mark, isNameByte(bytes[offset + 1]),
        offset == 0 || mayPrecedeName(bytes[offset - 1])
      {
        return offset
      }
      if isQuote(byte) { mayBeInQuotes = true }
      offset += 1
    }
    return nil
  }

  /// Where a comment ends, if a `#` begins one.
  ///
  /// Where texts may be in quotes, only a line that is nothing else counts, and only without
  /// quotes: it could be the end of such a text that has more behind it.
  private static func endOfComment(
    _ bytes: UnsafeRawBufferPointer, at start: Int, mayBeInQuotes: Bool
  ) -> Int? {
    let newline = UInt8(ascii: "\n")
    guard start == 0 || isBlank(bytes[start - 1]) || bytes[start - 1] == newline else { return nil }
    if mayBeInQuotes {
      var before = start
      while before > 0, isBlank(bytes[before - 1]) { before -= 1 }
      guard before == 0 || bytes[before - 1] == newline else { return nil }
    }
    var end = start
    while end < bytes.count, bytes[end] != newline {
      if mayBeInQuotes, isQuote(bytes[end]) { return nil }
      end += 1
    }
    return end
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
  }

  private static func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
      || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
  }

  /// Behind these a scalar goes on, or its opening quote is there.
  private static func mayPrecedeName(_ byte: UInt8) -> Bool {
    !isNameByte(byte) && !"\"'().<>*&/\\".utf8.contains(byte)
  }
}
