/// One input, as it was read.
public struct TraceInput: Sendable, Equatable {
  /// The path as it was given, or `<stdin>`.
  public var name: String
  /// The name of the format it was read as.
  public var format: String
  /// How many events it held.
  public var events: UInt64
  /// How many facts it held that are no events: classes, dependencies and findings of another
  /// validator.
  public var facts: UInt64 = 0
  /// How many lines were bad and skipped; only with `keepGoing`.
  public var skipped: UInt64
  /// The first bad line that was skipped.
  public var firstSkipped: TraceError?
  /// What a reader of the report should know about the input.
  public var warnings: [String]
  /// Why it is not to be taken for a trace, though it was read to its end.
  package var doubt: InputDoubt?
  /// Of a recording, the event at which the last tenth of the run begins, about.
  package var lastTenth: UInt64?
  /// Of its content, decompressed; where that was asked for.
  package var digest: ContentDigest.Value?
  /// Which process a running program is that writes a graph file itself.
  var process: String?

  /// The format of what a running program tells of itself.
  static let runningProgram = "running program"

  /// It held nothing. A log without reports is not empty: that nothing was reported is what it
  /// says.
  public var isEmpty: Bool {
    events == 0 && facts == 0 && format != TraceFormat.kernelLog.rawValue
  }
}
