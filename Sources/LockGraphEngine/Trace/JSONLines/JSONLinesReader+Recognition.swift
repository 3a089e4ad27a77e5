extension TraceFormat {
  /// The events of the text format as JSON Lines, one object a line.
  public static let jsonl = TraceFormat(named: "jsonl")
}

extension JSONLinesReader {
  static var format: TraceFormat { .jsonl }
  static var title: String { "a trace in JSON Lines" }
  static var source: String { "objects as {\"thread\":…,\"event\":…}, one a line" }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    guard isFirst, line.trimmed.first == UInt8(ascii: "{") else { return .none }
    return line.contains(#""event""#) || line.contains(#""lockgraph-trace""#) ? .certain : .none
  }

  static func sureness(of beginning: InputBeginning) -> Sureness {
    FirstLines(of: beginning, read: JSONLinesReader()).areMostlyEvents ? .likely : .none
  }

  static func isBeyondDoubt(_ beginning: InputBeginning) -> Bool {
    beginning.hasPrefix(#"{"lockgraph-trace":"#)
      || FirstLines(of: beginning, read: JSONLinesReader()).areMostlyEvents
  }

  static func firstFailure(
    in beginning: InputBeginning
  ) -> (line: UInt64, bytes: UnsafeRawBufferPointer, LineFailure)? {
    guard beginning.bytes.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") else { return nil }
    return FirstLines(of: beginning, read: JSONLinesReader()).failure
  }
}
