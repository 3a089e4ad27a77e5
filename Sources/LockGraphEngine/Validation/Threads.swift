// Threads that begin and end [semantics 17, 21].

extension Validator {
  mutating func spawn(_ event: LockEvent) {
    let (parent, child) = (event.thread, event.otherThread)
    let past = state.threads[parent.index].epoch
    let childPast =
      state.threads[child.index].isMentioned
      ? state.threads[child.index].epoch : ForkJoinOrder.none
    // A name that comes back after its thread ended is another thread: nothing orders the two lives
    // but what joined the first.
    let isNewLife = state.threads[child.index].hasExited
    state.threads[child.index].hasExited = false
    state.threads[child.index].hasEnded = false
    if isNewLife { state.threads[child.index].life &+= 1 }
    if isNewLife {
      endLife(of: child)
      state.threads[child.index].announcement = nil
    }
    if isNewLife || !state.threads[child.index].isMentioned {
      state.threads[child.index].held.begin()
    }
    state.threads[child.index].isMentioned = true
    if !state.threads[parent.index].held.isEmpty {
      state.noteSpawnHolds(of: parent, over: child, record.table)
    }
    state.begin(
      record.forkJoin.add(after: past, and: isNewLife ? ForkJoinOrder.none : childPast), of: child)
    state.begin(record.forkJoin.add(after: past), of: parent)
  }

  mutating func join(_ event: LockEvent) {
    let (waiter, ended) = (event.thread, event.otherThread)
    state.threads[ended.index].isMentioned = true
    state.threads[ended.index].hasExited = true
    if !state.threads[ended.index].awaited.isEmpty {
      state.noteLifeGuards(of: ended, joinedBy: waiter, &record)
    }
    state.noteJoin(event, &record)
    let epoch = record.forkJoin.add(
      after: state.threads[waiter.index].epoch, and: state.threads[ended.index].epoch)
    state.begin(epoch, of: waiter)
    WaitsFor.beginJoin(event, &state, &record)
  }

  mutating func exit(_ event: LockEvent) {
    let thread = event.thread
    state.threads[thread.index].hasExited = true
    state.threads[thread.index].hasEnded = true
    state.giveUpRequests(of: thread, &record)
    ExitRule.judge(event, state, &record)
    for (index, held) in state.threads[thread.index].held.locks.enumerated() {
      WaitsFor.noteOwnerEnded(held.lock, heldIndex: index, event, &state, &record)
    }
    BalanceRule.judgeEnd(event, state, &record)
    endLife(of: thread)
  }

  /// Nothing of what a thread was at goes on in another of its name.
  private mutating func endLife(of thread: ThreadID) {
    for held in state.threads[thread.index].held.locks {
      record.table.locks[held.lock.index].holds -= 1
    }
    state.threads[thread.index].held = HeldLocks(
      evidenceSeed: state.threads[thread.index].held.evidenceSeed)
    state.giveUpRequests(of: thread, &record)
    state.threads[thread.index].joining = nil
    state.dropConditionWait(of: thread)
    state.updateWaiting(thread.index)
    state.threads[thread.index].pins.removeAll()
    state.threads[thread.index].waits.removeAll()
    state.threads[thread.index].spanning.removeAll()
  }
}
