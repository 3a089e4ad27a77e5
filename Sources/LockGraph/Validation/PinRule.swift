/// Locks that must not be released for a while [semantics 17].

/// A lock that a thread pinned.
struct Pin {
  /// How often.
  var count: UInt32
  /// The event that did it first.
  var event: ViolationStore.Event
}

extension Validator {
  mutating func pin(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    let thread = event.thread
    if threads[thread.index].held.lastIndex(of: lock) == nil, !isHiddenByGap(lock, of: thread) {
      recordPin(.pinnedUnheld, event, lock)
    }
    if threads[thread.index].pins[lock] != nil {
      threads[thread.index].pins[lock]!.count &+= 1
    } else {
      threads[thread.index].pins[lock] = Pin(count: 1, event: violationEvent(event))
    }
  }

  mutating func unpin(_ event: LockEvent) {
    let lock = table.lock(event.lock)
    table.countInstance(lock)
    let thread = event.thread.index
    guard let pin = threads[thread].pins[lock] else {
      if !isHiddenByGap(lock, of: event.thread) { recordPin(.notPinned, event, lock) }
      return
    }
    if pin.count > 1 {
      threads[thread].pins[lock]!.count -= 1
    } else {
      threads[thread].pins[lock] = nil
    }
  }

  /// Called before a hold is given up for good.
  mutating func checkNotPinned(_ event: LockEvent, heldIndex: Int) {
    let held = threads[event.thread.index].held.locks[heldIndex]
    guard let pin = threads[event.thread.index].pins[held.lock] else { return }
    recordPin(.releasedPinned, event, held.lock, pin)
  }

  private mutating func recordPin(
    _ variant: ViolationVariant, _ event: LockEvent, _ lock: LockID, _ pin: Pin? = nil
  ) {
    record(
      variant, lockClass: table.locks[lock.index].lockClass
    ) { validator in
      [validator.violationEvent(event)] + (pin.map { [$0.event] } ?? [])
    }
  }
}
