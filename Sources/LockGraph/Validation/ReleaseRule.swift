/// Giving up a lock: release, downgrade, condition waits [semantics 9, 17].

extension Validator {
  @inline(__always)
  mutating func release(_ event: LockEvent) {
    let thread = event.thread
    let lock = table.lock(event.lock)
    if let index = threads[thread.index].held.lastIndex(of: lock) {
      if threads[thread.index].held.leaveReentry(at: index) { return }
      giveUp(thread, index: index, line: event.line)
    } else {
      releaseNotHeld(event, lock)
    }
  }

  @inline(__always)
  mutating func giveUp(_ thread: ThreadID, index: Int, line: UInt64) {
    if threads[thread.index].held.nestedCount > 0 {
      checkNothingNestsUnder(thread, index: index, line: line)
    }
    removeHeld(at: index, of: thread)
  }

  @inline(never)
  private mutating func releaseNotHeld(_ event: LockEvent, _ lock: LockID) {
    let thread = event.thread
    if let index = threads[thread.index].pending.lastIndex(where: { $0.lock == lock }) {
      // A recorder that only says what was released: the wait ended without the lock.
      threads[thread.index].pending.remove(at: index)
      return
    }
    // The lock of that name that was destroyed while it was held, which was said then.
    if let index = indexOfEarlierGeneration(lock, of: thread) {
      removeHeld(at: index, of: thread)
      return
    }
    guard !isHiddenByGap(lock, of: thread) else { return }
    let isHeld = table.locks[lock.index].holds > 0
    if table.locks[lock.index].kind?.isReleasedByAnyThread == true {
      if isHeld, let (holder, index) = holders(of: lock).first,
        !threads[holder.index].held.leaveReentry(at: index)
      {
        removeHeld(at: index, of: holder)
      }
      return
    }
    table.countInstance(lock)
    let lockClass = table.locks[lock.index].lockClass
    let (at, stack, line) = (event.at, event.stack, event.line)
    record(
      .releaseNotHeld, variant: isHeld ? .heldByOther : .notHeld, lockClass: lockClass
    ) { validator in
      [
        validator.violationEvent(
          "release", thread: thread, lock: lock, at: at, stack: stack, line: line)
      ]
        + validator.holders(of: lock).prefix(4).map { holder, index in
          validator.heldEvent("held", thread: holder, index: index)
        }
    }
  }

  private func indexOfEarlierGeneration(_ lock: LockID, of thread: ThreadID) -> Int? {
    let record = table.locks[lock.index]
    guard record.generation > 1 else { return nil }
    return threads[thread.index].held.locks.lastIndex { held in
      let other = table.locks[held.lock.index]
      return other.name == record.name && other.input == record.input
    }
  }

  /// Who holds a lock, in the order of the threads' appearance.
  ///
  /// - Complexity: O(threads × locks held).
  func holders(of lock: LockID) -> [(thread: ThreadID, index: Int)] {
    threads.indices.compactMap { thread in
      threads[thread].held.lastIndex(of: lock).map { (ThreadID(UInt32(thread)), $0) }
    }
  }

  mutating func downgrade(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    let thread = event.thread.index
    guard var index = threads[thread].held.lastIndex(of: lock) else {
      releaseNotHeld(event, lock)
      return
    }
    guard threads[thread].held.locks[index].mode == .write else { return }
    index = splitUnlessRecursive(at: index, of: event.thread)
    let held = threads[thread].held.locks[index]
    let symbol = ChainCache.Symbol(
      lockClass: held.lockClass, mode: .read, isTry: held.options.contains(.try),
      isExcusedByNest: !held.symbol.hasIncomingDependencies && !held.options.contains(.try))
    threads[thread].held.changeMode(at: index, to: .read, symbol: symbol)
  }

  /// A lock that is no recursive one and was taken several times is given up once; where that one is then.
  private mutating func splitUnlessRecursive(at index: Int, of thread: ThreadID) -> Int {
    let held = threads[thread.index].held.locks[index]
    guard held.reentries > 0, table.locks[held.lock.index].kind != .recursive else { return index }
    threads[thread.index].held.split(at: index)
    table.locks[held.lock.index].holds += 1
    return index + 1
  }

  /// A condition wait gives up its lock, however often it was taken.
  mutating func beginWait(_ event: LockEvent) {
    guard event.lock != LockEvent.none else { return }
    let lock = resolveLock(event)
    let thread = event.thread.index
    guard var index = threads[thread].held.lastIndex(of: lock) else {
      releaseNotHeld(event, lock)
      return
    }
    index = splitUnlessRecursive(at: index, of: event.thread)
    let held = threads[thread].held.locks[index]
    threads[thread].waits.removeAll { $0.lock == lock }
    if threads[thread].waits.count >= 16 { threads[thread].waits.removeFirst() }
    threads[thread].waits.append(
      WaitedLock(
        lock: lock, lockClass: held.lockClass, mode: held.mode,
        options: held.options.intersection(.unchecked), nest: held.nest, reentries: held.reentries))
    giveUp(event.thread, index: index, line: event.line)
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
