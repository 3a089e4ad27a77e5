/// Giving up a lock: release and downgrade [semantics 9, 17].

extension Validator {
  @inline(__always)
  mutating func release(_ event: LockEvent) {
    let thread = event.thread
    let lock = table.lock(event.lock)
    if let index = threads[thread.index].held.lastIndex(of: lock) {
      if threads[thread.index].held.leaveReentry(at: index) { return }
      giveUp(event, index: index)
    } else {
      releaseNotHeld(event, lock)
    }
  }

  @inline(__always)
  mutating func giveUp(_ event: LockEvent, index: Int) {
    let thread = event.thread
    if threads[thread.index].held.nestedCount > 0 {
      checkNothingNestsUnder(thread, index: index, line: event.line)
    }
    for request in threads[thread.index].pending
    where request.deadlock != nil && threads[thread.index].held.locks[index].line < request.line {
      // It goes on without a word about its request.
      closeRequest(request, of: thread, isGranted: false)
    }
    if !threads[thread.index].pins.isEmpty { checkNotPinned(event, heldIndex: index) }
    removeHeld(at: index, of: thread)
  }

  @inline(never)
  mutating func releaseNotHeld(_ event: LockEvent, _ lock: LockID) {
    let thread = event.thread
    if event.verb == .release, let index = indexOfRequest(for: lock, of: thread) {
      // A recorder that only says what was released: the wait ended without the lock.
      giveUpRequest(at: index, of: thread)
      return
    }
    // The lock of that name that was destroyed while it was held, which was said then.
    if let index = indexOfEarlierGeneration(lock, of: thread) {
      removeHeld(at: index, of: thread)
      return
    }
    guard !isHiddenByGap(lock, of: thread) else { return }
    table.setEndedOwner(nil, of: lock)
    let isHeld = table.locks[lock.index].holds > 0
    if table.locks[lock.index].kind?.isReleasedByAnyThread == true {
      table.locks[lock.index].isSignalled = true
      if isHeld, let (holder, index) = holders(of: lock).first,
        !threads[holder.index].held.leaveReentry(at: index)
      {
        removeHeld(at: index, of: holder)
      }
      return
    }
    table.countInstance(lock)
    let lockClass = table.locks[lock.index].lockClass
    record(
      isHeld ? .heldByOther : .notHeld, lockClass: lockClass
    ) { validator in
      [validator.violationEvent(.release, event, lock: lock)]
        + validator.holders(of: lock).prefix(4).map { holder, index in
          validator.heldEvent(.held, thread: holder, index: index)
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
    noteHeld(at: index, of: event.thread, line: event.line)
    if threads[thread].held.mergeWithLike(at: index) { table.locks[lock.index].holds -= 1 }
  }

  /// A lock that is no recursive one and was taken several times is given up once; where that one is then.
  mutating func splitUnlessRecursive(at index: Int, of thread: ThreadID) -> Int {
    let held = threads[thread.index].held.locks[index]
    guard held.reentries > 0, table.locks[held.lock.index].kind != .recursive else { return index }
    threads[thread.index].held.split(at: index)
    table.locks[held.lock.index].holds += 1
    return index + 1
  }
}
