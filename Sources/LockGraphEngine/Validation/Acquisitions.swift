// Asking for a lock and getting it [semantics 1 to 5, 10].

extension Validator {
  mutating func acquire(_ event: LockEvent) {
    let lock = resolveLock(event)
    if !state.threads[event.thread.index].pending.isEmpty, complete(event, lock) { return }
    let acquisition = Acquisition(
      thread: event.thread, lock: lock,
      lockClass: record.table.subclass(
        event.subclass, of: record.table.locks[lock.index].lockClass),
      mode: event.mode ?? .write, options: event.options,
      nest: event.nest == LockEvent.none ? nil : record.table.lock(event.nest),
      at: event.at, stack: event.stack, line: event.line)
    take(acquisition, isChecked: false)
  }

  /// The acquisition that an open request waited for: its order is known already.
  private mutating func complete(_ event: LockEvent, _ lock: LockID) -> Bool {
    guard let index = state.indexOfRequest(for: lock, of: event.thread) else { return false }
    let request = state.removeRequest(at: index, of: event.thread, &record.table)
    record.deadlocks.close(request, of: event.thread, isGranted: true)
    let mode = event.mode ?? request.mode
    let isTry = event.options.contains(.try) || request.options.contains(.try)
    let subclass = event.subclass != 0 ? event.subclass : request.subclass
    request.at.withUnsafeBytes { requestAt in
      request.stack.withUnsafeBytes { requestStack in
        let hasPlace = event.at != nil || event.stack != nil
        var options = request.options.union(event.options)
        if isTry { options.insert(.try) }
        let acquisition = Acquisition(
          thread: event.thread, lock: lock,
          lockClass: record.table.subclass(subclass, of: record.table.locks[lock.index].lockClass),
          mode: mode, options: options,
          nest: event.nest == LockEvent.none ? request.nest : record.table.lock(event.nest),
          at: hasPlace ? event.at : (requestAt.isEmpty ? nil : requestAt),
          stack: hasPlace ? event.stack : (requestStack.isEmpty ? nil : requestStack),
          line: event.line)
        take(acquisition, isChecked: mode == request.mode && subclass == request.subclass)
      }
    }
    return true
  }

  mutating func request(_ event: LockEvent) {
    let lock = resolveLock(event)
    let thread = event.thread
    var mode = event.mode ?? .write
    var line = event.line
    if event.isOrderKnown, let index = state.threads[thread.index].held.lastIndex(of: lock) {
      mode = state.threads[thread.index].held.locks[index].mode
      line = state.threads[thread.index].held.locks[index].line
      state.removeHeld(at: index, of: thread, &record)
    }
    let pending = PendingRequest(
      lock: lock, mode: mode, options: event.options, subclass: event.subclass,
      nest: event.nest == LockEvent.none ? nil : record.table.lock(event.nest),
      at: event.at.map(Array.init) ?? [], stack: event.stack.map(Array.init) ?? [],
      line: line, time: event.time, depth: state.threads[thread.index].held.depth,
      event: state.eventCount)
    state.openRequest(pending, of: thread, &record)
    let acquisition = Acquisition(
      thread: thread, lock: lock,
      lockClass: record.table.subclass(
        event.subclass, of: record.table.locks[lock.index].lockClass),
      mode: pending.mode, options: pending.options, nest: pending.nest,
      at: event.at, stack: event.stack, line: event.line)
    record.table.countInstance(lock)
    if mode == .write, !event.options.contains(.try) {
      record.table.locks[lock.index].isWritten = true
    }
    WaitsFor.judge(thread, &state, &record)
    refreshChains(of: thread)
    guard !event.isOrderKnown, reentry(acquisition) == nil else { return }
    WaitContextRule.judge(acquisition, &state, &record)
    guard isOrdered(acquisition) else { return }
    ContextUses.note(acquisition, isRequested: true, isHeld: false, state, &record)
    _ = establish(acquisition)
  }

  mutating func abandon(_ event: LockEvent) {
    let lock = resolveLock(event)
    if let index = state.indexOfRequest(for: lock, of: event.thread) {
      let request = state.removeRequest(at: index, of: event.thread, &record.table)
      record.deadlocks.close(
        request, of: event.thread, isGranted: event.reason?.isRefusal == true, event.reason?.wayOut)
      if let way = event.reason?.wayOut { record.evidence.note(way, of: event.thread, request) }
    }
  }

  /// Puts a lock on its thread's held stack.
  @inline(__always)
  mutating func take(_ acquisition: Acquisition, isChecked: Bool) {
    let lock = acquisition.lock
    let thread = acquisition.thread.index
    refreshChains(of: acquisition.thread)
    if let index = reentry(acquisition) {
      state.threads[thread].held.reenter(at: index)
      return
    }
    if !record.table.locks[lock.index].isCounted { record.table.countInstance(lock) }
    // It was noted then [semantics 21].
    let isNoted =
      record.table.locks[lock.index].bareMode == acquisition.mode
      && record.table.locks[lock.index].lastTaker == acquisition.thread
      && record.table.locks[lock.index].lastTaken > state.threads[thread].eventBeforeEpoch
    let isBare = state.threads[thread].held.chain == ChainCache.root
    let isHeldByAny = record.table.locks[lock.index].noteTaking(
      by: acquisition.thread, at: state.eventCount,
      bareMode: isBare && !isChecked && !acquisition.options.contains(.try)
        ? acquisition.mode : nil)
    if isHeldByAny, acquisition.mode.isExclusive {
      if state.settlesAtEnd { record.table.noteGrantedTwice(lock) }
      state.noteOwners(before: acquisition, &record)
    }
    if acquisition.mode == .write, !acquisition.options.contains(.try) {
      record.table.locks[lock.index].isWritten = true
    }
    if record.table.locks[lock.index].hasEndedOwner {
      record.table.takeFromEndedOwner(lock, mode: acquisition.mode)
    }
    if !isChecked { WaitContextRule.judge(acquisition, &state, &record) }
    let isOrdered = isOrdered(acquisition)
    if isOrdered {
      ContextUses.note(acquisition, isRequested: !isChecked, isHeld: true, state, &record)
    }
    var chain = ChainCache.root
    var symbol = ChainCache.Symbol(
      lockClass: acquisition.lockClass, mode: acquisition.mode,
      isTry: acquisition.options.contains(.try), isExcusedByNest: false)
    if isOrdered {
      if isChecked {
        if acquisition.nest != nil,
          SameClassRule.judge(acquisition, state, record.table).verdict == .excusedByNest
        {
          symbol = excusedSymbol(acquisition)
        }
        chain = chains[chains.add(symbol, behind: state.threads[thread].held.chain)].chain
      } else {
        (chain, symbol) = establish(acquisition, isNoted: isNoted)
      }
    } else {
      record.table.countUnordered(acquisition.lockClass)
    }
    if !isHeld(lock) { return }
    if isHeldByAny, state.threads[thread].held.reenter(acquisition, isOrdered: isOrdered) { return }
    record.table.locks[lock.index].holds += 1
    state.threads[thread].held.push(
      HeldLock(
        lock: lock, lockClass: acquisition.lockClass, mode: acquisition.mode,
        options: acquisition.options, isOrdered: isOrdered,
        isEvidence: isOrdered || record.table.locks[lock.index].kind?.isReadCopyUpdate != true,
        isSemaphore: record.table.locks[lock.index].kind == .semaphore,
        symbol: symbol, frame: 0, contexts: 0, nest: isOrdered ? acquisition.nest : nil,
        innerWaitType: record.table.locks[lock.index].kind?.innerWaitType, chainBefore: 0,
        evidenceBefore: 0, placeStart: 0, atLength: 0, stackLength: 0, line: acquisition.line),
      chain: chain, at: acquisition.at, stack: acquisition.stack)
    if !state.threads[thread].awaited.isEmpty { state.passSpawnHold(acquisition, &record) }
    if chains.isFull { flushChains() }
  }

  /// `unchecked` locks and read-copy-update sections are held, and never part of the order [10].
  @inline(__always)
  func isOrdered(_ acquisition: Acquisition) -> Bool {
    let lock = record.table.locks[acquisition.lock.index]
    return !acquisition.options.contains(.unchecked) && !lock.isUnchecked
      && lock.kind?.isReadCopyUpdate != true
  }

  /// What signals is granted, and nobody has it. Once known, so that what one thread waits for and
  /// others post does not look as if that one had it ever more often.
  @inline(__always)
  private func isHeld(_ lock: LockID) -> Bool {
    let row = record.table.locks[lock.index]
    guard state.settlesAtEnd, row.kind?.isReleasedByAnyThread == true else { return true }
    return row.kind == .semaphore && !row.isSignalled
  }

  /// Where the thread holds the re-entrant lock that it takes again: that cannot block [1].
  @inline(__always)
  private func reentry(_ acquisition: Acquisition) -> Int? {
    let lock = record.table.locks[acquisition.lock.index]
    guard lock.holds > 0, lock.kind?.isReentrant == true else { return nil }
    return state.threads[acquisition.thread.index].held.reentry(
      of: acquisition.lock, acquisition.mode)
  }

  private func excusedSymbol(_ acquisition: Acquisition) -> ChainCache.Symbol {
    ChainCache.Symbol(
      lockClass: acquisition.lockClass, mode: acquisition.mode,
      isTry: acquisition.options.contains(.try), isExcusedByNest: true)
  }

  /// Checks an acquisition against what is held and records its order: a look-up where the chain is
  /// known.
  @inline(__always)
  private mutating func establish(
    _ acquisition: Acquisition, isNoted: Bool = false
  ) -> (chain: UInt32, symbol: ChainCache.Symbol) {
    var acquisition = acquisition
    let thread = acquisition.thread.index
    let placeMark = self.placeMark(of: acquisition)
    if placeMark != 0 { acquisition.origin ^= placeMark }
    let isTry = acquisition.options.contains(.try)
    var symbol = ChainCache.Symbol(
      lockClass: acquisition.lockClass, mode: acquisition.mode, isTry: isTry,
      isExcusedByNest: false)
    var isSameClassChecked = isTry
    if acquisition.nest != nil {
      NestRule.judge(acquisition, state, &record)
      if !isTry {
        isSameClassChecked = true
        if checkSameClass(acquisition) == .excusedByNest { symbol = excusedSymbol(acquisition) }
      }
    }
    let parent = state.threads[thread].held.chain
    let position = chains.add(symbol, behind: parent)
    let entry = chains[position]
    // The instance may be held in another nesting level, so the chain of classes alone does not
    // tell.
    if !isSameClassChecked, parent != ChainCache.root,
      entry.repeatsClass
        || (record.table.locks[acquisition.lock.index].holds > 0
          && state.threads[thread].held.lastIndex(of: acquisition.lock) != nil)
    {
      _ = checkSameClass(acquisition)
    }
    chains[position].count += 1
    if state.joins.isRecording, parent == ChainCache.root, !isNoted, !isTry,
      state.threads[thread].held.contexts == 0
    {
      state.noteTake(acquisition, isBare: true, &record)
    }
    if !entry.isEstablished || entry.takesEvidence {
      // Worked out before: else what is held is copied for it.
      let origin =
        acquisition.origin ^ (placeMark == 0 ? 0 : heldPlaceMark(of: acquisition.thread))
      let evidence = state.threads[thread].held.nextEvidence(
        acquisition.lock, acquisition.options, origin)
      let offer = entry.takesEvidence ? chains.offer(evidence, at: position) : .known
      if offer == .new, state.joins.isRecording, !isTry,
        state.threads[thread].held.contexts == 0
      {
        state.noteTake(acquisition, isBare: false, &record)
      }
      if !entry.isEstablished {
        chains[position].isEstablished = true
        dependencies.add(
          acquisition, symbol, depth: OrderRecord.Bounds.deepestStack, state, &record)
      } else if offer == .new {
        // The edges are there; of a deep stack only the last locks get further witnesses.
        dependencies.add(
          acquisition, symbol, depth: EvidenceStore.heldLimit, state, &record)
      } else if offer == .beyondBudget {
        dependencies.markEvidenceBounded(
          acquisition, symbol, upTo: state.threads[thread].held.locks.count, state, &record)
      }
    }
    if state.threads[thread].held.semaphoreCount > 0, state.settlesAtEnd {
      dependencies.addSemaphoreOrders(acquisition, symbol, state, &record)
    }
    return (entry.chain, symbol)
  }

  /// Judges two locks of one class, or one lock twice, with a violation recorded as an edge of the
  /// class to itself.
  ///
  /// - Complexity: O(locks held).
  @inline(never)
  private mutating func checkSameClass(_ acquisition: Acquisition) -> SameClassRule.Verdict {
    let judgement = SameClassRule.judge(acquisition, state, record.table)
    dependencies.add(judgement, of: acquisition, state, &record)
    return judgement.verdict
  }
}
