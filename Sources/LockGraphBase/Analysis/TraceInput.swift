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
  /// Of a recording, how many locks of the loader and of allocators are left out.
  package var systemLocks = 0
  /// Of a recording, that its process ended by itself and with status 0: who waited then was done
  /// with.
  package var hasEndedWell = false
  /// Of its content, decompressed; where that was asked for.
  package var digest: ContentDigest.Value?
  /// Which process a running program is that writes a graph file itself.
  package var process: String?

  package init(
    name: String, format: String, events: UInt64, facts: UInt64 = 0, skipped: UInt64,
    firstSkipped: TraceError? = nil, warnings: [String], doubt: InputDoubt? = nil,
    digest: ContentDigest.Value? = nil, process: String? = nil
  ) {
    self.name = name
    self.format = format
    self.events = events
    self.facts = facts
    self.skipped = skipped
    self.firstSkipped = firstSkipped
    self.warnings = warnings
    self.doubt = doubt
    self.digest = digest
    self.process = process
  }

  /// The format of what a running program tells of itself.
  package static let runningProgram = "running program"
}
