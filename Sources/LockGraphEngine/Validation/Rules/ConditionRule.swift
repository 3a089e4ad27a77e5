/// Nothing else stays held while a thread waits on a condition: whoever needs it waits as long as
/// the condition does [semantics 18].
enum ConditionRule {
  /// - Parameter lock: the one that the wait gives up.
  @inline(never)
  static func judge(
    _ event: LockEvent, givingUp lock: LockID?, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let waited = lock.map { record.table.locks[$0.index].lockClass }
    for (index, held) in state.threads[event.thread.index].held.locks.enumerated()
    where held.lock != lock {
      let key = ViolationStore.Key(.waitsOnCondition, held.lockClass, waited)
      let doubtful = state.doubtful(held.lock, record.table)
      guard record.violations.isFirst(key, doubtful: doubtful) else { continue }
      record.violations.add(
        key,
        [
          state.violationEvent(event, &record),
          state.heldEvent(.held, thread: event.thread, index: index, &record),
        ], doubtful: doubtful)
    }
  }
}
