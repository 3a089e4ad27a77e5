/// A report of another tool, or a dump of a program, as an input: it is told by lines that nothing
/// else has, stands among lines of others, and no line of it is a bad one.
protocol ForeignReport {
  init()

  /// See `LineReader`.
  static var format: TraceFormat { get }
  static var title: String { get }
  static var source: String { get }
  static var absence: String? { get }
  static var traits: TraceTraits { get }
  /// See `LineReader.lack`.
  static func lack(in beginning: InputBeginning) -> String?

  /// Where a line of it begins that tells the format, behind what a logger puts before it; `nil` if
  /// the line is none.
  static func headline(in line: UnsafeRawBufferPointer) -> Int?
  /// How much of a line is handed over.
  static var longestLine: Int { get }
  /// Whether such a line may begin with what other formats take for a comment.
  static var hasCommentMarks: Bool { get }

  /// Takes a line without what a logger put before it.
  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory)
  /// Tells what only the end of the input decided.
  mutating func finish(into story: inout ReportStory)
  /// See `LineReader.shortcoming`; asked where nothing was told.
  var shortcoming: String? { get }
}

extension ForeignReport {
  static var traits: TraceTraits { TraceTraits(isExcerpt: true) }
  static func lack(in beginning: InputBeginning) -> String? { nil }
  static var hasCommentMarks: Bool { false }
  static var longestLine: Int { 1 << 16 }
  var shortcoming: String? { nil }
}

/// Reads a report format: takes from its lines what terminals and loggers put in, and makes events
/// of what it tells.
struct ReportReader<Report: ForeignReport>: LineReader, ~Copyable {
  private var report = Report()
  private var story = ReportStory()
  private var names = TraceNames()
  private var prefix = LinePrefix()
  private var isHeaded = false
  private(set) var furtherEvents: UInt64 = 0
  private(set) var facts: UInt64 = 0

  /// How much of a line is looked at for what tells the format, and how far into it a report may
  /// begin.
  private static var longestHeadline: Int { 1 << 16 }
  private static var longestPrefix: Int { 200 }

  init() {}

  static var format: TraceFormat { Report.format }
  static var title: String { Report.title }
  static var source: String { Report.source }
  static var traits: TraceTraits { Report.traits }
  static var absence: String? { Report.absence }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    beginsReport(line) ? .certain : .none
  }

  static func sureness(ofComment line: UnsafeRawBufferPointer) -> Sureness {
    Report.hasCommentMarks && beginsReport(line) ? .certain : .none
  }

  static func beginsReport(_ line: UnsafeRawBufferPointer) -> Bool {
    let line = line.upTo(longestHeadline)
    guard line.contains(TerminalCodes.escape) else { return headline(in: line) != nil }
    return TerminalCodes.removed(from: line).withUnsafeBytes { headline(in: $0) != nil }
  }

  static func lack(in beginning: InputBeginning) -> String? { Report.lack(in: beginning) }

  private static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    Report.headline(in: line).flatMap { $0 <= longestPrefix ? $0 : nil }
  }

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    let line = line.upTo(Report.longestLine)
    if line.contains(TerminalCodes.escape) {
      TerminalCodes.removed(from: line).withUnsafeBytes { take($0, number) }
    } else {
      take(line, number)
    }
    handOver(into: &consumer)
    return false
  }

  private mutating func take(_ line: UnsafeRawBufferPointer, _ number: UInt64) {
    let headline = Self.headline(in: line.upTo(Self.longestHeadline))
    if let headline {
      isHeaded = true
      prefix = LinePrefix(line.upTo(headline))
    }
    report.take(
      prefix.removed(from: line), number: number, isHeadline: headline != nil, into: &story)
  }

  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    report.finish(into: &story)
    handOver(into: &consumer)
  }

  var shortcoming: String? {
    if furtherEvents + facts > 0 { return nil }
    return isHeaded ? report.shortcoming : "has nothing of \(Self.title)"
  }

  var warnings: [String] { story.warnings }

  private mutating func handOver<Consumer: EventConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) {
    guard !story.isEmpty else { return }
    for told in story.take() {
      switch told {
      case .finding(let finding):
        facts += 1
        consumer.consume(.finding(finding))
      case .event(let event):
        furtherEvents += 1
        hand(event, to: &consumer)
      }
    }
  }

  private mutating func hand<Consumer: EventConsumer & ~Copyable>(
    _ told: ToldEvent, to consumer: inout Consumer
  ) {
    var event = LockEvent(
      verb: told.verb, thread: number(ofThread: told.thread, &consumer), line: told.line)
    if let other = told.otherThread { event.otherThread = number(ofThread: other, &consumer) }
    if let lock = told.lock {
      event.lock = Self.bytes(lock) { names.lock($0, &consumer) }
    }
    event.mode = told.mode
    event.kind = told.kind
    event.options = told.options
    event.nestsByInstance = told.nestsByInstance
    let stack = told.place.frames.joined(separator: ";")
    Self.bytes(told.lockClass ?? "") { lockClass in
      Self.bytes(told.condition ?? "") { condition in
        Self.bytes(told.place.at ?? "") { at in
          Self.bytes(stack) { stack in
            event.lockClass = told.lockClass == nil ? nil : lockClass
            event.operandName = told.condition == nil ? nil : condition
            event.at = at.isEmpty ? nil : at
            event.stack = stack.isEmpty ? nil : stack
            consumer.consume(event)
          }
        }
      }
    }
  }

  private mutating func number<Consumer: EventConsumer & ~Copyable>(
    ofThread name: String, _ consumer: inout Consumer
  ) -> ThreadID {
    Self.bytes(name) { names.thread($0, &consumer) }
  }

  private static func bytes<Result>(
    _ text: String, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    var text = text
    return text.withUTF8 { body(UnsafeRawBufferPointer($0)) }
  }
}

/// What terminals are told in the middle of a text, as colours.
enum TerminalCodes {
  static let escape: UInt8 = 0x1B

  /// A line without the sequences that begin with an escape.
  static func removed(from line: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(line.count)
    var index = 0
    while index < line.count {
      guard line[index] == escape else {
        result.append(line[index])
        index += 1
        continue
      }
      index += 1
      guard index < line.count, line[index] == UInt8(ascii: "[") else { continue }
      index += 1
      // Parameters, then a letter.
      while index < line.count, (0x20...0x3F).contains(line[index]) { index += 1 }
      index += 1
    }
    return result
  }
}

/// What a logger puts before each line, as it stands before the first line of a report; digits in
/// it are those of times and numbers, and change.
struct LinePrefix {
  private var form: [UInt8] = []

  init() {}

  init(_ text: UnsafeRawBufferPointer) { form = text.map(Self.formOf) }

  private static func formOf(_ byte: UInt8) -> UInt8 { isDigit(byte) ? 0x30 : byte }

  /// The line without it; all of a line that has another beginning, as one that the program itself
  /// wrote in between.
  func removed(from line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard !form.isEmpty else { return line }
    let shared = min(form.count, line.count)
    for index in 0..<shared where Self.formOf(line[index]) != form[index] { return line }
    if line.count < form.count {
      // An empty line whose blanks at the end are gone.
      return form[shared...].allSatisfy({ $0 == 0x20 || $0 == 0x09 }) ? line.from(shared) : line
    }
    return line.from(form.count)
  }
}
