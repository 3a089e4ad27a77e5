/// Who waits on the conditions of an input and has been signalled, and the lines at which
/// conditions, completions and semaphores were signalled last, as far as it tells.
struct Signals {
  /// The threads that wait on a condition.
  private struct Waiters {
    /// Those of which it is not sure that a signal was for them.
    var unsure: Set<ThreadID> = []
    /// Those that were signalled, whoever else was.
    var sure: Set<ThreadID> = []
    /// Signals that nobody woke from yet; not more than there are waiters.
    var signals = 0
  }

  private var names = ByteInterner()
  /// By conditions.
  private var signals: [UInt32: UInt64] = [:]
  private var posts: [LockID: UInt64] = [:]
  private var waiters: [UInt32: Waiters] = [:]

  mutating func condition(named name: UnsafeRawBufferPointer) -> UInt32 { names.intern(name).id }

  func name(of condition: UInt32) -> String { names.string(condition) }

  /// A condition is signalled, or somebody woke from it and so was signalled.
  mutating func noteSignal(_ event: LockEvent) {
    guard let name = event.operandName else { return }
    let condition = condition(named: name)
    signals[condition] = event.line
    if event.verb != .wake, waiters[condition] != nil {
      signal(&waiters[condition]!, all: event.verb == .broadcast)
    }
  }

  /// As many signals as there are waiters have come to all of them.
  private func signal(_ waiters: inout Waiters, all: Bool) {
    let count = waiters.unsure.count + waiters.sure.count
    waiters.signals = all ? count : min(waiters.signals + 1, count)
    guard waiters.signals == count, !waiters.unsure.isEmpty else { return }
    waiters.sure.formUnion(waiters.unsure)
    waiters.unsure = []
  }

  mutating func beginWait(_ thread: ThreadID, on condition: UInt32) {
    waiters[condition, default: Waiters()].unsure.insert(thread)
  }

  mutating func endWait(_ thread: ThreadID, on condition: UInt32) {
    guard
      waiters[condition]?.unsure.remove(thread) != nil
        || waiters[condition]?.sure.remove(thread) != nil
    else { return }
    waiters[condition]!.signals = max(0, waiters[condition]!.signals - 1)
  }

  /// Whether a thread that waits on a condition was signalled for sure, so that all it still needs
  /// is the lock that it gave up.
  func isSignalled(_ thread: ThreadID, on condition: UInt32) -> Bool {
    waiters[condition]?.sure.contains(thread) == true
  }

  /// Somebody gave a lock up that anybody may give up.
  mutating func notePost(of lock: LockID, line: UInt64) { posts[lock] = line }

  func lastSignal(of condition: UInt32) -> UInt64? { signals[condition] }

  func lastPost(of lock: LockID) -> UInt64? { posts[lock] }
}
