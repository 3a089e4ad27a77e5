/// Waiting on a condition: a lock is given up and taken again [semantics 17, 18].

extension Validator {
  /// A condition wait gives up its lock, however often it was taken.
  mutating func beginWait(_ event: LockEvent) {
    let thread = event.thread.index
    let lock = event.lock == LockEvent.none ? nil : resolveLock(event)
    if let lock {
      if var index = threads[thread].held.lastIndex(of: lock) {
        index = splitUnlessRecursive(at: index, of: event.thread)
        let held = threads[thread].held.locks[index]
        threads[thread].waits.removeAll { $0.lock == lock }
        if threads[thread].waits.count >= 16 { threads[thread].waits.removeFirst() }
        threads[thread].waits.append(
          WaitedLock(
            lock: lock, lockClass: held.lockClass, mode: held.mode,
            options: held.options.intersection(.unchecked), nest: held.nest,
            reentries: held.reentries))
        giveUp(event, index: index)
      } else {
        releaseNotHeld(event, lock)
      }
    }
    if !threads[thread].held.isEmpty { checkNothingStaysHeld(event, lock) }
  }

  /// Whoever needs what stays held waits as long as the condition does [semantics 18].
  @inline(never)
  private mutating func checkNothingStaysHeld(_ event: LockEvent, _ lock: LockID?) {
    let waited = lock.map { table.locks[$0.index].lockClass }
    for (index, held) in threads[event.thread.index].held.locks.enumerated()
    where held.lock != lock {
      record(
        .waitsOnCondition, lockClass: held.lockClass,
        otherClass: waited
      ) { validator in
        [
          validator.violationEvent(event),
          validator.heldEvent(.held, thread: event.thread, index: index),
        ]
      }
    }
  }

  /// The end of a condition wait takes the lock again, like any acquisition.
  mutating func endWait(_ event: LockEvent) {
    guard event.lock != LockEvent.none else { return }
    let lock = resolveLock(event)
    let thread = event.thread.index
    var waited = WaitedLock(
      lock: lock, lockClass: table.locks[lock.index].lockClass, mode: .write, reentries: 0)
    if let index = threads[thread].waits.lastIndex(where: { $0.lock == lock }) {
      waited = threads[thread].waits.remove(at: index)
    }
    take(
      Acquisition(
        thread: event.thread, lock: lock,
        lockClass: waited.lockClass,
        mode: waited.mode, options: waited.options, nest: waited.nest, at: event.at,
        stack: event.stack,
        line: event.line),
      isChecked: false)
    if waited.reentries > 0, let index = threads[thread].held.lastIndex(of: lock) {
      threads[thread].held.setReentries(waited.reentries, at: index)
    }
  }
}
