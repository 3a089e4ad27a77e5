// Events that a recorder lost: what is held is unknown from there [semantics 17].

extension HeldState {
  mutating func lose(_ event: LockEvent, _ record: inout OrderRecord) {
    if event.isOfAllThreads {
      commonGap = eventCount
      for thread in threads.indices
      where record.threads.input(of: ThreadID(UInt32(thread))) == inputNumber {
        forgetHeld(of: thread, &record)
      }
    } else {
      threads[event.thread.index].gap = eventCount
      threads[event.thread.index].isMentioned = true
      forgetHeld(of: event.thread.index, &record)
    }
  }

  private mutating func forgetHeld(of thread: Int, _ record: inout OrderRecord) {
    for held in threads[thread].held.locks { record.table.locks[held.lock.index].holds -= 1 }
    threads[thread].held.forget()
    threads[thread].pins.removeAll()
    threads[thread].spanning.removeAll()
    threads[thread].awaited.removeAll()
    giveUpRequests(of: ThreadID(UInt32(thread)), &record)
    threads[thread].joining = nil
    dropConditionWait(of: ThreadID(UInt32(thread)))
    updateWaiting(thread)
    threads[thread].waits.removeAll()
  }

  /// Whether the thread may have taken the lock in a gap, so that nothing follows from its not
  /// being held.
  func isHiddenByGap(
    _ lock: LockID, of thread: ThreadID, _ table: borrowing LockTable
  ) -> Bool {
    let gap = max(threads[thread.index].gap ?? 0, commonGap ?? 0)
    guard gap > 0 else { return false }
    let record = table.locks[lock.index]
    // Of a re-entrant lock the outer levels may be from before.
    if record.kind?.isReentrant == true { return true }
    guard record.lastTaker != thread else { return record.lastTaken <= gap }
    // Not if another thread has it for itself, and took it since.
    guard record.holds > 0, record.lastTaken > gap, record.lastTaker.index < threads.count else {
      return true
    }
    let holder = threads[record.lastTaker.index].held
    return !table.isGate(lock, mode: .write)
      || holder.lastIndex(of: lock).map { holder.locks[$0].mode.isExclusive } != true
  }
}
