/// Violations that single events are, one record for all that are alike.
struct ViolationStore: Sendable {
  struct Key: Hashable, Sendable {
    var variant: ViolationVariant
    var lockClass: LockClassID?
    var otherClass: LockClassID?
    var context: InterruptContext?

    init(
      _ variant: ViolationVariant, _ lockClass: LockClassID? = nil,
      _ otherClass: LockClassID? = nil, context: InterruptContext? = nil
    ) {
      self.variant = variant
      self.lockClass = lockClass
      self.otherClass = otherClass
      self.context = context
    }
  }

  struct Event: Sendable {
    var role: EventRole
    var thread: ThreadID
    /// With its class at that time; `nil` where the event is about no lock.
    var lock: (id: LockID, lockClass: LockClassID)?
    var mode: LockMode
    var place: UInt32
    var stack: UInt32
    var line: UInt64
    var input: UInt32
  }

  struct Violation: Sendable {
    var key: Key
    var events: [Event]
    var count: UInt64
  }

  /// What is one if its lock turns out to be owned.
  private struct Doubtful {
    var lock: LockID
    var violation: Violation
  }

  private struct DoubtfulKey: Hashable {
    var key: Key
    var lock: LockID
  }

  private(set) var violations: [Violation] = []
  private var index: [Key: Int] = [:]
  private var doubtful: [Doubtful] = []
  private var doubtfulIndex: [DoubtfulKey: Int] = [:]

  /// Counts a violation if its like is known; true if it is the first, whose events are to be
  /// added.
  ///
  /// - Parameter lock: what it is about, if it is none should that turn out not to be owned.
  mutating func isFirst(_ key: Key, doubtful lock: LockID? = nil) -> Bool {
    if let lock {
      guard let number = doubtfulIndex[DoubtfulKey(key: key, lock: lock)] else { return true }
      doubtful[number].violation.count += 1
      return false
    }
    guard let number = index[key] else { return true }
    violations[number].count += 1
    return false
  }

  /// Keeps the first violation of its sort.
  mutating func add(_ key: Key, _ events: [Event], doubtful lock: LockID? = nil) {
    let violation = Violation(key: key, events: events, count: 1)
    guard let lock else { return insert(violation) }
    doubtfulIndex[DoubtfulKey(key: key, lock: lock)] = doubtful.count
    doubtful.append(Doubtful(lock: lock, violation: violation))
  }

  /// The input ends: those in doubt are violations, but for those of some locks.
  mutating func settle(where isOwned: (LockID) -> Bool) {
    for found in doubtful where isOwned(found.lock) { insert(found.violation) }
    doubtful.removeAll()
    doubtfulIndex.removeAll()
  }

  /// Those of an input become violations of another sort.
  mutating func rename(
    _ old: ViolationVariant, to new: ViolationVariant, ofInput input: UInt32
  ) {
    guard violations.contains(where: { $0.key.variant == old && $0.events[0].input == input })
    else { return }
    let all = violations
    violations = []
    index = [:]
    for var violation in all {
      if violation.key.variant == old, violation.events[0].input == input {
        violation.key.variant = new
      }
      insert(violation)
    }
  }

  /// Of two that are alike the events of the first stay.
  mutating func insert(_ violation: Violation) {
    if let number = index[violation.key] {
      violations[number].count += violation.count
      guard let known = violations[number].events.first, let new = violation.events.first,
        known.input == new.input, new.line < known.line
      else { return }
      violations[number].events = violation.events
    } else {
      index[violation.key] = violations.count
      violations.append(violation)
    }
  }
}
