/// How to read inputs.
public struct ReadingOptions: Sendable {
  /// Bad lines are skipped and counted instead of ending the reading.
  public var keepGoing = false
  /// The format of the inputs; `nil` recognises it from the content.
  public var format: TraceFormat?

  /// Whether a digest of each input's content is wanted.
  package var digestsContent = false

  /// Stops at bad lines, recognises formats.
  public init() {}
}
