/// How lock classes were used: how often, how long they were waited for, how long they were held.
public struct LockStatistics: Sendable {
  /// In the order in which they were given.
  public var inputs: [TraceInput]
  /// Events of all inputs.
  public var events: UInt64
  /// Threads that did something.
  public var threads: Int
  /// Whether any event had a time; if none had, there are counts only.
  public var hasTimes: Bool
  /// Durations that ended before they began, as the trace has it; they count as 0.
  public var backwardDurations: UInt64
  /// Sorted by name.
  public var classes: [ClassStatistics]
  /// When threads waited; `nil` if no wait has times.
  public var contention: ContentionTimeline?
  /// What took longer than was allowed, in no order; empty where nothing was declared.
  package var overruns: [DurationOverrun] = []
}

/// One class, or one nesting level of it.
public struct ClassStatistics: Sendable, Equatable {
  /// `name`, or `name/N` for nesting level N.
  public var name: String
  /// What the class's locks are, if the trace says so.
  public var kind: LockKind?
  /// Exclusive use; `nil` if there was none.
  public var write: ModeStatistics?
  /// Shared use, recursive reads included; `nil` if there was none.
  public var read: ModeStatistics?
  /// Where threads waited, whether or not they got the lock in the end; most met first.
  public var contentionPoints: [ContentionPoint]
  /// Where whoever made them wait had taken the lock; most met first.
  public var contendingPoints: [ContentionPoint]

  /// Both modes that were used.
  public var modes: [(name: String, statistics: ModeStatistics)] {
    [("write", write), ("read", read)].compactMap { name, mode in mode.map { (name, $0) } }
  }
}

/// One class in one mode.
public struct ModeStatistics: Sendable, Equatable {
  /// How often a lock was got, re-entries and ends of condition waits included.
  public var acquisitions: UInt64
  /// How many of these waited.
  public var contentions: UInt64
  /// Requests that failed, which is not the same as waits that were given up.
  public var failed: UInt64
  /// Waits that ended without the lock.
  public var abandoned: AbandonedWaits
  /// Holds that had not ended where the trace did; how long they lasted is not known.
  public var openHolds: UInt64
  /// Requests that were open where the trace ended.
  public var openWaits: UInt64
  /// How long the contended acquisitions waited; `nil` if there were none with times.
  public var wait: DurationSummary?
  /// How long the locks were held; `nil` if no hold has a known beginning and end.
  public var hold: DurationSummary?
}

/// Waits that ended without the lock.
public struct AbandonedWaits: Sendable, Equatable {
  /// Why some of them ended, in the trace format's word or `unknown`.
  public struct Reason: Sendable, Equatable {
    /// The word.
    public var name: String
    /// How many.
    public var count: UInt64
  }

  /// All of them.
  public var count: UInt64
  /// Only reasons that occurred.
  public var reasons: [Reason]
  /// Nanoseconds together; `nil` if no such wait has times.
  public var time: UInt64?
}
