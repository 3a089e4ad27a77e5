/// Violations that single events are, one record for all that are alike: of one key at the same
/// places. Where classes are stated the key alone is what tells findings apart; else places do.
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

  private struct Like: Hashable {
    var key: Key
    /// Where its events are: numbers of places and stacks.
    var places: [UInt32]
  }

  /// Of so many places of one key the violations are kept apart.
  private static let placeLimit = 64

  private(set) var violations: [Violation] = []
  private var index: [Like: Int] = [:]
  /// For each key the first violation, and how many there are.
  private var known: [Key: (first: Int, count: Int)] = [:]

  /// Counts a violation where no more of its key are kept; true if its events are to be added.
  mutating func isFirst(_ key: Key) -> Bool {
    guard let known = known[key], known.count >= Self.placeLimit else { return true }
    violations[known.first].count += 1
    return false
  }

  /// Keeps a violation, or counts it if its like is known.
  mutating func add(_ key: Key, _ events: [Event]) {
    insert(Violation(key: key, events: events, count: 1))
  }

  mutating func insert(_ violation: Violation) {
    let like = Like(
      key: violation.key, places: violation.events.flatMap { [$0.place, $0.stack] })
    if let number = index[like] {
      violations[number].count += violation.count
    } else if let known = known[violation.key], known.count >= Self.placeLimit {
      violations[known.first].count += violation.count
    } else {
      index[like] = violations.count
      known[violation.key, default: (violations.count, 0)].count += 1
      violations.append(violation)
    }
  }
}
