/// Locks that may sleep, taken where sleeping is not allowed [semantics 15, 16].
enum WaitContextRule {
  /// Judges an acquisition, but for a `try`, which does not wait.
  @inline(__always)
  static func judge(
    _ acquisition: Acquisition, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard let outer = record.table.locks[acquisition.lock.index].kind?.outerWaitType,
      !acquisition.options.contains(.try), mayExceedLimit(outer, of: acquisition.thread, state)
    else { return }
    judge(outer, of: acquisition, state, &record)
  }

  /// Whether anything that is held, or the context, restricts the type at all: a quick no in most
  /// cases.
  @inline(__always)
  private static func mayExceedLimit(
    _ outer: WaitType, of thread: ThreadID, _ state: borrowing HeldState
  ) -> Bool {
    guard outer > .spin else { return false }
    let index = thread.index
    return state.threads[index].held.restrictiveCounts.spin > 0
      || state.threads[index].held.depth > 0
      || outer == .sleep && state.threads[index].held.restrictiveCounts.config > 0
  }

  @inline(never)
  private static func judge(
    _ outer: WaitType, of acquisition: Acquisition, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let thread = acquisition.thread
    guard let limit = exceededLimit(outer, of: thread, state) else { return }
    let variant = limit.variant(outer)
    let key = ViolationStore.Key(
      state.traits.isUserSpace ? variant.inUserSpace : variant, acquisition.lockClass,
      limit.heldClass, context: limit.context)
    guard record.violations.isFirst(key) else { return }
    var events = [state.violationEvent(.acquire, acquisition, &record)]
    if let index = limit.heldIndex {
      events.append(state.heldEvent(.held, thread: thread, index: index, &record))
    }
    record.violations.add(key, events)
  }

  /// Judges a point that may sleep.
  static func judgeSleep(
    _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard mayExceedLimit(.sleep, of: event.thread, state),
      let limit = exceededLimit(.sleep, of: event.thread, state)
    else { return }
    let key = ViolationStore.Key(
      limit.heldIndex == nil ? .sleepsInContext : .sleepsHolding,
      limit.heldClass, context: limit.context)
    guard record.violations.isFirst(key) else { return }
    var events = [state.violationEvent(event, &record)]
    if let index = limit.heldIndex {
      events.append(state.heldEvent(.held, thread: event.thread, index: index, &record))
    }
    record.violations.add(key, events)
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
  private static func exceededLimit(
    _ outer: WaitType, of thread: ThreadID, _ state: borrowing HeldState
  ) -> WaitLimit? {
    let held = state.threads[thread.index].held
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

extension ViolationVariant {
  /// What it is where nothing but threads spins.
  fileprivate var inUserSpace: ViolationVariant { self == .waitsHolding ? .waitsUnderSpin : self }
}

extension WaitContextRule {
  /// Called where an input ends: only then it is known whether it shows something of a kernel.
  static func endInput(_ state: borrowing HeldState, _ record: inout OrderRecord) {
    guard !state.isOfKernel else { return }
    record.violations.rename(.waitsHolding, to: .waitsUnderSpin, ofInput: state.inputNumber)
  }
}

extension LockKind {
  /// Programs have none of the sort.
  var isOfKernel: Bool {
    switch self {
    case .rawSpin, .local, .rcu, .rcuSched, .wwMutex, .rtMutex: true
    default: false
    }
  }
}
