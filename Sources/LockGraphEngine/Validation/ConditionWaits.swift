// Waiting on a condition: a lock is given up and taken again [semantics 17, 18].

extension Validator {
  /// A condition wait gives up its lock, however often it was taken.
  mutating func beginWait(_ event: LockEvent) {
    let thread = event.thread.index
    let lock = event.lock == LockEvent.none ? nil : resolveLock(event)
    if let lock {
      if var index = state.threads[thread].held.lastIndex(of: lock) {
        index = state.splitUnlessRecursive(at: index, of: event.thread, &record.table)
        let held = state.threads[thread].held.locks[index]
        state.threads[thread].waits.removeAll { $0.lock == lock }
        if state.threads[thread].waits.count >= 16 { state.threads[thread].waits.removeFirst() }
        state.threads[thread].waits.append(
          WaitedLock(
            condition: event.operandName.map { state.signals.condition(named: $0) }, lock: lock,
            lockClass: held.lockClass, mode: held.mode,
            options: held.options.intersection(.unchecked), nest: held.nest,
            reentries: held.reentries))
        giveUp(event, index: index)
      } else {
        releaseNotHeld(event, lock)
      }
    }
    if !state.threads[thread].held.isEmpty {
      ConditionRule.judge(event, givingUp: lock, state, &record)
    }
    state.beginConditionWait(event, givingUp: lock)
  }

  /// The end of a condition wait takes the lock again, like any acquisition.
  mutating func endWait(_ event: LockEvent) {
    state.signals.noteSignal(event)
    let thread = event.thread.index
    guard let lock = event.lock == LockEvent.none ? lockGivenUp(for: event) : resolveLock(event)
    else { return }
    var waited = WaitedLock(
      lock: lock, lockClass: record.table.locks[lock.index].lockClass, mode: .write, reentries: 0)
    if let index = state.threads[thread].waits.lastIndex(where: { $0.lock == lock }) {
      waited = state.threads[thread].waits.remove(at: index)
    }
    take(
      Acquisition(
        thread: event.thread, lock: lock, lockClass: waited.lockClass, mode: waited.mode,
        options: waited.options, nest: waited.nest, at: event.at, stack: event.stack,
        line: event.line),
      isChecked: false)
    if waited.reentries > 0, let index = state.threads[thread].held.lastIndex(of: lock) {
      state.threads[thread].held.setReentries(waited.reentries, at: index)
    }
  }

  /// What the wait on a condition gave up, where its end does not say so.
  private mutating func lockGivenUp(for event: LockEvent) -> LockID? {
    let condition = event.operandName.map { state.signals.condition(named: $0) }
    return state.threads[event.thread.index].waits.last { $0.condition == condition }?.lock
  }

  /// A thread waits until all have come to the barrier: whoever needs what it holds waits with it.
  mutating func waitAtBarrier(_ event: LockEvent) {
    if !state.threads[event.thread.index].held.isEmpty {
      ConditionRule.judge(event, givingUp: nil, state, &record)
    }
    state.beginConditionWait(event, givingUp: nil)
  }
}
