/// A lock is released by who holds it [semantics 9].
enum ReleaseRule {
  static func report(
    _ event: LockEvent, _ lock: LockID, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    record.table.countInstance(lock)
    let row = record.table.locks[lock.index]
    let key = ViolationStore.Key(
      row.holds > 0 ? .heldByOther : .notHeld, row.lockClass)
    let doubtful = state.doubtful(lock, record.table)
    guard record.violations.isFirst(key, doubtful: doubtful) else { return }
    record.violations.add(
      key,
      [state.violationEvent(.release, event, lock: lock, &record)]
        + state.holderEvents(of: lock, &record),
      doubtful: doubtful)
  }

  /// An interrupt gives up what the code holds that it came into; that code still has it.
  static func reportInterrupt(
    _ event: LockEvent, _ lock: LockID, heldIndex: Int, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let held = state.threads[event.thread.index].held
    let key = ViolationStore.Key(
      .heldByInterrupted, held.locks[heldIndex].lockClass,
      context: held.frames[held.frames.count - 1].context)
    guard record.violations.isFirst(key) else { return }
    record.violations.add(
      key,
      [
        state.violationEvent(.release, event, lock: lock, &record),
        state.heldEvent(.held, thread: event.thread, index: heldIndex, &record),
      ])
  }
}
