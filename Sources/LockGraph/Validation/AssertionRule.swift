/// What the program asserts of its locks, and what it pins [semantics 17].

extension Validator {
  /// Where events were lost, what is unknown satisfies an assertion.
  mutating func assert(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    let held = threads[event.thread.index].held
    let holds = held.locks.indices.filter { held.locks[$0].lock == lock }
    let isMet =
      switch event.assertion {
      case .held: !holds.isEmpty
      case .notHeld: holds.isEmpty
      case .read: holds.contains { !held.locks[$0].mode.isExclusive }
      case .write: holds.contains { held.locks[$0].mode.isExclusive }
      }
    guard !isMet, !holds.isEmpty || !isHiddenByGap(lock, of: event.thread) else { return }
    let variant: ViolationStore.Variant =
      switch event.assertion {
      case .held: .assertedHeld
      case .notHeld: .assertedNotHeld
      case .read: .assertedRead
      case .write: .assertedWrite
      }
    record(
      .assertionFailed, variant: variant, lockClass: table.locks[lock.index].lockClass
    ) { validator in
      let others = holds.isEmpty ? validator.holders(of: lock).prefix(4).map { $0 } : []
      return [validator.violationEvent(event)]
        + holds.map { validator.heldEvent("held", thread: event.thread, index: $0) }
        + others.map { validator.heldEvent("held", thread: $0.thread, index: $0.index) }
    }
  }

  mutating func pin(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    let thread = event.thread
    if threads[thread.index].held.lastIndex(of: lock) == nil, !isHiddenByGap(lock, of: thread) {
      recordPin(.pinnedUnheld, event, lock)
    }
    threads[thread.index].pins[lock, default: 0] += 1
  }

  mutating func unpin(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    let thread = event.thread.index
    guard let pins = threads[thread].pins[lock] else {
      if !isHiddenByGap(lock, of: event.thread) { recordPin(.notPinned, event, lock) }
      return
    }
    threads[thread].pins[lock] = pins > 1 ? pins - 1 : nil
  }

  /// Called before a hold is given up for good.
  mutating func checkNotPinned(_ event: LockEvent, heldIndex: Int) {
    let held = threads[event.thread.index].held.locks[heldIndex]
    guard threads[event.thread.index].pins[held.lock] != nil else { return }
    recordPin(.releasedPinned, event, held.lock, heldIndex: heldIndex)
  }

  private mutating func recordPin(
    _ variant: ViolationStore.Variant, _ event: LockEvent, _ lock: LockID, heldIndex: Int? = nil
  ) {
    record(
      .pinViolated, variant: variant, lockClass: table.locks[lock.index].lockClass
    ) { validator in
      [validator.violationEvent(event)]
        + (heldIndex.map { [validator.heldEvent("held", thread: event.thread, index: $0)] } ?? [])
    }
  }
}
