/// What is wrong with an input, and where.
public struct TraceError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The input's name.
  public var input: String
  /// From one; `nil` if the input as a whole is meant.
  public var line: UInt64?
  /// In bytes, from one.
  public var column: Int?
  /// What is wrong.
  public var message: String
  /// The offending line, shortened and with control characters made visible.
  public var text: String?
  /// What would have been right.
  public var expected: String?

  package init(
    input: String, line: UInt64? = nil, column: Int? = nil, message: String, text: String? = nil,
    expected: String? = nil
  ) {
    self.input = input
    self.line = line
    self.column = column
    self.message = message
    self.text = text
    self.expected = expected
  }

  /// `FILE:LINE:COLUMN: error: …`, the text with a mark under the column, and what was expected.
  public var description: String {
    var result = input
    if let line { result += ":\(line)" }
    if let column { result += ":\(column)" }
    result += ": error: \(message)"
    if let text { result += "\n    \(text)" }
    if let expected { result += "\n    expected \(expected)" }
    return result
  }

  /// The part of a line around a column: at most 160 characters, on one line.
  package static func excerpt(_ line: UnsafeRawBufferPointer, column: Int) -> String {
    let start = max(0, min(column - 1, line.count) - 80)
    let end = min(line.count, start + 160)
    let shown = String(decoding: line[start..<end], as: UTF8.self)
    return (start > 0 ? "…" : "") + shown.withVisibleControls + (end < line.count ? "…" : "")
  }
}
