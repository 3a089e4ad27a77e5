/// One violation, with everything needed to trace it back to events of the input.
public struct Finding: Sendable, Equatable {
  /// Equal for the same problem in every run; made of rule, classes and kinds alone, and of places
  /// where classes are not stated.
  public var fingerprint: String
  /// The same without the lines and addresses that are in names of classes; `nil` where there are
  /// none.
  public var lineFreeFingerprint: String?
  /// What was violated.
  public var rule: Rule
  /// How bad it is.
  public var severity: Severity
  /// On deadlock findings only: how sure it is.
  public var confidence: Confidence?
  /// On deadlock findings only: why the confidence is not higher.
  public var confidenceReason: String?
  /// On deadlock findings only: whether a waiter in it could give up.
  public var recoverable: Bool?
  /// One line for people.
  public var title: String
  /// The classes concerned; on a cycle in its order, beginning with the least name.
  public var classes: [String]
  /// It is a cycle of locks and not of classes: the locks are taken at different nesting levels.
  public var isHiddenByNestingLevels = false
  /// The dependencies of a cycle or path, in its order; empty on other findings.
  public var edges: [FindingEdge]
  /// The interrupt, signal or mask that it is about, if it is about one.
  public var context: InterruptContext?
  /// What happened, on findings that are no cycle: the offending event first.
  public var events: [FindingEvent]
  /// On a deadlock that happened: its threads, each waiting for the next.
  public var waiters: [Waiter] = []
  /// On deadlocks that are predicted: the order of the events that ends in it.
  public var schedule: Schedule?
  /// How often it happened in the inputs.
  public var occurrences: UInt64
  /// What was declared, on findings that violate a declaration.
  public var declaration: Declaration?
  /// On violations that single events are: which way of violating the rule it is.
  package var variant: ViolationVariant?
  /// What it stands for, if that is several findings that differ in their locks alone.
  public var fold: Fold?

  package init(
    fingerprint: String, lineFreeFingerprint: String? = nil, rule: Rule, severity: Severity,
    confidence: Confidence? = nil, confidenceReason: String? = nil, recoverable: Bool? = nil,
    title: String, classes: [String], isHiddenByNestingLevels: Bool = false, edges: [FindingEdge],
    context: InterruptContext? = nil, events: [FindingEvent], waiters: [Waiter] = [],
    occurrences: UInt64, declaration: Declaration? = nil, variant: ViolationVariant? = nil,
    fold: Fold? = nil
  ) {
    self.fingerprint = fingerprint
    self.lineFreeFingerprint = lineFreeFingerprint
    self.rule = rule
    self.severity = severity
    self.confidence = confidence
    self.confidenceReason = confidenceReason
    self.recoverable = recoverable
    self.title = title
    self.classes = classes
    self.isHiddenByNestingLevels = isHiddenByNestingLevels
    self.edges = edges
    self.context = context
    self.events = events
    self.waiters = waiters
    self.occurrences = occurrences
    self.declaration = declaration
    self.variant = variant
    self.fold = fold
  }
}

extension Finding {
  /// A declared order that was not kept.
  public struct Declaration: Sendable, Equatable {
    /// In words, as `Account before Ledger`.
    public var text: String
    /// Where it is declared: `FILE:LINE`.
    public var source: String

    /// A declaration as it is written somewhere.
    public init(text: String, source: String) {
      self.text = text
      self.source = source
    }
  }
}

extension Finding {
  /// A thread of a deadlock that happened, as it was when the circle closed.
  public struct Waiter: Sendable, Equatable {
    /// The thread's name in its input.
    public var thread: String
    /// What it waits for; `nil` if that is the end of the thread `blockedBy`.
    public var wanted: WitnessedLock?
    /// The thread that it waits for, possibly itself.
    public var blockedBy: String
    /// That thread has ended, and can let go of nothing any more.
    public var hasHolderEnded: Bool
    /// How the wait could end early, or did.
    public var options: AcquisitionOptions
    /// Everything that it held, in the order in which it was taken; the last 64 of more.
    public var held: [WitnessedLock]
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

    package init(
      thread: String, wanted: WitnessedLock? = nil, blockedBy: String, hasHolderEnded: Bool,
      options: AcquisitionOptions, held: [WitnessedLock], at: String? = nil, stack: [String],
      input: String, line: UInt64, time: Int64? = nil
    ) {
      self.thread = thread
      self.wanted = wanted
      self.blockedBy = blockedBy
      self.hasHolderEnded = hasHolderEnded
      self.options = options
      self.held = held
      self.at = at
      self.stack = stack
      self.input = input
      self.line = line
      self.time = time
    }
  }
}

/// A dependency that takes part in a reported cycle.
public struct FindingEdge: Sendable, Equatable {
  /// The class that was held.
  public var from: String
  /// The class that was asked for.
  public var to: String
  /// Every kind the dependency was seen with.
  public var kinds: DependencyKinds
  /// The kind by which it takes part in this cycle.
  public var decidingKind: DependencyKinds
  /// How many acquisitions established it; zero if the inputs state it and no event was seen.
  public var count: UInt64
  /// The inputs state the dependency and not its kinds, so the worst are assumed.
  public var areKindsAssumed = false
  /// Who established it; the first one fits the other edges' first ones best.
  public var witnesses: [Witness]
  /// Whether there were more different ones than are kept.
  public var hasMoreWitnesses = false

  package init(
    from: String, to: String, kinds: DependencyKinds, decidingKind: DependencyKinds, count: UInt64,
    areKindsAssumed: Bool = false, witnesses: [Witness], hasMoreWitnesses: Bool = false
  ) {
    self.from = from
    self.to = to
    self.kinds = kinds
    self.decidingKind = decidingKind
    self.count = count
    self.areKindsAssumed = areKindsAssumed
    self.witnesses = witnesses
    self.hasMoreWitnesses = hasMoreWitnesses
  }
}

/// One acquisition that established a dependency.
public struct Witness: Sendable, Equatable {
  /// The thread's name in its input.
  public var thread: String
  /// The lock that it held.
  public var held: WitnessedLock
  /// The lock that it asked for.
  public var wanted: WitnessedLock
  /// How the one was held and the other asked for.
  public var kind: DependencyKinds
  /// The input states the dependency: modes and kind are assumed, and the thread may be unknown.
  public var isStated = false
  /// How the wait could have ended early.
  public var options: AcquisitionOptions
  /// What else the thread held, in the order in which it was taken.
  public var alsoHeld: [WitnessedLock]
  /// The name of the input it stands in.
  public var input: String
  /// The line, or for formats without lines the number of the event, from one.
  public var line: UInt64

  package init(
    thread: String, held: WitnessedLock, wanted: WitnessedLock, kind: DependencyKinds,
    isStated: Bool = false, options: AcquisitionOptions, alsoHeld: [WitnessedLock], input: String,
    line: UInt64
  ) {
    self.thread = thread
    self.held = held
    self.wanted = wanted
    self.kind = kind
    self.isStated = isStated
    self.options = options
    self.alsoHeld = alsoHeld
    self.input = input
    self.line = line
  }

  /// What the thread of evidence is called that names none.
  package static let unknownThread = "unknown thread"
}

/// A lock as a witness saw it.
public struct WitnessedLock: Sendable, Equatable {
  /// The instance.
  public var lock: String
  /// Its class, with nesting level.
  public var lockClass: String
  /// How it was held or asked for.
  public var mode: LockMode
  /// Where it was taken or asked for: `FILE:LINE[:COLUMN]`.
  public var at: String?
  /// The stack there, innermost frame first.
  public var stack: [String]
  /// The line of the input at which it was taken or asked for.
  public var line: UInt64
  /// What sort of lock it is, if that is known.
  public var kind: LockKind?
  /// What makes locks its class.
  public var classOrigin = ClassOrigin.stated

  package init(
    lock: String, lockClass: String, mode: LockMode, at: String? = nil, stack: [String],
    line: UInt64, kind: LockKind? = nil, classOrigin: ClassOrigin = ClassOrigin.stated
  ) {
    self.lock = lock
    self.lockClass = lockClass
    self.mode = mode
    self.at = at
    self.stack = stack
    self.line = line
    self.kind = kind
    self.classOrigin = classOrigin
  }

  /// The place for a reader: the source position, else the innermost frame.
  public var place: String? { at ?? stack.first }
}

/// An event that a finding is about.
public struct FindingEvent: Sendable, Equatable {
  /// What the event is to the finding.
  public var role: EventRole
  /// The thread's name in its input.
  public var thread: String
  /// The lock it is about, with the place and line of the event; `nil` where it is about none.
  public var lock: WitnessedLock?
  /// Where the event is in the source: `FILE:LINE[:COLUMN]`.
  public var at: String?
  /// The stack there, innermost frame first.
  public var stack: [String]
  /// The name of the input it stands in.
  public var input: String
  /// The line of the input.
  public var line: UInt64

  package init(
    role: EventRole, thread: String, lock: WitnessedLock? = nil, at: String? = nil,
    stack: [String], input: String, line: UInt64
  ) {
    self.role = role
    self.thread = thread
    self.lock = lock
    self.at = at
    self.stack = stack
    self.input = input
    self.line = line
  }

  /// The place for a reader: the source position, else the innermost frame.
  public var place: String? { at ?? stack.first }
}
