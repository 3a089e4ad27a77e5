// The events that a violation is reported with.

extension HeldState {
  /// The event that is the violation; its role is what it does.
  func violationEvent(
    _ event: LockEvent, _ record: inout OrderRecord
  ) -> ViolationStore.Event {
    let lock = event.lock == LockEvent.none ? nil : record.table.lock(event.lock)
    return ViolationStore.Event(
      role: EventRole(event.verb), thread: event.thread,
      lock: lock.map { ($0, record.table.locks[$0.index].lockClass) }, mode: event.mode ?? .write,
      place: record.evidence.intern(event.at), stack: record.evidence.intern(event.stack),
      line: event.line, input: inputNumber)
  }

  func violationEvent(
    _ role: EventRole, _ event: LockEvent, lock: LockID, _ record: inout OrderRecord
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: event.thread, lock: (lock, record.table.locks[lock.index].lockClass),
      mode: .write, place: record.evidence.intern(event.at),
      stack: record.evidence.intern(event.stack), line: event.line, input: inputNumber)
  }

  func violationEvent(
    _ role: EventRole, of thread: ThreadID, _ lock: LockID, line: UInt64,
    _ table: borrowing LockTable
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: thread, lock: (lock, table.locks[lock.index].lockClass), mode: .write,
      place: 0, stack: 0, line: line, input: inputNumber)
  }

  func violationEvent(
    _ role: EventRole, _ acquisition: Acquisition, _ record: inout OrderRecord
  ) -> ViolationStore.Event {
    ViolationStore.Event(
      role: role, thread: acquisition.thread, lock: (acquisition.lock, acquisition.lockClass),
      mode: acquisition.mode, place: record.evidence.intern(acquisition.at),
      stack: record.evidence.intern(acquisition.stack), line: acquisition.line, input: inputNumber)
  }

  func heldEvent(
    _ role: EventRole, thread: ThreadID, index: Int, _ record: inout OrderRecord
  ) -> ViolationStore.Event {
    let locks = threads[thread.index].held
    let held = locks.locks[index]
    return ViolationStore.Event(
      role: role, thread: thread, lock: (held.lock, held.lockClass), mode: held.mode,
      place: record.evidence.intern(locks.at(held)),
      stack: record.evidence.intern(locks.stack(held)), line: held.line, input: inputNumber)
  }

  /// Who holds a lock, a few of many.
  func holderEvents(
    of lock: LockID, _ record: inout OrderRecord
  ) -> [ViolationStore.Event] {
    holders(of: lock).prefix(4).map { heldEvent(.held, thread: $0, index: $1, &record) }
  }
}
