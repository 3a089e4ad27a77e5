/// Reads a format of lines: how an input is told to be of it, and what becomes of its lines. Each
/// stands in the list of `TraceReaders`.
protocol LineReader: ~Copyable {
  init()

  // MARK: The format

  /// The format, and its name.
  static var format: TraceFormat { get }
  /// What it is, as a part of a sentence: `a Java thread dump`.
  static var title: String { get }
  /// What it comes from, for who has something else: `what jstack PID prints`.
  static var source: String { get }
  /// What it cannot say.
  static var traits: TraceTraits { get }
  /// What it means that an input has the form of the format, and no event or fact in it. `nil`:
  /// that it is empty.
  static var absence: String? { get }

  // MARK: Recognition

  /// How sure one of the first lines makes, be it a comment or not; blank ones are not asked about.
  ///
  /// - Parameter isFirst: there was no line before it but comments.
  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness
  /// The same for a line that begins with `#` or `//`, which is a comment to most.
  static func sureness(ofComment line: UnsafeRawBufferPointer) -> Sureness
  /// How sure the first lines together make, where no line by itself is certain.
  static func sureness(of beginning: InputBeginning) -> Sureness
  /// Whether a line begins a report, however late in an input it comes.
  static func beginsReport(_ line: UnsafeRawBufferPointer) -> Bool
  /// Whether other files that look like it at a glance are told apart: asked of what was recognised
  /// where nobody named the file, as in a directory.
  static func isBeyondDoubt(_ beginning: InputBeginning) -> Bool
  /// What an input is that looks like one, and what it lacks: `a Java thread dump that is cut off
  /// before its first thread`. Asked of what no reader recognises.
  static func lack(in beginning: InputBeginning) -> String?
  /// Where an input fails as one of the format, if a line of its form is all that it lacks.
  static func firstFailure(
    in beginning: InputBeginning
  ) -> (line: UInt64, bytes: UnsafeRawBufferPointer, LineFailure)?

  // MARK: Reading

  /// Looks at the input before its first line is read, where it can be read twice: at all of it, or
  /// at whole lines of it, piece by piece.
  mutating func prepare(_ piece: UnsafeRawBufferPointer)
  /// False as long as it wants to be shown more before the first line.
  var isPrepared: Bool { get }
  /// Reads one line, without its end, and hands its events over; false if the line has none.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool
  /// Hands over what only the end of the input decided.
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer)
  /// How many events were handed over by `finish`, or by a line beyond the first.
  var furtherEvents: UInt64 { get }
  /// How many facts were found that are no events.
  var facts: UInt64 { get }
  /// What an input without events or facts lacks to be one of the format at all, as a part of a
  /// sentence that begins with the input: `is cut off before its first thread`. Asked when the
  /// input is at its end.
  var shortcoming: String? { get }
  /// What a reader of the report should know, asked when the input is at its end.
  var warnings: [String] { get }
}

extension LineReader where Self: ~Copyable {
  static var traits: TraceTraits { TraceTraits() }
  static var absence: String? { nil }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness { .none }
  static func sureness(ofComment line: UnsafeRawBufferPointer) -> Sureness { .none }
  static func sureness(of beginning: InputBeginning) -> Sureness { .none }
  static func beginsReport(_ line: UnsafeRawBufferPointer) -> Bool { false }
  static func isBeyondDoubt(_ beginning: InputBeginning) -> Bool { true }
  static func lack(in beginning: InputBeginning) -> String? { nil }
  static func firstFailure(
    in beginning: InputBeginning
  ) -> (line: UInt64, bytes: UnsafeRawBufferPointer, LineFailure)? { nil }

  mutating func prepare(_ piece: UnsafeRawBufferPointer) {}
  var isPrepared: Bool { true }
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {}
  var furtherEvents: UInt64 { 0 }
  var facts: UInt64 { 0 }
  var shortcoming: String? { nil }
  var warnings: [String] { [] }
}

/// A reader that keeps nothing of a line but the names in it, so that pieces of an input can be
/// read side by side. All that it counts is in what `read` returns, and `finish` does nothing.
protocol NamingReader: LineReader, ~Copyable {
  /// The names of the input, as far as it was read.
  var names: TraceNames { get set }
}
