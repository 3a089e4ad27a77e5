/// Locks that come and go, and events that were lost [semantics 17].

extension Validator {
  mutating func initialize(_ event: LockEvent) {
    var lock = table.lock(event.lock, lockClass: event.lockClass)
    if table.locks[lock.index].holds > 0 {
      recordDestroyedWhileHeld(.initialize, lock, event)
      giveUpRequests(for: lock)
      lock = table.renew(event.lock, lockClass: event.lockClass)
    } else if let name = event.lockClass,
      table.locks[lock.index].isCounted,
      table.lockClass(named: name) != table.locks[lock.index].lockClass
    {
      // The memory holds a lock of another class now; nothing said that the old one went.
      lock = table.renew(event.lock, lockClass: event.lockClass)
    }
    applyStatements(event, to: lock)
    table.locks[lock.index].isUnchecked = event.options.contains(.unchecked)
    table.countInstance(lock)
  }

  mutating func destroy(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    if table.locks[lock.index].holds > 0 { recordDestroyedWhileHeld(.destroy, lock, event) }
    giveUpRequests(for: lock)
    table.end(event.lock)
  }

  private mutating func recordDestroyedWhileHeld(
    _ role: EventRole, _ lock: LockID, _ event: LockEvent
  ) {
    record(
      role == .initialize ? .initialized : .destroyed,
      lockClass: table.locks[lock.index].lockClass
    ) { validator in
      [validator.violationEvent(role, event, lock: lock)]
        + validator.holders(of: lock).prefix(4).map { holder, index in
          validator.heldEvent(.held, thread: holder, index: index)
        }
    }
  }

  /// The recorder lost events: what is held is unknown from here.
  mutating func lose(_ event: LockEvent) {
    if event.isOfAllThreads {
      commonGap = eventCount
      for thread in threads.indices where threads[thread].input == inputNumber {
        forgetHeld(of: thread)
      }
    } else {
      threads[event.thread.index].gap = eventCount
      threads[event.thread.index].isMentioned = true
      forgetHeld(of: event.thread.index)
    }
  }

  private mutating func forgetHeld(of thread: Int) {
    for held in threads[thread].held.locks { table.locks[held.lock.index].holds -= 1 }
    threads[thread].held.forget()
    threads[thread].pins.removeAll()
    threads[thread].spanning.removeAll()
    threads[thread].awaited.removeAll()
    giveUpRequests(of: ThreadID(UInt32(thread)))
    threads[thread].joining = nil
    updateWaiting(thread)
    threads[thread].waits.removeAll()
  }

  /// Whether the thread may have taken the lock in a gap, so that nothing follows from its not being held.
  func isHiddenByGap(_ lock: LockID, of thread: ThreadID) -> Bool {
    let gap = max(threads[thread.index].gap ?? 0, commonGap ?? 0)
    guard gap > 0 else { return false }
    let record = table.locks[lock.index]
    // Of a recursive lock the outer levels may be from before.
    if record.kind == .recursive { return true }
    return record.lastTaker != thread || record.lastTaken <= gap
  }
}
