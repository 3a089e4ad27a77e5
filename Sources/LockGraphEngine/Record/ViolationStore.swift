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

  /// Violations, one for all that are alike.
  private struct Kept: Sendable {
    /// Of so many places of one key the violations are kept apart.
    private static let placeLimit = 64

    private(set) var violations: [Violation] = []
    private var index: [Like: Int] = [:]
    /// For each key the first violation, and how many there are.
    private var known: [Key: (first: Int, count: Int)] = [:]

    mutating func isFirst(_ key: Key) -> Bool {
      guard let known = known[key], known.count >= Self.placeLimit else { return true }
      violations[known.first].count += 1
      return false
    }

    /// Of two that are alike the events of the first stay.
    mutating func insert(_ violation: Violation) {
      let like = Like(
        key: violation.key, places: violation.events.flatMap { [$0.place, $0.stack] })
      if let number = index[like] {
        violations[number].count += violation.count
        guard let known = violations[number].events.first, let new = violation.events.first,
          known.input == new.input, new.line < known.line
        else { return }
        violations[number].events = violation.events
      } else if let known = known[violation.key], known.count >= Self.placeLimit {
        violations[known.first].count += violation.count
      } else {
        index[like] = violations.count
        known[violation.key, default: (violations.count, 0)].count += 1
        violations.append(violation)
      }
    }
  }

  private var kept = Kept()
  /// Those that are none should their lock turn out not to be owned.
  private var doubtful: [LockID: Kept] = [:]

  var violations: [Violation] { kept.violations }

  /// Counts a violation where no more of its key are kept; true if its events are to be added.
  ///
  /// - Parameter lock: what it is about, if it is none should that turn out not to be owned.
  mutating func isFirst(_ key: Key, doubtful lock: LockID? = nil) -> Bool {
    guard let lock else { return kept.isFirst(key) }
    return doubtful[lock]?.isFirst(key) ?? true
  }

  /// Keeps a violation, or counts it if its like is known.
  mutating func add(_ key: Key, _ events: [Event], doubtful lock: LockID? = nil) {
    let violation = Violation(key: key, events: events, count: 1)
    guard let lock else { return kept.insert(violation) }
    doubtful[lock, default: Kept()].insert(violation)
  }

  mutating func insert(_ violation: Violation) { kept.insert(violation) }

  /// The input ends: those in doubt are violations, but for those of some locks.
  mutating func settle(where isOwned: (LockID) -> Bool) {
    guard !doubtful.isEmpty else { return }
    let found = doubtful.filter { isOwned($0.key) }.values.flatMap(\.violations)
    for violation in found.sorted(by: Self.precedes) { kept.insert(violation) }
    doubtful.removeAll()
  }

  /// In the order of the events, those of one event by when what they are about was taken.
  private static func precedes(_ one: Violation, _ other: Violation) -> Bool {
    func order(_ violation: Violation) -> [UInt64] {
      violation.events.flatMap { [$0.line, UInt64($0.lock?.id.rawValue ?? .max)] }
        + [UInt64(violation.key.lockClass?.rawValue ?? .max)]
    }
    return order(one).lexicographicallyPrecedes(order(other))
  }

  /// Those of an input become violations of another sort.
  mutating func rename(
    _ old: ViolationVariant, to new: ViolationVariant, ofInput input: UInt32
  ) {
    guard violations.contains(where: { $0.key.variant == old && $0.events[0].input == input })
    else { return }
    let all = violations
    kept = Kept()
    for var violation in all {
      if violation.key.variant == old, violation.events[0].input == input {
        violation.key.variant = new
      }
      kept.insert(violation)
    }
  }
}
