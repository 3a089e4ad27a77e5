/// A lock must not be held when it is destroyed or made anew [semantics 17].
enum DestructionRule {
  static func report(
    _ lock: LockID, _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let isRenewed = event.verb == .`init`
    let key = ViolationStore.Key(
      isRenewed ? .initialized : .destroyed,
      record.table.locks[lock.index].lockClass)
    let doubtful = state.doubtful(lock, record.table)
    guard record.violations.isFirst(key, doubtful: doubtful) else { return }
    let role: EventRole = isRenewed ? .initialize : .destroy
    record.violations.add(
      key,
      [state.violationEvent(role, event, lock: lock, &record)]
        + state.holderEvents(of: lock, &record),
      doubtful: doubtful)
  }
}
