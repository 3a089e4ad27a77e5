/// Reads a format that has an event or fact a line, or one on several lines.
protocol LineReader: ~Copyable {
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
  /// How many facts were found that are no events.
  var facts: UInt64 { get }
  /// Whether what it read had the form of its format where there was no event or fact, asked when
  /// the input is at its end.
  var hasForm: Bool { get }
  /// What a reader of the report should know, asked when the input is at its end.
  var warnings: [String] { get }
}

extension LineReader where Self: ~Copyable {
  mutating func prepare(_ piece: UnsafeRawBufferPointer) {}
  var isPrepared: Bool { true }
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {}
  var facts: UInt64 { 0 }
  var hasForm: Bool { true }
  var warnings: [String] { [] }
}
