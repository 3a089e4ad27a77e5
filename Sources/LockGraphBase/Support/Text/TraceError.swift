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
  /// Which character of `text`, from zero, the column is.
  public var mark: Int?
  /// What would have been right.
  public var expected: String?

  package init(
    input: String, line: UInt64? = nil, column: Int? = nil, message: String, text: String? = nil,
    mark: Int? = nil, expected: String? = nil
  ) {
    self.input = input
    self.line = line
    self.column = column
    self.message = message
    self.text = text
    self.mark = mark
    self.expected = expected
  }

  /// `FILE:LINE:COLUMN: error: …`, the text with a mark under the column, and what was expected.
  public var description: String {
    var result = input.withVisibleControls
    if let line { result += ":\(line)" }
    if let column { result += ":\(column)" }
    result += ": error: \(message)"
    if let text {
      result += "\n    \(text)"
      if let mark { result += "\n    " + String(repeating: " ", count: mark) + "^" }
    }
    if let expected { result += "\n    expected \(expected)" }
    return result
  }

  /// The part of a line around a column, at most 160 bytes of it on one line, and where in it the
  /// column is.
  package static func excerpt(
    _ line: UnsafeRawBufferPointer, column: Int
  ) -> (text: String, mark: Int) {
    let position = max(0, min(column - 1, line.count))
    let start = max(0, position - 80)
    let end = min(line.count, start + 160)
    func shown(_ range: Range<Int>) -> String {
      String(decoding: line[range], as: UTF8.self)
        .split(separator: "\t", omittingEmptySubsequences: false).joined(separator: " ")
        .withVisibleControls
    }
    let before = (start > 0 ? "…" : "") + shown(start..<position)
    return (before + shown(position..<end) + (end < line.count ? "…" : ""), before.count)
  }
}
