/// Waits of which only a kind that is stated later tells whether they are allowed [semantics 16]:
/// for each lock without a kind one of each level of what was allowed where it was asked for, and
/// one point that may sleep while it was held.
struct UnjudgedWaits {
  struct Wait {
    /// What was allowed there.
    var limit: WaitType
    /// The class of the lock that allowed no more; `nil` where it was the context.
    var heldClass: LockClassID?
    var context: InterruptContext?
    var events: [ViolationStore.Event]
  }

  private var waits: [LockID: [Wait]] = [:]
  private var sleeps: [LockID: [ViolationStore.Event]] = [:]

  func has(_ limit: WaitType, of lock: LockID) -> Bool {
    waits[lock]?.contains { $0.limit == limit } ?? false
  }

  mutating func add(_ wait: Wait, of lock: LockID) { waits[lock, default: []].append(wait) }

  func waits(of lock: LockID) -> [Wait] { waits[lock] ?? [] }

  func hasSleep(under lock: LockID) -> Bool { sleeps[lock] != nil }

  mutating func addSleep(_ events: [ViolationStore.Event], under lock: LockID) {
    sleeps[lock] = events
  }

  func sleep(under lock: LockID) -> [ViolationStore.Event]? { sleeps[lock] }
}
