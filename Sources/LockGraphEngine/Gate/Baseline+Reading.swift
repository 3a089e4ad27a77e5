extension Baseline {
  /// Reads a baseline's file; `-` is standard input.
  ///
  /// - Throws: what is wrong with it, with line and column.
  public init(contentsOf path: String) throws(TraceError) {
    try self.init(TextDocument(contentsOf: path, limit: Self.sizeLimit))
  }

  /// Reads a baseline.
  ///
  /// - Parameter name: what it is called in messages.
  /// - Throws: what is wrong with it, with line and column.
  public init(bytes: [UInt8], name: String) throws(TraceError) {
    try self.init(TextDocument(name: name, bytes: bytes))
  }

  private static var sizeLimit: Int { 1 << 28 }

  private init(_ document: TextDocument) throws(TraceError) {
    let document = document.withoutByteOrderMark
    try document.checkEncoding()
    var reader = BaselineReader(document)
    var cursor = JSONCursor(document)
    self.init(name: document.name, entries: try reader.read(&cursor))
  }
}

/// Reads the entries of a baseline, strictly: what it does not know is an error.
private struct BaselineReader {
  private var lines: LineCounter
  private var entries: [Baseline.Entry] = []
  private var fingerprints: Set<String> = []

  init(_ document: TextDocument) {
    lines = LineCounter(document.bytes)
  }

  mutating func read(_ cursor: inout JSONCursor) throws(TraceError) -> [Baseline.Entry] {
    var missing: Set = ["schema", "findings"]
    let end = try cursor.object(keys: ["schema", "findings"]) { (cursor, key) throws(TraceError) in
      missing.remove(key.text)
      if key.text == "schema" {
        try Self.checkSchema(&cursor)
      } else {
        try cursor.array(of: "findings") { (cursor) throws(TraceError) in
          try readEntry(&cursor)
        }
      }
    }
    if let key = ["schema", "findings"].first(where: missing.contains) {
      throw cursor.error(
        at: end, "the baseline lacks '\(key)'", expected: "'schema' and 'findings'")
    }
    try cursor.end()
    return entries
  }

  private static func checkSchema(_ cursor: inout JSONCursor) throws(TraceError) {
    let schema = try cursor.string(expected: "the name of the schema")
    guard schema.text == Baseline.schema else {
      throw cursor.error(
        at: schema.offset, "the schema is '\(RemarkText.shown(schema.text))'",
        expected: "'\(Baseline.schema)'")
    }
  }

  private static let keys = [
    "fingerprint", "lineFreeFingerprint", "rule", "title", "classes", "places", "reason", "owner",
    "expires",
  ]

  private mutating func readEntry(_ cursor: inout JSONCursor) throws(TraceError) {
    var entry = Baseline.Entry(
      fingerprint: "", rule: .deadlock, title: "", classes: [])
    var missing = Set(Self.keys.filter { Self.required.contains($0) })
    let end = try cursor.object(keys: Self.keys) { (cursor, key) throws(TraceError) in
      missing.remove(key.text)
      switch key.text {
      case "fingerprint":
        let (text, offset) = try Self.fingerprint(&cursor)
        guard fingerprints.insert(text).inserted else {
          throw cursor.error(
            at: offset, "the finding '\(text)' is there twice", expected: "it once")
        }
        entry.fingerprint = text
        entry.line = lines.line(of: offset)
      case "lineFreeFingerprint": entry.lineFreeFingerprint = try Self.fingerprint(&cursor).text
      case "rule": entry.rule = try Self.rule(&cursor)
      case "classes":
        try cursor.array(of: "classes") { (cursor) throws(TraceError) in
          entry.classes.append(try cursor.string(expected: "the name of a class").text)
        }
      case "places":
        var places: [String] = []
        try cursor.array(of: "places") { (cursor) throws(TraceError) in
          places.append(try cursor.string(expected: "a place").text)
        }
        entry.places = places.isEmpty ? nil : places
      case "expires": entry.expires = try Self.date(&cursor)
      case "title": entry.title = try cursor.string(expected: "a text").text
      case "reason": entry.reason = try cursor.string(expected: "a text").text
      default: entry.owner = try cursor.string(expected: "a text").text
      }
    }
    if let key = Self.required.first(where: missing.contains) {
      throw cursor.error(
        at: end, "a finding lacks '\(key)'",
        expected: Self.required.map { "'\($0)'" }.joined(separator: ", "))
    }
    entries.append(entry)
  }

  private static let required = ["fingerprint", "rule", "title", "classes"]

  private static func fingerprint(
    _ cursor: inout JSONCursor
  ) throws(TraceError) -> (text: String, offset: Int) {
    let text = try cursor.string(expected: "a fingerprint")
    let isValid =
      text.text.utf8.count == 16
      && text.text.utf8.allSatisfy { isDigit($0) || (0x61...0x66).contains($0) }
    guard isValid else {
      throw cursor.error(
        at: text.offset, "a bad fingerprint '\(RemarkText.shown(text.text))'",
        expected: "sixteen digits 0-9, a-f, as reports show them")
    }
    return (text.text, text.offset)
  }

  private static func rule(_ cursor: inout JSONCursor) throws(TraceError) -> Rule {
    let name = try cursor.string(expected: "the name of a rule")
    if let rule = Rule(rawValue: name.text) { return rule }
    let names = Rule.allCases.map(\.rawValue)
    throw cursor.error(
      at: name.offset, "an unknown rule '\(RemarkText.shown(name.text))'",
      expected: nearestWord(to: name.text, among: names).map { "'\($0)'" }
        ?? "one of " + names.joined(separator: ", "))
  }

  private static func date(_ cursor: inout JSONCursor) throws(TraceError) -> CalendarDate {
    let text = try cursor.string(expected: "a day, as YYYY-MM-DD")
    guard let date = CalendarDate(text.text) else {
      throw cursor.error(
        at: text.offset, "a bad day '\(RemarkText.shown(text.text))'",
        expected: "a day of the calendar, as YYYY-MM-DD")
    }
    return date
  }
}

/// The lines of places that come one after the other.
private struct LineCounter {
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// - Complexity: O(distance from the last one).
  mutating func line(of offset: Int) -> Int {
    while position < offset {
      if bytes[position] == UInt8(ascii: "\n") { line += 1 }
      position += 1
    }
    return line
  }
}
