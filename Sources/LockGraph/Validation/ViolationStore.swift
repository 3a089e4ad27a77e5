/// Violations that single events are, one record for all that are alike.
struct ViolationStore {
  /// What exactly happened, where a rule has several ways to be violated.
  enum Variant: UInt8, Hashable {
    case notHeld, heldByOther, exited, destroyed, initialized, neverTaken, releasedFirst
  }

  struct Key: Hashable {
    var rule: Rule
    var variant: Variant
    var lockClass: LockClassID
    var otherClass: LockClassID?
  }

  struct Event {
    var role: String
    var thread: ThreadID
    var lock: LockID
    var lockClass: LockClassID
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

  mutating func add(_ key: Key, events: [Event]) {
    index[key] = violations.count
    violations.append(Violation(key: key, events: events, count: 1))
  }
}

extension Validator {
  /// Records a violation, with its events if it is the first of its sort.
  mutating func record(
    _ rule: Rule, variant: ViolationStore.Variant, lockClass: LockClassID,
    otherClass: LockClassID? = nil,
    events: (inout Validator) -> [ViolationStore.Event]
  ) {
    let key = ViolationStore.Key(
      rule: rule, variant: variant, lockClass: lockClass, otherClass: otherClass)
    guard !violations.count(key) else { return }
    violations.add(key, events: events(&self))
  }

  mutating func violationEvent(
    _ role: String, thread: ThreadID, lock: LockID, at: UnsafeRawBufferPointer? = nil,
    stack: UnsafeRawBufferPointer? = nil, line: UInt64
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: thread, lock: lock, lockClass: table.locks[lock.index].lockClass,
      mode: .write, place: intern(at), stack: intern(stack), line: line, input: inputNumber)
  }

  mutating func violationEvent(
    _ role: String, _ acquisition: Acquisition
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: acquisition.thread, lock: acquisition.lock,
      lockClass: acquisition.lockClass, mode: acquisition.mode, place: intern(acquisition.at),
      stack: intern(acquisition.stack), line: acquisition.line, input: inputNumber)
  }

  mutating func heldEvent(
    _ role: String, thread: ThreadID, index: Int
  ) -> ViolationStore.Event {
    let locks = threads[thread.index].held
    let held = locks.locks[index]
    return ViolationStore.Event(
      role: role, thread: thread, lock: held.lock, lockClass: held.lockClass, mode: held.mode,
      place: intern(locks.at(held)), stack: intern(locks.stack(held)), line: held.line,
      input: inputNumber)
  }
}
