/// A thread that waits where its input ends.
public struct OpenWait: Sendable, Equatable {
  /// Somebody who has to give way before the wait can be over.
  public struct Obstacle: Sendable, Equatable {
    /// How somebody is in the way.
    public enum Reason: String, Sendable, CaseIterable {
      /// The other thread holds the lock.
      case holds = "holds"
      /// The other thread held the lock when it ended.
      case ended = "ended"
      /// The other thread waits for the same lock, for writing.
      case waitsToWrite = "waits-to-write"
      /// The other thread is joined and has not ended.
      case lives = "lives"
    }

    /// How it is in the way.
    public var reason: Reason
    /// The thread's name, possibly that of the waiting thread itself.
    public var thread: String
    /// The lock as that thread took it, where it did.
    public var held: WitnessedLock?
    /// Where that thread ended, if it did.
    public var end: FindingEvent?
    /// It waits as well, so that nothing comes of it before that wait is over.
    public var isWaiting: Bool

    package init(
      reason: Reason, thread: String, held: WitnessedLock? = nil, end: FindingEvent? = nil,
      isWaiting: Bool
    ) {
      self.reason = reason
      self.thread = thread
      self.held = held
      self.end = end
      self.isWaiting = isWaiting
    }
  }

  /// The thread's name in its input.
  public var thread: String
  /// The lock that it waits for, if it waits for one.
  public var wanted: WitnessedLock?
  /// The thread whose end it waits for, if it joins one.
  public var joined: String?
  /// It waits on a condition.
  public var isOnCondition = false
  /// The condition's name, where the input tells it.
  public var condition: String?
  /// The barrier at which it waits for other threads, if it does.
  public var barrier: String?
  /// The lock that it gave up to wait on a condition, by its name.
  public var givenUp: String?
  /// It was signalled on the condition, and still waits for the lock that it gave up.
  public var isSignalled = false
  /// How the wait could end early.
  public var options: AcquisitionOptions
  /// What it holds meanwhile, in the order in which it was taken; the last 64 of more.
  public var held: [WitnessedLock]
  /// Who keeps it from going on, those that wait themselves first; empty where nobody in particular
  /// does.
  public var obstacles: [Obstacle]
  /// How many more there are.
  public var omittedObstacles: Int
  /// Where it waits in the source.
  public var at: String?
  /// The stack there, innermost frame first.
  public var stack: [String]
  /// The name of the input it stands in.
  public var input: String
  /// The line of the input at which the wait began.
  public var line: UInt64
  /// When that was, in nanoseconds, where the trace has times.
  public var time: Int64?
  /// It is part of the circle at the root of its group.
  public var isInCircle = false

  package init(
    thread: String, wanted: WitnessedLock? = nil, joined: String? = nil,
    isOnCondition: Bool = false, condition: String? = nil, barrier: String? = nil,
    givenUp: String? = nil, options: AcquisitionOptions, held: [WitnessedLock],
    obstacles: [Obstacle], omittedObstacles: Int, at: String? = nil, stack: [String],
    input: String, line: UInt64, time: Int64? = nil, isInCircle: Bool = false
  ) {
    self.thread = thread
    self.wanted = wanted
    self.joined = joined
    self.isOnCondition = isOnCondition
    self.condition = condition
    self.barrier = barrier
    self.givenUp = givenUp
    self.options = options
    self.held = held
    self.obstacles = obstacles
    self.omittedObstacles = omittedObstacles
    self.at = at
    self.stack = stack
    self.input = input
    self.line = line
    self.time = time
    self.isInCircle = isInCircle
  }

  /// The place for a reader: the source position, else the innermost frame.
  public var place: String? { at ?? stack.first }
}

/// The open waits of one input that all go back to one root.
public struct WaitGroup: Sendable, Equatable {
  /// What the waits go back to.
  public struct Root: Sendable, Equatable {
    /// What sort of root it is; the worst first.
    public enum Kind: String, Sendable, CaseIterable {
      /// Threads that wait for each other, or one for itself.
      case circle = "circle"
      /// A thread that has ended.
      case ended = "ended"
      /// A condition, completion or semaphore that nobody has signalled.
      case signal = "signal"
      /// A barrier to which not all have come.
      case barrier = "barrier"
      /// A thread that waits for nothing.
      case running = "running"
      /// A lock that nobody holds as far as the input tells.
      case free = "free"
    }

    /// What sort of root it is.
    public var kind: Kind
    /// The threads of the circle in its order, or the one that ended or runs.
    public var threads: [String]
    /// The condition, barrier or lock.
    public var name: String?
    /// The class of the lock.
    public var lockClass: String?
    /// What sort of lock it is, where that is known.
    public var lockKind: LockKind?
    /// On a signal: nobody has given it after this line.
    public var line: UInt64?

    package init(
      kind: Kind, threads: [String], name: String? = nil, lockClass: String? = nil,
      lockKind: LockKind? = nil, line: UInt64? = nil
    ) {
      self.kind = kind
      self.threads = threads
      self.name = name
      self.lockClass = lockClass
      self.lockKind = lockKind
      self.line = line
    }
  }

  /// What the waits go back to.
  public var root: Root
  /// Those of the circle in its order, then those nearest to the root.
  public var waits: [OpenWait]

  package init(
    root: Root, waits: [OpenWait]
  ) {
    self.root = root
    self.waits = waits
  }
}

extension WaitGroup.Root {
  /// What is at the root, in one sentence without a full stop.
  public var text: String {
    let first = threads.first ?? ""
    let name = name ?? ""
    switch kind {
    case .circle:
      switch threads.count {
      case 1: return "\(first) waits for itself"
      case 2: return "\(first) and \(threads[1]) wait for each other"
      default: return "\(threads.count) threads wait for each other in a circle"
      }
    case .ended: return "\(first) has ended" + (name.isEmpty ? "" : " and held \(name)")
    case .signal:
      guard !name.isEmpty else { return "the trace does not tell who would end a condition wait" }
      guard let line else { return "\(name) is given back by whoever has it" }
      return "nobody in this trace has \(signalVerb) \(name) after line \(line)"
    case .barrier: return "not all that are to come to \(name) have come"
    case .running:
      return name.isEmpty
        ? "\(first) has not ended and waits for nothing"
        : "\(first) holds \(name) and waits for nothing"
    case .free: return "nobody in this trace holds \(name)"
    }
  }

  private var signalVerb: String {
    switch lockKind {
    case .semaphore: "posted"
    case .completion: "completed"
    default: "signalled"
    }
  }
}
