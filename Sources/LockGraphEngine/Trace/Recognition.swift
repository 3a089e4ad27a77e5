extension TraceFormat {
  /// Recognises a format by how an input begins, or by a report that comes late in it.
  ///
  /// - Returns: `nil` if it is none that is known.
  /// - Complexity: O(bytes given), of which a few thousand are enough unless it is a log without
  ///   times.
  package static func recognize(_ beginning: UnsafeRawBufferPointer) -> TraceFormat? {
    if RecordingMark.begins(beginning) { return .recording }
    if GraphFileMark.mayBegin(beginning) { return .graph }
    let beginning = InputBeginning(beginning)
    if let told = told(beginning) { return told }
    // Without times a log is told by its reports alone, however late they come.
    var search = LateReports(lines: InputBeginning(beginning.bytes.upTo(reportSearch)))
    TraceReaders.visitAll(&search)
    return search.found?.format
  }

  /// The same of files that nobody named: what looks like a trace at a glance has to be one.
  static func recognizeStrictly(_ beginning: UnsafeRawBufferPointer) -> TraceFormat? {
    guard let format = recognize(beginning) else { return nil }
    var check = Strictness(format: format, beginning: InputBeginning(beginning))
    TraceReaders.visitAll(&check)
    return check.isBeyondDoubt ? format : nil
  }

  /// Whether what is there tells the format; a pipe may deliver more.
  ///
  /// - Complexity: O(bytes given).
  static func canRecognize(_ beginning: UnsafeRawBufferPointer) -> Bool {
    if beginning.starts(with: GraphFileMark.bytes) || RecordingMark.begins(beginning) {
      return true
    }
    guard let end = beginning.lastIndex(of: UInt8(ascii: "\n")) else { return false }
    return told(InputBeginning(UnsafeRawBufferPointer(rebasing: beginning[..<end]))) != nil
  }

  /// Whether an input that was declared to be of the format has anything of it.
  func hasLook(_ beginning: UnsafeRawBufferPointer) -> Bool {
    let beginning = InputBeginning(beginning)
    var look = Look(format: self, beginning: beginning)
    TraceReaders.visitAll(&look)
    return look.isThere
  }

  /// Whether an input begins with what it is.
  static func isStated(_ beginning: UnsafeRawBufferPointer) -> Bool {
    let beginning = InputBeginning(beginning)
    return beginning.hasPrefix("# lockgraph-trace")
      || beginning.hasPrefix(#"{"lockgraph-trace":"#)
  }

  /// How far a report is looked for.
  private static let reportSearch = 16 << 20
  /// How many lines are looked at, comments not counted.
  fileprivate static let examinedLines = 64

  /// The format that one of the first lines tells, or all of them together.
  private static func told(_ beginning: InputBeginning) -> TraceFormat? {
    // Most inputs are text traces, and need not be shown to every reader.
    if FirstLines(of: beginning, read: TextTraceReader(), limit: 4).areEventsAlone { return .text }
    var likely: TraceFormat?
    var examined = 0
    for line in beginning.lines {
      guard examined < examinedLines else { break }
      guard let isComment = line.isComment else { continue }
      var question = LineQuestion(line: line, isComment: isComment, isFirst: examined == 0)
      TraceReaders.visitAll(&question)
      if question.answer.sureness == .certain { return question.answer.format }
      if likely == nil { likely = question.answer.format }
      if !isComment { examined += 1 }
    }
    var question = BeginningQuestion(beginning: beginning)
    TraceReaders.visitAll(&question)
    switch question.answer.sureness {
    case .certain: return question.answer.format
    case .likely: return question.answer.format
    case .none: return likely
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether a line is what most formats take for a comment; `nil` if it is blank.
  fileprivate var isComment: Bool? {
    guard let first = firstIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return nil }
    return self[first] == UInt8(ascii: "#") || from(first).hasPrefix("//")
  }
}

/// The surest of several readers, and of those that are alike the first.
private struct Answer {
  private(set) var sureness = Sureness.none
  private(set) var format: TraceFormat?

  mutating func note(_ sureness: Sureness, of format: TraceFormat) {
    guard sureness > self.sureness else { return }
    self.sureness = sureness
    self.format = format
  }
}

private struct LineQuestion: ReaderVisitor {
  let line: UnsafeRawBufferPointer
  let isComment: Bool
  let isFirst: Bool
  var answer = Answer()

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    guard answer.sureness < .certain else { return }
    answer.note(
      isComment
        ? Reader.sureness(ofComment: line) : Reader.sureness(of: line, isFirst: isFirst),
      of: Reader.format)
  }
}

private struct BeginningQuestion: ReaderVisitor {
  let beginning: InputBeginning
  var answer = Answer()

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    guard answer.sureness < .certain else { return }
    answer.note(Reader.sureness(of: beginning), of: Reader.format)
  }
}

/// The reader whose report comes first.
private struct LateReports: ReaderVisitor {
  let lines: InputBeginning
  private(set) var found: (format: TraceFormat, position: Int)?

  init(lines: InputBeginning) { self.lines = lines }

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    let limit = found?.position ?? lines.bytes.count
    for line in InputBeginning(lines.bytes.upTo(limit)).lines where Reader.beginsReport(line) {
      guard let position = line.baseAddress.map({ $0 - lines.bytes.baseAddress! }) else { continue }
      found = (Reader.format, position)
      return
    }
  }
}

private struct Strictness: ReaderVisitor {
  let format: TraceFormat
  let beginning: InputBeginning
  var isBeyondDoubt = true

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    if Reader.format == format { isBeyondDoubt = Reader.isBeyondDoubt(beginning) }
  }
}

private struct Look: ReaderVisitor {
  let format: TraceFormat
  let beginning: InputBeginning
  /// Of what has no lines nothing is asked.
  var isThere = true

  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    guard Reader.format == format else { return }
    isThere =
      Reader.sureness(of: beginning) > .none
      || beginning.lines.contains { line in
        guard let isComment = line.isComment else { return false }
        let sureness =
          isComment ? Reader.sureness(ofComment: line) : Reader.sureness(of: line, isFirst: true)
        return sureness > .none || Reader.beginsReport(line)
      }
  }
}
