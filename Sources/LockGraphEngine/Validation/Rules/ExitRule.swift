/// A thread that ends must not hold anything [semantics 17].
enum ExitRule {
  static func judge(
    _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let thread = event.thread
    for (index, held) in state.threads[thread.index].held.locks.enumerated() {
      let key = ViolationStore.Key(.exited, held.lockClass)
      let doubtful = state.doubtful(held.lock, record.table)
      guard record.violations.isFirst(key, doubtful: doubtful) else { continue }
      record.violations.add(
        key,
        [
          state.violationEvent(.exit, event, lock: held.lock, &record),
          state.heldEvent(.held, thread: thread, index: index, &record),
        ], doubtful: doubtful)
    }
  }
}
