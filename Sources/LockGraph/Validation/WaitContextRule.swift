/// Locks that may sleep, taken where sleeping is not allowed [semantics 15, 16].

extension Validator {
  /// Checks an acquisition, but for a `try`, which does not wait.
  @inline(__always)
  mutating func checkWaitContext(_ acquisition: Acquisition) {
    guard let outer = table.locks[acquisition.lock.index].kind?.outerWaitType,
      !acquisition.options.contains(.try), mayExceedLimit(outer, of: acquisition.thread)
    else { return }
    checkWaitContext(outer, of: acquisition)
  }

  /// Whether anything that is held, or the context, restricts the type at all: a quick no in most cases.
  @inline(__always)
  private func mayExceedLimit(_ outer: WaitType, of thread: ThreadID) -> Bool {
    guard outer > .spin else { return false }
    let index = thread.index
    return threads[index].held.restrictiveCounts.spin > 0 || threads[index].held.depth > 0
      || outer == .sleep && threads[index].held.restrictiveCounts.config > 0
  }

  @inline(never)
  private mutating func checkWaitContext(_ outer: WaitType, of acquisition: Acquisition) {
    let thread = acquisition.thread
    guard let limit = exceededLimit(outer, of: thread) else { return }
    record(
      limit.variant(outer), lockClass: acquisition.lockClass,
      otherClass: limit.heldClass, context: limit.context
    ) { validator in
      [validator.violationEvent(.acquire, acquisition)]
        + (limit.heldIndex.map { [validator.heldEvent(.held, thread: thread, index: $0)] } ?? [])
    }
  }

  /// A point that may sleep.
  mutating func sleep(_ event: LockEvent) {
    guard mayExceedLimit(.sleep, of: event.thread),
      let limit = exceededLimit(.sleep, of: event.thread)
    else { return }
    record(
      limit.heldIndex == nil ? .sleepsInContext : .sleepsHolding,
      lockClass: limit.heldClass, context: limit.context
    ) { validator in
      [validator.violationEvent(event)]
        + (limit.heldIndex.map {
          [validator.heldEvent(.held, thread: event.thread, index: $0)]
        } ?? [])
    }
  }

  private struct WaitLimit {
    var heldIndex: Int?
    var heldClass: LockClassID?
    var context: InterruptContext?
    func variant(_ outer: WaitType) -> ViolationVariant {
      outer == .sleep
        ? heldIndex == nil ? .waitsInContext : .waitsHolding
        : heldIndex == nil ? .spinsInContext : .spinsHolding
    }
  }

  /// What allows least of the context and what is held in it, if that is less than a type.
  private func exceededLimit(_ outer: WaitType, of thread: ThreadID) -> WaitLimit? {
    let held = threads[thread.index].held
    let frame = held.frames[held.frames.count - 1]
    var least = WaitType.sleep
    var limit: WaitLimit?
    if let context = frame.context {
      least = context == .hardirq && frame.isUnthreaded ? .spin : .config
      limit = WaitLimit(context: context)
    }
    for (index, lock) in held.locks.enumerated() {
      guard let inner = lock.innerWaitType, inner < least, lock.contexts == frame.contexts,
        lock.frame != HeldLocks.noFrame
      else { continue }
      least = inner
      limit = WaitLimit(heldIndex: index, heldClass: lock.lockClass)
    }
    return outer > least ? limit : nil
  }
}
