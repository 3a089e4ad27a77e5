/// Entering, leaving, masking and unmasking contexts [semantics 11, 17].

extension Validator {
  mutating func enter(_ event: LockEvent) {
    refreshChains(of: event.thread)
    threads[event.thread.index].held.enter(event.context, isUnthreaded: event.isUnthreaded)
  }

  mutating func leave(_ event: LockEvent) {
    checkBalance(event)
    let thread = event.thread.index
    for lock in threads[thread].held.leave(event.context) { table.locks[lock.index].holds -= 1 }
    let depth = threads[thread].held.depth
    while let index = threads[thread].pending.lastIndex(where: { $0.depth > depth }) {
      giveUpRequest(at: index, of: event.thread)
    }
  }

  private mutating func checkBalance(_ event: LockEvent) {
    let thread = event.thread
    let held = threads[thread.index].held
    guard held.ignoredFrames == 0 else { return }
    guard let frame = held.frameIndex(of: event.context) else {
      if held.isContextKnown { recordUnbalanced(.notEntered, event) }
      return
    }
    if frame < held.frames.count - 1 { recordUnbalanced(.leftOutOfOrder, event) }
    for (index, lock) in held.locks.enumerated()
    where lock.frame != HeldLocks.noFrame && Int(lock.frame) >= frame {
      recordUnbalanced(.leftHolding, event, holding: index)
    }
  }

  mutating func setMask(_ event: LockEvent) {
    let thread = event.thread.index
    let isBalanced = threads[thread].held.setMask(
      event.context, isMasked: event.verb == .disable, isAbsolute: event.isAbsolute)
    if !isBalanced { recordUnbalanced(.notMasked, event) }
    if event.verb == .enable { noteEnabled(event.thread, line: event.line) }
  }

  /// A thread must not end inside a context that it entered.
  mutating func checkLeftContexts(_ event: LockEvent) {
    let frames = threads[event.thread.index].held.frames
    guard let context = frames.last?.context else { return }
    var event = event
    event.context = context
    recordUnbalanced(.endedInside, event)
  }

  private mutating func recordUnbalanced(
    _ variant: ViolationVariant, _ event: LockEvent, holding index: Int? = nil
  ) {
    let lockClass = index.map { threads[event.thread.index].held.locks[$0].lockClass }
    record(
      variant, lockClass: lockClass, context: event.context
    ) { validator in
      [validator.violationEvent(event)]
        + (index.map { [validator.heldEvent(.held, thread: event.thread, index: $0)] } ?? [])
    }
  }
}
