extension TraceFormat {
  /// STD, the format of RAPID and its relatives: `THREAD|OPERATION(ARGUMENT)|LOCATION`.
  public static let std = TraceFormat(named: "std")
}

extension STDReader {
  static var format: TraceFormat { .std }
  static var title: String { "an STD trace" }
  static var source: String { "lines as THREAD|OPERATION(ARGUMENT)|LOCATION" }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    isFirst && STDLine.isRecognized(line) ? .certain : .none
  }

  static func isBeyondDoubt(_ beginning: InputBeginning) -> Bool {
    FirstLines(of: beginning, read: STDReader()).areMostlyEvents
  }
}
