/// How to read inputs.
public struct ReadingOptions: Sendable {
  /// Bad lines are skipped and counted instead of ending the reading.
  public var keepGoing = false
  /// The format of the inputs; `nil` recognises it from the content.
  public var format: TraceFormat?

  /// How many threads read, the caller's among them. What is read does not depend on it.
  public var jobs = 1

  /// The locks of the loader and of allocators, which are left out of recordings, are shown.
  public var showsSystemLocks = false

  /// Recordings are called by their processes, and not by the paths of their files.
  package var namesProcesses = false
  /// What lacks names, and which locks were left out, is told of all recordings together by who
  /// reads them, and is no warning of each.
  package var sumsOmissions = false
  /// What may still be taken back of a process that runs is read too.
  package var readsUnsettled = false

  /// How many bytes at least are read by one thread at a time.
  package var pieceSize = 1 << 18

  /// Whether a digest of each input's content is wanted.
  package var digestsContent = false

  /// How many processors this process may use.
  public static var processorCount: Int { ProcessorCount.own }

  /// Stops at bad lines, recognises formats, reads with one thread.
  public init() {}
}
