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

  private(set) var violations: [Violation] = []
  private var index: [Key: Int] = [:]

  /// Counts a violation if its like is known; true if it is the first, whose events are to be
  /// added.
  mutating func isFirst(_ key: Key) -> Bool {
    guard let number = index[key] else { return true }
    violations[number].count += 1
    return false
  }

  /// Keeps the first violation of its sort.
  mutating func add(_ key: Key, _ events: [Event]) {
    insert(Violation(key: key, events: events, count: 1))
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

  mutating func insert(_ violation: Violation) {
    if let number = index[violation.key] {
      violations[number].count += violation.count
    } else {
      index[violation.key] = violations.count
      violations.append(violation)
    }
  }
}
