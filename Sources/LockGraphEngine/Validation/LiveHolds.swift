// Held locks of running threads, laid out for one look.
//
// Running threads keep their held stacks themselves and ask only about what they have not seen
// before, so between two questions nothing is known of them here. What they hold is put in place
// without judging it: its order was judged when it was taken.

extension Validator {
  /// Puts a lock on a thread's held stack whose order is known.
  mutating func hold(_ event: LockEvent, reentries: UInt32 = 0) {
    let lock = resolveLock(event)
    take(acquisition(event, lock), isChecked: true)
    if reentries > 0, let index = state.threads[event.thread.index].held.lastIndex(of: lock) {
      state.threads[event.thread.index].held.setReentries(reentries, at: index)
    }
  }

  /// Judges a lock that a thread asks for, and puts it on the held stack.
  ///
  /// - Returns: whether the same nesting of other instances is worth another look.
  mutating func ask(_ event: LockEvent) -> Bool {
    let lock = resolveLock(event)
    let acquisition = acquisition(event, lock)
    take(acquisition, isChecked: false)
    let held = state.threads[event.thread.index].held
    guard isOrdered(acquisition), !held.areChainsStale else { return true }
    guard let position = chains.position(of: held.chain) else { return false }
    return chains[position].takesEvidence || chains[position].repeatsClass
  }

  private mutating func acquisition(_ event: LockEvent, _ lock: LockID) -> Acquisition {
    Acquisition(
      thread: event.thread, lock: lock,
      lockClass: record.table.subclass(
        event.subclass, of: record.table.locks[lock.index].lockClass),
      mode: event.mode ?? .write, options: event.options,
      nest: event.nest == LockEvent.none ? nil : record.table.lock(event.nest),
      at: event.at, stack: event.stack, line: event.line, origin: event.origin)
  }

  /// Takes everything off a thread's held stack and its list of requests again, without a
  /// judgement.
  mutating func clear(_ thread: ThreadID) {
    let index = thread.index
    for held in state.threads[index].held.locks { record.table.locks[held.lock.index].holds -= 1 }
    state.threads[index].held.removeAll()
    while !state.threads[index].pending.isEmpty {
      _ = state.removeRequest(
        at: state.threads[index].pending.count - 1, of: thread, &record.table)
    }
    state.threads[index].waits.removeAll()
    state.dropConditionWait(of: thread)
  }
}
