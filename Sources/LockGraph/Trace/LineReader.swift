/// What is wrong with a line, at `column` in bytes from one.
struct LineFailure: Error {
  var column: Int
  var message: String
  var expected: String?
}

/// Reads a format that has an event or fact a line, or one on several lines.
protocol LineReader: ~Copyable {
  /// Told of the whole input before its first line, where the input is in memory.
  mutating func prepare(_ whole: UnsafeRawBufferPointer)
  /// Reads one line, without its end, and hands its events over; false if the line has none.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool
  /// Hands over what only the end of the input decided.
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer)
  /// How many facts were found that are no events.
  var facts: UInt64 { get }
  /// What a reader of the report should know, asked when the input is at its end.
  var warnings: [String] { get }
}

extension LineReader where Self: ~Copyable {
  mutating func prepare(_ whole: UnsafeRawBufferPointer) {}
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {}
  var facts: UInt64 { 0 }
  var warnings: [String] { [] }
}
