/// How to read inputs.
public struct ReadingOptions: Sendable {
  /// Bad lines are skipped and counted instead of ending the reading.
  public var keepGoing = false
  /// The format of the inputs; `nil` recognises it from the content.
  public var format: TraceFormat?

  /// The locks of the loader and of allocators, which are left out of recordings, are shown.
  public var showsSystemLocks = false

  /// Recordings are called by their processes, and not by the paths of their files.
  package var namesProcesses = false
  /// What may still be taken back of a process that runs is read too.
  package var readsUnsettled = false

  /// Whether a digest of each input's content is wanted.
  package var digestsContent = false

  /// Stops at bad lines, recognises formats.
  public init() {}
}
