/// What an event is to the finding that it is evidence of.
///
/// The raw values belong to the JSON report and the graph file; a case may be renamed, its raw
/// value may not.
public enum EventRole: String, Sendable, CaseIterable {
  /// A lock is asked for or taken.
  case acquire = "acquire"
  /// A lock is given up.
  case release = "release"
  /// A lock is held at that moment; where it was taken.
  case held = "held"
  /// A lock is held that another one was to serialise; where it was taken.
  case nested = "nested"
  /// A lock is named as the one that serialises a nesting.
  case nest = "nest"
  /// A thread ends.
  case exit = "exit"
  /// A thread ended that has a lock others wait for.
  case ended = "ended"
  /// A task returns to user space.
  case returned = "return"
  /// A lock or its memory goes.
  case destroy = "destroy"
  /// A lock is initialised.
  case initialize = "init"
  /// The program asserts something of a lock.
  case assert = "assert"
  /// A lock is pinned.
  case pin = "pin"
  /// A lock is unpinned.
  case unpin = "unpin"
  /// A thread waits on a condition.
  case wait = "wait"
  /// A thread may sleep.
  case sleep = "sleep"
  /// A context is left.
  case leave = "leave"
  /// A context is unmasked.
  case enable = "enable"
  /// A lock is taken inside the context that the finding is about.
  case usedIn = "used-in"
  /// A lock is held where that context can come; where it was taken.
  case enabled = "enabled"
  /// The context is unmasked while a lock is held.
  case unmasked = "unmasked"
  /// A reference count changes.
  case count = "count"
  /// Something is used that RCU protects.
  case rcu = "rcu"
  /// The program found an assertion of its own wrong.
  case warn = "warn"
  /// A lock is asked for and not had.
  case request = "request"
  /// The end of a thread is waited for.
  case join = "join"
  /// A continuation is resumed.
  case resume = "resume"

  /// Whether the event is that of a lock being taken.
  package var isAcquisition: Bool {
    switch self {
    case .held, .nested, .usedIn, .enabled: true
    default: false
    }
  }
}
