/// Violations that single events are, one record for all that are alike.
struct ViolationStore {
  /// What exactly happened, where a rule has several ways to be violated.
  enum Variant: UInt8, Hashable {
    case notHeld, heldByOther, exited, destroyed, initialized, neverTaken, releasedFirst
    case waitsInContext, waitsHolding, spinsInContext, spinsHolding, sleepsInContext, sleepsHolding
    case assertedHeld, assertedNotHeld, assertedRead, assertedWrite
    case pinnedUnheld, notPinned, releasedPinned
    case notEntered, leftOutOfOrder, leftHolding, notMasked, endedInside
    case waitsOnCondition
    case raisedFromZero, loweredBelowZero, saturated
  }

  struct Key: Hashable {
    var rule: Rule
    var variant: Variant
    var lockClass: LockClassID?
    var otherClass: LockClassID?
    var context: InterruptContext?
  }

  struct Event {
    var role: String
    var thread: ThreadID
    /// With its class at that time; `nil` where the event is about no lock.
    var lock: (id: LockID, lockClass: LockClassID)?
    var mode: LockMode
    var place: UInt32
    var stack: UInt32
    var line: UInt64
    var input: UInt32
  }

  struct Violation {
    var key: Key
    var events: [Event]
    var count: UInt64
  }

  private(set) var violations: [Violation] = []
  private var index: [Key: Int] = [:]

  /// Counts a violation that is known; false if it is new.
  mutating func count(_ key: Key) -> Bool {
    guard let number = index[key] else { return false }
    violations[number].count += 1
    return true
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

extension Validator {
  /// Records a violation, with its events if it is the first of its sort.
  mutating func record(
    _ rule: Rule, variant: ViolationStore.Variant, lockClass: LockClassID?,
    otherClass: LockClassID? = nil, context: InterruptContext? = nil,
    events: (inout Validator) -> [ViolationStore.Event]
  ) {
    let key = ViolationStore.Key(
      rule: rule, variant: variant, lockClass: lockClass, otherClass: otherClass, context: context)
    guard !violations.count(key) else { return }
    violations.insert(ViolationStore.Violation(key: key, events: events(&self), count: 1))
  }

  /// The event that is the violation; its role is its verb.
  mutating func violationEvent(_ event: LockEvent) -> ViolationStore.Event {
    let lock = event.lock == LockEvent.none ? nil : table.lock(event.lock)
    return ViolationStore.Event(
      role: event.verb.name, thread: event.thread,
      lock: lock.map { ($0, table.locks[$0.index].lockClass) }, mode: event.mode ?? .write,
      place: intern(event.at), stack: intern(event.stack), line: event.line, input: inputNumber)
  }

  mutating func violationEvent(
    _ role: String, _ event: LockEvent, lock: LockID
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: event.thread, lock: (lock, table.locks[lock.index].lockClass),
      mode: .write, place: intern(event.at), stack: intern(event.stack), line: event.line,
      input: inputNumber)
  }

  mutating func violationEvent(
    _ role: String, of thread: ThreadID, _ lock: LockID, line: UInt64
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: thread, lock: (lock, table.locks[lock.index].lockClass), mode: .write,
      place: 0, stack: 0, line: line, input: inputNumber)
  }

  mutating func violationEvent(
    _ role: String, _ acquisition: Acquisition
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: acquisition.thread, lock: (acquisition.lock, acquisition.lockClass),
      mode: acquisition.mode, place: intern(acquisition.at),
      stack: intern(acquisition.stack), line: acquisition.line, input: inputNumber)
  }

  mutating func heldEvent(
    _ role: String, thread: ThreadID, index: Int
  ) -> ViolationStore.Event {
    let locks = threads[thread.index].held
    let held = locks.locks[index]
    return ViolationStore.Event(
      role: role, thread: thread, lock: (held.lock, held.lockClass), mode: held.mode,
      place: intern(locks.at(held)), stack: intern(locks.stack(held)), line: held.line,
      input: inputNumber)
  }
}
