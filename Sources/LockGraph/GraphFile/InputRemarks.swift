/// What a reader of a report should know about an input, beside how much was in it.
struct InputRemarks: Equatable {
  var firstSkipped: TraceError?
  var warnings: [String]

  var isEmpty: Bool { firstSkipped == nil && warnings.isEmpty }

  func write(to writer: inout BinaryWriter) {
    writer.texts(warnings)
    writer.flag(firstSkipped != nil)
    guard let error = firstSkipped else { return }
    writer.text(error.input)
    for number in [error.line, error.column.map { UInt64($0) }, error.mark.map { UInt64($0) }] {
      writer.flag(number != nil)
      if let number { writer.number(number) }
    }
    writer.text(error.message)
    writer.optional(error.text)
    writer.optional(error.expected)
  }

  init(firstSkipped: TraceError?, warnings: [String]) {
    self.firstSkipped = firstSkipped
    self.warnings = warnings
  }

  init(from reader: inout BinaryReader) throws(GraphFileFailure) {
    warnings = try reader.texts()
    guard try reader.flag() else { return }
    let input = try reader.text()
    var numbers: [UInt64?] = []
    for _ in 0..<3 { numbers.append(try reader.flag() ? try reader.quantity() : nil) }
    let message = try reader.text()
    let text = try reader.optionalText()
    let mark = numbers[2].map { Int($0) }
    guard mark ?? 0 <= text?.count ?? 0 else { throw reader.failure("a mark beside its text") }
    firstSkipped = TraceError(
      input: input, line: numbers[0], column: numbers[1].map { Int($0) }, message: message,
      text: text, mark: mark, expected: try reader.optionalText())
  }
}
