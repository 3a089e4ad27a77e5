// Locks that come and go [semantics 17].

extension Validator {
  mutating func initialize(_ event: LockEvent) {
    var lock = record.table.lock(event.lock, lockClass: event.lockClass)
    if record.table.locks[lock.index].holds > 0 {
      DestructionRule.report(lock, event, state, &record)
      state.giveUpRequests(for: lock, &record)
      lock = record.table.renew(event.lock, lockClass: event.lockClass)
    } else if record.table.locks[lock.index].isCounted, isAnother(event, lock) {
      // The memory holds another lock now; nothing said that the old one went.
      lock = record.table.renew(event.lock, lockClass: event.lockClass)
    }
    if event.kind?.isOfKernel == true { state.isOfKernel = true }
    if event.lockClass == nil { lock = record.table.noteInitialization(of: lock, at: event) }
    record.table.applyStatements(event, to: lock)
    record.table.locks[lock.index].isUnchecked = event.options.contains(.unchecked)
    record.table.countInstance(lock)
  }

  /// Whether what is stated of the lock cannot be said of the one that had its name.
  private mutating func isAnother(_ event: LockEvent, _ lock: LockID) -> Bool {
    let row = record.table.locks[lock.index]
    if let kind = event.kind, let known = row.kind, kind != known { return true }
    return event.lockClass.map { record.table.lockClass(named: $0) != row.lockClass } ?? false
  }

  mutating func destroy(_ event: LockEvent) {
    let lock = record.table.lock(event.lock)
    record.table.countInstance(lock)
    if record.table.locks[lock.index].holds > 0 {
      DestructionRule.report(lock, event, state, &record)
    }
    state.giveUpRequests(for: lock, &record)
    record.table.end(event.lock)
  }
}
