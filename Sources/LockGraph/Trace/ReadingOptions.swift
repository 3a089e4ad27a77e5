/// How to read inputs.
public struct ReadingOptions: Sendable {
  /// Bad lines are skipped and counted instead of ending the reading.
  public var keepGoing = false
  /// The format of the inputs; `nil` recognises it from the content.
  public var format: TraceFormat?

  /// Stops at bad lines, recognises formats.
  public init() {}
}
