import CLockGraph

/// How a wait may end without the lock.
@usableFromInline
package struct WaitPolicy: Sendable {
  /// Bits of a held lock's traits: `LG_INTERRUPTIBLE`, `LG_KILLABLE`, `LG_TIMEOUT`.
  @usableFromInline package var endings: UInt32 = 0
  /// When it ends, in nanoseconds of `lg_now`.
  @usableFromInline package var deadline: UInt64 = .max
  /// It counts as waiting for input or output.
  @usableFromInline package var isIO = false

  /// Nothing but the lock ends it.
  @inlinable package init() {}

  package static var interruptible: WaitPolicy {
    WaitPolicy(endings: LG_INTERRUPTIBLE, isIO: false)
  }
  package static var killable: WaitPolicy { WaitPolicy(endings: LG_KILLABLE, isIO: false) }
  package static var io: WaitPolicy { WaitPolicy(endings: 0, isIO: true) }

  private init(endings: UInt32, isIO: Bool) {
    self.endings = endings
    self.isIO = isIO
  }

  package static func timeout(_ duration: Duration) -> WaitPolicy {
    var policy = WaitPolicy(endings: LG_TIMEOUT, isIO: false)
    let (seconds, attoseconds) = duration.components
    guard seconds >= 0, attoseconds >= 0 else {
      policy.deadline = 0
      return policy
    }
    // Ten years are for ever.
    let nanoseconds =
      UInt64(min(seconds, 1 << 28)) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    policy.deadline = lg_now() + nanoseconds
    return policy
  }

  package static func until(_ instant: ContinuousClock.Instant) -> WaitPolicy {
    timeout(instant - .now)
  }
}

/// One wait for a word to change.
package struct Waiting {
  package let policy: WaitPolicy
  package let started = lg_now()
  private let mayBeCancelled: Bool
  private var isWatched = false

  /// How often a wait that a flag may end looks at it.
  private static let lookInterval: UInt64 = 10_000_000
  private static let longestSleep: UInt64 = 1_000_000_000

  package init(_ policy: WaitPolicy) {
    self.policy = policy
    mayBeCancelled =
      policy.endings & LG_INTERRUPTIBLE != 0 && withUnsafeCurrentTask { $0 != nil }
  }

  /// Sleeps while the word has a value, for a while. Returns why the wait is over, if it is: then
  /// no wake-up was used up, because a call that a wake-up ended never returns anything else.
  package mutating func sleep(on word: UnsafePointer<UInt32>, while expected: UInt32) -> LockError?
  {
    if let error = reasonToEnd(at: lg_now()) { return error }
    switch lg_wait(word, expected, quantum) {
    case LG_INTERRUPTED:
      if policy.endings & LG_INTERRUPTIBLE != 0 { return .interrupted }
      return reasonToEnd(at: lg_now())
    case LG_TIMED_OUT:
      watch()
      return reasonToEnd(at: lg_now())
    default: return nil
    }
  }

  private func reasonToEnd(at now: UInt64) -> LockError? {
    if now >= policy.deadline { return .timedOut }
    if policy.endings & LG_KILLABLE != 0, TerminationRequests.isPending { return .killed }
    if mayBeCancelled, withUnsafeCurrentTask(body: { $0?.isCancelled == true }) {
      return .interrupted
    }
    return nil
  }

  private var quantum: UInt64 {
    var quantum = Self.longestSleep
    if mayBeCancelled || policy.endings & LG_KILLABLE != 0 { quantum = Self.lookInterval }
    let watchdog = lg_watchdog_interval()
    if watchdog > 0 { quantum = min(quantum, max(watchdog / 4, 1_000_000)) }
    let now = lg_now()
    return min(quantum, policy.deadline > now ? policy.deadline - now : 0)
  }

  private mutating func watch() {
    let watchdog = lg_watchdog_interval()
    guard watchdog > 0, !isWatched, lg_now() - started >= watchdog else { return }
    isWatched = true
    lg_tell_long_wait(lg_now() - started)
  }
}
