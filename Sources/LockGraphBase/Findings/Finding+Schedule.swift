extension Finding {
  /// An order of an input's events in which its threads end in the deadlock.
  public struct Schedule: Sendable, Equatable {
    /// What one thread does before another one goes on.
    public struct Segment: Sendable, Equatable {
      /// The thread's name in the input.
      public var thread: String
      /// The line of the last event.
      public var line: UInt64
      /// Where that is in the source, if the input tells it.
      public var at: String?
      /// The thread's number in the input, and that of the last event there.
      package var number: UInt32
      package var event: UInt32

      package init(thread: String, line: UInt64, at: String?, number: UInt32, event: UInt32) {
        self.thread = thread
        self.line = line
        self.at = at
        self.number = number
        self.event = event
      }
    }

    /// A thread that waits for the next one in the end.
    public struct Wait: Sendable, Equatable {
      /// The thread's name in the input.
      public var thread: String
      /// What it asks for; `nil` if that is the end of the thread `blockedBy`.
      public var wanted: String?
      /// How it asks for it.
      public var mode: LockMode
      /// The thread that it waits for.
      public var blockedBy: String
      /// It waits behind one that asks for the same lock, and does not have it.
      public var isQueued: Bool
      /// The line of the request.
      public var line: UInt64
      /// Where that is in the source, if the input tells it.
      public var at: String?
      /// The thread's number in the input, and that of the request there.
      package var number: UInt32
      package var event: UInt32

      package init(
        thread: String, wanted: String?, mode: LockMode, blockedBy: String, isQueued: Bool,
        line: UInt64, at: String?, number: UInt32, event: UInt32
      ) {
        self.thread = thread
        self.wanted = wanted
        self.mode = mode
        self.blockedBy = blockedBy
        self.isQueued = isQueued
        self.line = line
        self.at = at
        self.number = number
        self.event = event
      }
    }

    /// The name of the input.
    public var input: String
    /// In their order; threads that do nothing before they wait have none.
    public var segments: [Segment]
    /// The threads of the deadlock, going round.
    public var waits: [Wait]
    /// The input tells of no accesses to data, which may keep threads from coming there.
    public var isByLocksAlone: Bool

    package init(input: String, segments: [Segment], waits: [Wait], isByLocksAlone: Bool) {
      self.input = input
      self.segments = segments
      self.waits = waits
      self.isByLocksAlone = isByLocksAlone
    }
  }
}
