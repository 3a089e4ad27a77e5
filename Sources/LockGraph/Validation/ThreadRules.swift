/// Threads that begin and end [semantics 17, 21].

extension Validator {
  mutating func spawn(_ event: LockEvent) {
    let (parent, child) = (event.thread, event.otherThread)
    let past = threads[parent.index].epoch
    let childPast =
      threads[child.index].isMentioned ? threads[child.index].epoch : ForkJoinOrder.none
    // A name that comes back after its thread ended is another thread: nothing orders the two lives but
    // what joined the first.
    let isNewLife = threads[child.index].hasExited
    threads[child.index].hasExited = false
    threads[child.index].hasEnded = false
    if isNewLife { threads[child.index].life &+= 1 }
    if isNewLife { endLife(of: child) }
    if isNewLife || !threads[child.index].isMentioned { threads[child.index].held.begin() }
    threads[child.index].isMentioned = true
    if !threads[parent.index].held.isEmpty { noteSpawnHolds(of: parent, over: child) }
    begin(forkJoin.add(after: past, and: isNewLife ? ForkJoinOrder.none : childPast), of: child)
    begin(forkJoin.add(after: past), of: parent)
  }

  mutating func join(_ event: LockEvent) {
    let (waiter, ended) = (event.thread, event.otherThread)
    threads[ended.index].isMentioned = true
    threads[ended.index].hasExited = true
    if !threads[ended.index].awaited.isEmpty { noteLifeGuards(of: ended, joinedBy: waiter) }
    begin(
      forkJoin.add(after: threads[waiter.index].epoch, and: threads[ended.index].epoch),
      of: waiter)
    beginJoin(event)
  }

  mutating func begin(_ epoch: UInt32, of thread: ThreadID) {
    threads[thread.index].epoch = epoch
    threads[thread.index].held.changeEvidenceSeed(to: Self.evidenceSeed(thread, epoch))
  }

  /// A thread that ends must not hold anything.
  mutating func exit(_ event: LockEvent) {
    let thread = event.thread
    threads[thread.index].hasExited = true
    threads[thread.index].hasEnded = true
    giveUpRequests(of: thread)
    for index in threads[thread.index].held.locks.indices {
      let held = threads[thread.index].held.locks[index]
      record(.exited, lockClass: held.lockClass) { validator in
        [
          validator.violationEvent(.exit, event, lock: held.lock),
          validator.heldEvent(.held, thread: thread, index: index),
        ]
      }
    }
    for index in threads[thread.index].held.locks.indices {
      noteOwnerEnded(threads[thread.index].held.locks[index].lock, heldIndex: index, event)
    }
    checkLeftContexts(event)
    endLife(of: thread)
  }

  /// Nothing of what a thread was at goes on in another of its name.
  private mutating func endLife(of thread: ThreadID) {
    for held in threads[thread.index].held.locks { table.locks[held.lock.index].holds -= 1 }
    threads[thread.index].held = HeldLocks(evidenceSeed: threads[thread.index].held.evidenceSeed)
    giveUpRequests(of: thread)
    threads[thread.index].joining = nil
    updateWaiting(thread.index)
    threads[thread.index].pins.removeAll()
    threads[thread.index].waits.removeAll()
    threads[thread.index].spanning.removeAll()
  }
}
