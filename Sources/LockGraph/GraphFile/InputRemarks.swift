/// What a reader of a report should know about an input, beside how much was in it, and which process
/// it is if that wrote the file itself.
///
/// Without warnings it begins with a zero, and so comes before all other texts of a file: which process
/// it is stands at the beginning, where other processes look for it.
struct InputRemarks: Equatable {
  var firstSkipped: TraceError?
  var warnings: [String]
  /// The comments that a trace of the process would begin with.
  var process: String?

  var isEmpty: Bool { firstSkipped == nil && warnings.isEmpty && process == nil }

  func write(to writer: inout BinaryWriter) {
    writer.texts(warnings)
    writer.flag(firstSkipped != nil)
    if let firstSkipped { Self.write(firstSkipped, to: &writer) }
    if let process { writer.text(process) }
  }

  private static func write(_ error: TraceError, to writer: inout BinaryWriter) {
    writer.text(error.input)
    for number in [error.line, error.column.map { UInt64($0) }, error.mark.map { UInt64($0) }] {
      writer.flag(number != nil)
      if let number { writer.number(number) }
    }
    writer.text(error.message)
    writer.optional(error.text)
    writer.optional(error.expected)
  }

  init(firstSkipped: TraceError?, warnings: [String], process: String?) {
    self.firstSkipped = firstSkipped
    self.warnings = warnings
    self.process = process
  }

  init(from reader: inout BinaryReader) throws(GraphFileFailure) {
    warnings = try reader.texts()
    if try reader.flag() { firstSkipped = try Self.error(from: &reader) }
    if reader.remaining > 0 { process = try reader.text() }
  }

  private static func error(
    from reader: inout BinaryReader
  ) throws(GraphFileFailure) -> TraceError {
    let input = try reader.text()
    var numbers: [UInt64?] = []
    for _ in 0..<3 { numbers.append(try reader.flag() ? try reader.quantity() : nil) }
    let message = try reader.text()
    let text = try reader.optionalText()
    let mark = numbers[2].map { Int($0) }
    guard mark ?? 0 <= text?.count ?? 0 else { throw reader.failure("a mark beside its text") }
    return TraceError(
      input: input, line: numbers[0], column: numbers[1].map { Int($0) }, message: message,
      text: text, mark: mark, expected: try reader.optionalText())
  }
}
