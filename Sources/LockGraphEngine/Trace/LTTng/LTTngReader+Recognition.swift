extension TraceFormat {
  /// What `babeltrace2` prints of LTTng's wrapper of POSIX mutexes.
  public static let lttng = TraceFormat(named: "lttng")
}

extension LTTngReader {
  static var format: TraceFormat { .lttng }
  static var title: String { "an LTTng trace" }
  static var source: String { "what babeltrace2 prints of lttng_ust_pthread:*" }

  static func sureness(of line: UnsafeRawBufferPointer, isFirst: Bool) -> Sureness {
    LTTngLine.isRecognized(line) ? .certain : .none
  }
}
