/// What a reader of a report should know about an input, beside how much was in it, and which
/// process it is if that wrote the file itself.
///
/// Without warnings it begins with a zero, and so comes before all other texts of a file: which
/// process it is stands at the beginning, where other processes look for it.
struct InputRemarks: Equatable {
  var firstSkipped: TraceError?
  var warnings: [String]
  /// The comments that a trace of the process would begin with.
  var process: String?

  var isEmpty: Bool { firstSkipped == nil && warnings.isEmpty && process == nil }
}

extension InputRemarks: EncodedValue {
  static var noun: String { "remarks" }
  static var blank: InputRemarks { InputRemarks(firstSkipped: nil, warnings: [], process: nil) }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.texts("warnings", &warnings)
    try visit.value("first skipped line", &firstSkipped)
    try visit.text("process", &process)
  }
}

extension TraceError: EncodedValue {
  static var noun: String { "skipped line" }
  static var blank: TraceError { TraceError(input: "", message: "") }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("input", &input)
    try visit.count("line", &line)
    var places = [column, mark].map { $0.map { UInt64($0) } }
    try visit.count("column", &places[0])
    try visit.count("mark", &places[1])
    column = places[0].map { Int($0) }
    mark = places[1].map { Int($0) }
    try visit.text("message", &message)
    try visit.text("text", &text)
    try visit.text("expected", &expected)
  }

  var flaw: String? { mark ?? 0 <= text?.count ?? 0 ? nil : "a mark beside its text" }
}
