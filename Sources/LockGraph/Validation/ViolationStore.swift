/// Violations that single events are, one record for all that are alike.
struct ViolationStore {
  struct Key: Hashable {
    var variant: ViolationVariant
    var lockClass: LockClassID?
    var otherClass: LockClassID?
    var context: InterruptContext?
  }

  struct Event {
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
    _ variant: ViolationVariant, lockClass: LockClassID?, otherClass: LockClassID? = nil,
    context: InterruptContext? = nil,
    events: (inout Validator) -> [ViolationStore.Event]
  ) {
    let key = ViolationStore.Key(
      variant: variant, lockClass: lockClass, otherClass: otherClass, context: context)
    guard !violations.count(key) else { return }
    violations.insert(ViolationStore.Violation(key: key, events: events(&self), count: 1))
  }

  /// The event that is the violation; its role is what it does.
  mutating func violationEvent(_ event: LockEvent) -> ViolationStore.Event {
    let lock = event.lock == LockEvent.none ? nil : table.lock(event.lock)
    return ViolationStore.Event(
      role: EventRole(event.verb), thread: event.thread,
      lock: lock.map { ($0, table.locks[$0.index].lockClass) }, mode: event.mode ?? .write,
      place: intern(event.at), stack: intern(event.stack), line: event.line, input: inputNumber)
  }

  mutating func violationEvent(
    _ role: EventRole, _ event: LockEvent, lock: LockID
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: event.thread, lock: (lock, table.locks[lock.index].lockClass),
      mode: .write, place: intern(event.at), stack: intern(event.stack), line: event.line,
      input: inputNumber)
  }

  mutating func violationEvent(
    _ role: EventRole, of thread: ThreadID, _ lock: LockID, line: UInt64
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: thread, lock: (lock, table.locks[lock.index].lockClass), mode: .write,
      place: 0, stack: 0, line: line, input: inputNumber)
  }

  mutating func violationEvent(
    _ role: EventRole, _ acquisition: Acquisition
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: acquisition.thread, lock: (acquisition.lock, acquisition.lockClass),
      mode: acquisition.mode, place: intern(acquisition.at),
      stack: intern(acquisition.stack), line: acquisition.line, input: inputNumber)
  }

  mutating func heldEvent(
    _ role: EventRole, thread: ThreadID, index: Int
  ) -> ViolationStore.Event {
    let locks = threads[thread.index].held
    let held = locks.locks[index]
    return ViolationStore.Event(
      role: role, thread: thread, lock: (held.lock, held.lockClass), mode: held.mode,
      place: intern(locks.at(held)), stack: intern(locks.stack(held)), line: held.line,
      input: inputNumber)
  }
}
