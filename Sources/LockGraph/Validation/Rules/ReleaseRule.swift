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
}
