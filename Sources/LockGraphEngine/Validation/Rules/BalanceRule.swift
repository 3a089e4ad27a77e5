/// Contexts are left as they were entered, and masks are taken back once [semantics 17].
enum BalanceRule {
  /// Called before the context is left.
  static func judgeLeaving(
    _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let held = state.threads[event.thread.index].held
    guard held.ignoredFrames == 0 else { return }
    guard let frame = held.frameIndex(of: event.context) else {
      if held.isContextKnown { report(.notEntered, event, state, &record) }
      return
    }
    if frame < held.frames.count - 1 { report(.leftOutOfOrder, event, state, &record) }
    for (index, lock) in held.locks.enumerated()
    where lock.frame != HeldLocks.noFrame && Int(lock.frame) >= frame {
      report(.leftHolding, event, holding: index, state, &record)
    }
  }

  /// A context was unmasked that was not masked.
  static func reportNotMasked(
    _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    report(.notMasked, event, state, &record)
  }

  /// A thread must not end inside a context that it entered.
  static func judgeEnd(
    _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard let context = state.threads[event.thread.index].held.frames.last?.context else { return }
    var event = event
    event.context = context
    report(.endedInside, event, state, &record)
  }

  private static func report(
    _ variant: ViolationVariant, _ event: LockEvent, holding index: Int? = nil,
    _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let lockClass = index.map { state.threads[event.thread.index].held.locks[$0].lockClass }
    let key = ViolationStore.Key(
      variant, lockClass, context: event.context)
    let doubtful = index.flatMap {
      state.doubtful(state.threads[event.thread.index].held.locks[$0].lock, record.table)
    }
    guard record.violations.isFirst(key, doubtful: doubtful) else { return }
    var events = [state.violationEvent(event, &record)]
    if let index {
      events.append(state.heldEvent(.held, thread: event.thread, index: index, &record))
    }
    record.violations.add(key, events, doubtful: doubtful)
  }
}
