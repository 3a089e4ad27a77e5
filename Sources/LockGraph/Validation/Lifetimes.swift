// Locks that come and go [semantics 17].

extension Validator {
  mutating func initialize(_ event: LockEvent) {
    var lock = record.table.lock(event.lock, lockClass: event.lockClass)
    if record.table.locks[lock.index].holds > 0 {
      DestructionRule.report(lock, event, state, &record)
      state.giveUpRequests(for: lock, &record)
      lock = record.table.renew(event.lock, lockClass: event.lockClass)
    } else if let name = event.lockClass,
      record.table.locks[lock.index].isCounted,
      record.table.lockClass(named: name) != record.table.locks[lock.index].lockClass
    {
      // The memory holds a lock of another class now; nothing said that the old one went.
      lock = record.table.renew(event.lock, lockClass: event.lockClass)
    }
    if event.lockClass == nil { lock = record.table.noteInitialization(of: lock, at: event) }
    record.table.applyStatements(event, to: lock)
    record.table.locks[lock.index].isUnchecked = event.options.contains(.unchecked)
    record.table.countInstance(lock)
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
