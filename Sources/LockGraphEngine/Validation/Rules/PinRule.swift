/// Locks that must not be released for a while [semantics 17].
enum PinRule {
  static func pin(
    _ event: LockEvent, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let lock = record.table.lock(event.lock)
    record.table.countInstance(lock)
    let thread = event.thread
    if state.threads[thread.index].held.lastIndex(of: lock) == nil,
      !state.isHiddenByGap(lock, of: thread, record.table)
    {
      report(.pinnedUnheld, event, lock, state, &record)
    }
    if state.threads[thread.index].pins[lock] != nil {
      state.threads[thread.index].pins[lock]!.count &+= 1
    } else {
      state.threads[thread.index].pins[lock] = Pin(
        count: 1, event: state.violationEvent(event, &record))
    }
  }

  static func unpin(
    _ event: LockEvent, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let lock = record.table.lock(event.lock)
    record.table.countInstance(lock)
    let thread = event.thread.index
    guard let pin = state.threads[thread].pins[lock] else {
      if !state.isHiddenByGap(lock, of: event.thread, record.table) {
        report(.notPinned, event, lock, state, &record)
      }
      return
    }
    if pin.count > 1 {
      state.threads[thread].pins[lock]!.count -= 1
    } else {
      state.threads[thread].pins[lock] = nil
    }
  }

  /// Called before a hold is given up for good.
  static func judgeRelease(
    _ event: LockEvent, heldIndex: Int, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let held = state.threads[event.thread.index].held.locks[heldIndex]
    guard let pin = state.threads[event.thread.index].pins[held.lock] else { return }
    report(.releasedPinned, event, held.lock, state, &record, pin: pin)
  }

  private static func report(
    _ variant: ViolationVariant, _ event: LockEvent, _ lock: LockID,
    _ state: borrowing HeldState, _ record: inout OrderRecord, pin: Pin? = nil
  ) {
    let key = ViolationStore.Key(
      variant, record.table.locks[lock.index].lockClass)
    guard record.violations.isFirst(key) else { return }
    record.violations.add(
      key, [state.violationEvent(event, &record)] + (pin.map { [$0.event] } ?? []))
  }
}
