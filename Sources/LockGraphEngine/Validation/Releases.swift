// Giving up a lock: release and downgrade [semantics 9, 17].

extension Validator {
  @inline(__always)
  mutating func release(_ event: LockEvent) {
    let thread = event.thread
    let lock = record.table.lock(event.lock)
    if let index = state.threads[thread.index].held.lastIndex(of: lock) {
      if state.traits.isKernel, state.isOfInterrupted(index, thread) {
        ReleaseRule.reportInterrupt(event, lock, heldIndex: index, state, &record)
        return
      }
      if state.threads[thread.index].held.leaveReentry(at: index) { return }
      giveUp(event, index: index)
    } else {
      releaseNotHeld(event, lock)
    }
  }

  @inline(__always)
  mutating func giveUp(_ event: LockEvent, index: Int) {
    let thread = event.thread
    if state.threads[thread.index].held.nestedCount > 0 {
      NestRule.judgeRelease(of: thread, index: index, line: event.line, state, &record)
    }
    for number in state.threads[thread.index].pending.indices
    where state.threads[thread.index].held.locks[index].line
      < state.threads[thread.index].pending[number].line
    {
      // It goes on without a word about its request.
      state.threads[thread.index].pending[number].isPassedBy = true
      let request = state.threads[thread.index].pending[number]
      record.deadlocks.close(request, of: thread, isGranted: false)
    }
    if !state.threads[thread.index].pins.isEmpty {
      PinRule.judgeRelease(event, heldIndex: index, state, &record)
    }
    state.removeHeld(at: index, of: thread, &record)
  }

  @inline(never)
  mutating func releaseNotHeld(_ event: LockEvent, _ lock: LockID) {
    let thread = event.thread
    if event.verb == .release, let index = state.indexOfRequest(for: lock, of: thread) {
      // A recorder that only says what was released: the wait ended without the lock.
      state.giveUpRequest(at: index, of: thread, &record)
      return
    }
    // The lock of that name that was destroyed while it was held, which was said then.
    if let index = indexOfEarlierGeneration(lock, of: thread) {
      state.removeHeld(at: index, of: thread, &record)
      return
    }
    guard !state.isHiddenByGap(lock, of: thread, record.table) else { return }
    record.table.setEndedOwner(nil, of: lock)
    // It may turn out to be a semaphore.
    record.table.locks[lock.index].isSignalled = true
    state.signals.notePost(of: lock, line: event.line)
    guard record.table.locks[lock.index].kind?.isReleasedByAnyThread == true else {
      ReleaseRule.report(event, lock, state, &record)
      return
    }
    if record.table.locks[lock.index].holds > 0,
      let (holder, index) = state.holders(of: lock).first,
      !state.threads[holder.index].held.leaveReentry(at: index)
    {
      state.removeHeld(at: index, of: holder, &record)
    }
  }

  /// A semaphore is given back or signalled, by whatever thread.
  mutating func post(_ event: LockEvent) {
    let lock = record.table.lock(event.lock)
    if record.table.locks[lock.index].kind == nil {
      record.table.setKind(.semaphore, of: lock, line: event.line)
    }
    release(event)
  }

  private func indexOfEarlierGeneration(_ lock: LockID, of thread: ThreadID) -> Int? {
    let row = record.table.locks[lock.index]
    guard row.generation > 1 else { return nil }
    return state.threads[thread.index].held.locks.lastIndex { held in
      let other = record.table.locks[held.lock.index]
      return other.name == row.name && other.input == row.input
    }
  }

  mutating func downgrade(_ event: LockEvent) {
    let lock = record.table.lock(event.lock)
    let thread = event.thread.index
    guard var index = state.threads[thread].held.lastIndex(of: lock) else {
      releaseNotHeld(event, lock)
      return
    }
    guard !state.threads[thread].held.locks[index].mode.isRead else { return }
    if state.threads[thread].held.isUpgraded(at: index) {
      // What was upgraded is upgradable again.
      giveUp(event, index: index)
      return
    }
    index = state.splitUnlessRecursive(at: index, of: event.thread, &record.table)
    let held = state.threads[thread].held.locks[index]
    let symbol = ChainCache.Symbol(
      lockClass: held.lockClass, mode: .read, isTry: held.options.contains(.try),
      isExcusedByNest: !held.symbol.hasIncomingDependencies && !held.options.contains(.try))
    state.threads[thread].held.changeMode(at: index, to: .read, symbol: symbol)
    ContextUses.noteHeld(at: index, of: event.thread, line: event.line, state, &record)
    if state.threads[thread].held.mergeWithLike(at: index) {
      record.table.locks[lock.index].holds -= 1
    }
  }
}
