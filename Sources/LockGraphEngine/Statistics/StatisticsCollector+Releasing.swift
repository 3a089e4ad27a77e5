// The ends of holds: releases, condition waits, threads and locks that go, lost events.

extension StatisticsCollector {
  @inline(__always)
  mutating func release(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    guard let slot = slot(of: lock, heldBy: event.thread) else {
      releaseNotHeld(event, lock)
      return
    }
    leave(slot, event)
  }

  private mutating func leave(_ slot: UInt32, _ event: LockEvent) {
    if pool[slot].depth > 1 {
      pool[slot].depth -= 1
    } else {
      end(slot, event)
    }
  }

  @inline(never)
  private mutating func releaseNotHeld(_ event: LockEvent, _ lock: LockID) {
    if let request = endRequest(event, lock) {
      // A recorder that only says what was released: the wait ended without the lock.
      abandon(request, event, reason: nil)
    } else if event.verb == .post || table.locks[lock.index].kind?.isReleasedByAnyThread == true,
      let slot = pool.oldest(of: lock)
    {
      leave(slot, event)
    }
  }

  /// Counts the time of a hold and forgets the hold.
  @inline(__always)
  mutating func end(_ slot: UInt32, _ event: LockEvent) {
    countHold(slot, event)
    forget(slot)
  }

  @inline(__always)
  private mutating func countHold(_ slot: UInt32, _ event: LockEvent) {
    let hold = pool[slot]
    guard let duration = elapsed(since: hold.since, event) else { return }
    rows[row(hold.lockClass, isShared: hold.isShared)].hold.record(duration)
    if overruns != nil {
      overruns!.endHold(slot, hold, after: duration, event, table, input: inputNumber)
    }
  }

  @inline(__always)
  mutating func forget(_ slot: UInt32) {
    let thread = pool[slot].thread.index
    pool.remove(slot)
    if let index = threads[thread].holds.lastIndex(where: { $0.slot == slot }) {
      threads[thread].holds.remove(at: index)
    }
  }

  mutating func downgrade(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    guard let slot = slot(of: lock, heldBy: event.thread), !pool[slot].isShared else { return }
    countHold(slot, event)
    pool.downgrade(slot)
    pool[slot].since = event.time ?? Self.noTime
    if overruns != nil { overruns!.beginHold(slot, event) }
  }

  mutating func beginWait(_ event: LockEvent) {
    guard event.lock != LockEvent.none else { return }
    let lock = resolveLock(event)
    guard let slot = slot(of: lock, heldBy: event.thread) else { return }
    let hold = pool[slot]
    let thread = event.thread.index
    threads[thread].suspensions.removeAll { $0.lock == lock }
    if threads[thread].suspensions.count >= Self.openRequests {
      threads[thread].suspensions.removeFirst()
    }
    threads[thread].suspensions.append(
      Suspension(
        lock: lock, lockClass: hold.lockClass, isShared: hold.isShared, depth: hold.depth))
    end(slot, event)
  }

  /// The lock is there again as it was before the wait.
  mutating func endWait(_ event: LockEvent) {
    let thread = event.thread.index
    guard
      let lock = event.lock == LockEvent.none
        ? threads[thread].suspensions.last?.lock : resolveLock(event)
    else { return }
    var suspension = Suspension(
      lock: lock, lockClass: table.locks[lock.index].lockClass, isShared: false, depth: 1)
    if let index = threads[thread].suspensions.lastIndex(where: { $0.lock == lock }) {
      suspension = threads[thread].suspensions.remove(at: index)
    }
    get(
      event, lock, lockClass: suspension.lockClass, isShared: suspension.isShared,
      after: endRequest(event, lock), depth: suspension.depth)
  }

  mutating func exit(_ event: LockEvent) {
    let thread = event.thread.index
    while let request = threads[thread].requests.popLast() {
      abandon(request, event, reason: nil)
    }
    threads[thread].suspensions.removeAll()
    while let hold = threads[thread].holds.last { end(hold.slot, event) }
  }

  mutating func initialize(_ event: LockEvent) {
    var lock = table.lock(event.lock, lockClass: event.lockClass)
    if pool.isHeld(lock) {
      endHolds(of: lock, event)
      lock = table.renew(event.lock, lockClass: event.lockClass)
    } else if let name = event.lockClass, table.locks[lock.index].isCounted,
      table.lockClass(named: name) != table.locks[lock.index].lockClass
    {
      // The memory holds a lock of another class now; nothing said that the old one went.
      lock = table.renew(event.lock, lockClass: event.lockClass)
    }
    applyStatements(event, to: lock)
    table.stateDerivedClass(of: lock, at: event, .initialization)
    table.countInstance(lock)
  }

  mutating func destroy(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    endHolds(of: lock, event)
    table.end(event.lock)
  }

  private mutating func endHolds(of lock: LockID, _ event: LockEvent) {
    while let slot = pool.oldest(of: lock) { end(slot, event) }
  }

  mutating func lose(_ event: LockEvent) {
    if event.isOfAllThreads {
      for thread in threads.indices where threads[thread].input == inputNumber {
        forgetAll(of: thread)
      }
    } else {
      threads[event.thread.index].isMentioned = true
      forgetAll(of: event.thread.index)
    }
  }

  private mutating func forgetAll(of thread: Int) {
    for (_, slot) in threads[thread].holds { pool.remove(slot) }
    threads[thread].holds.removeAll(keepingCapacity: true)
    threads[thread].requests.removeAll(keepingCapacity: true)
    threads[thread].suspensions.removeAll(keepingCapacity: true)
  }
}
