/// Locks that may sleep, taken where sleeping is not allowed [semantics 15, 16].
enum WaitContextRule {
  /// Judges an acquisition, but for a `try`, which does not wait.
  @inline(__always)
  static func judge(
    _ acquisition: Acquisition, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    guard let kind = record.table.locks[acquisition.lock.index].kind else {
      // The strictest kind that may be stated yet.
      if state.settlesAtEnd, !acquisition.options.contains(.try),
        mayExceedLimit(.sleep, of: acquisition.thread, state)
      {
        keep(acquisition, &state, &record)
      }
      return
    }
    guard let outer = kind.outerWaitType, !acquisition.options.contains(.try),
      mayExceedLimit(outer, of: acquisition.thread, state)
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
    record.violations.add(key, events(of: acquisition, limit, state, &record))
  }

  private static func events(
    of acquisition: Acquisition, _ limit: WaitLimit, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) -> [ViolationStore.Event] {
    var events = [state.violationEvent(.acquire, acquisition, &record)]
    if let index = limit.heldIndex {
      events.append(state.heldEvent(.held, thread: acquisition.thread, index: index, &record))
    }
    return events
  }

  /// Keeps the acquisition of a lock without a kind until one may be stated.
  @inline(never)
  private static func keep(
    _ acquisition: Acquisition, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    // One that it has already may be re-entrant.
    guard let limit = exceededLimit(.sleep, of: acquisition.thread, state),
      state.threads[acquisition.thread.index].held.lastIndex(of: acquisition.lock) == nil,
      !state.unjudgedWaits.has(limit.type, of: acquisition.lock)
    else { return }
    state.unjudgedWaits.add(
      UnjudgedWaits.Wait(
        limit: limit.type, heldClass: limit.heldClass, context: limit.context,
        events: events(of: acquisition, limit, state, &record)),
      of: acquisition.lock)
  }

  /// Judges a point that may sleep.
  static func judgeSleep(
    _ event: LockEvent, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    if state.settlesAtEnd { keepSleep(event, &state, &record) }
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

  /// Keeps a point that may sleep for each lock without a kind that is held there.
  private static func keepSleep(
    _ event: LockEvent, _ state: inout HeldState, _ record: inout OrderRecord
  ) {
    let thread = event.thread.index
    let contexts = state.threads[thread].held.contexts
    for index in state.threads[thread].held.locks.indices {
      let held = state.threads[thread].held.locks[index]
      guard record.table.locks[held.lock.index].kind == nil, held.contexts == contexts,
        held.frame != HeldLocks.noFrame, !state.unjudgedWaits.hasSleep(under: held.lock)
      else { continue }
      state.unjudgedWaits.addSleep(
        [
          state.violationEvent(event, &record),
          state.heldEvent(.held, thread: event.thread, index: index, &record),
        ], under: held.lock)
    }
  }

  /// What turns out to be a wait where none is allowed, once the input has ended and all kinds are
  /// known.
  ///
  /// - Parameter start: how long the evidence was when the input began.
  static func judgeLate(
    from start: EvidenceStore.Length, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let late = record.table.lateKinds
    guard !late.isEmpty else { return }
    for lock in late.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
      let row = record.table.locks[lock.index]
      if let outer = row.kind?.outerWaitType {
        for wait in state.unjudgedWaits.waits(of: lock) where outer > wait.limit {
          note(
            ViolationStore.Key(
              variant(outer, isHolding: wait.heldClass != nil), row.lockClass, wait.heldClass,
              context: wait.context), wait.events, &record)
        }
      }
      if let inner = row.kind?.innerWaitType, inner < .sleep,
        let events = state.unjudgedWaits.sleep(under: lock)
      {
        note(ViolationStore.Key(.sleepsHolding, row.lockClass), events, &record)
      }
    }
    for number in start.entries..<record.evidence.entryCount {
      let entry = record.evidence[entry: UInt32(number)]
      // What came behind the statement was judged then.
      guard let line = late[entry.source.lock],
        record.evidence.records[Int(entry.record)].line < line
      else { continue }
      judge(entry, &record)
    }
  }

  /// A lock whose kind was stated late was held while another one was asked for.
  private static func judge(_ entry: EvidenceStore.Entry, _ record: inout OrderRecord) {
    let witness = record.evidence.records[Int(entry.record)]
    guard let inner = record.table.locks[entry.source.lock.index].kind?.innerWaitType,
      let kind = record.table.locks[witness.wanted.index].kind, let outer = kind.outerWaitType,
      outer > inner,
      !kind.isReentrant
        || !record.evidence.heldRecords(witness).contains(where: { $0.lock == witness.wanted }),
      !record.evidence.heldRecords(witness).contains(where: { held in
        held.position < entry.source.position
          ? isRestrictive(held, .atMost(inner), record) : isRestrictive(held, .below(inner), record)
      })
    else { return }
    let thread = witness.thread
    note(
      ViolationStore.Key(
        variant(outer, isHolding: true), witness.wantedClass, entry.source.lockClass),
      [
        ViolationStore.Event(
          role: .acquire, thread: thread, lock: (witness.wanted, witness.wantedClass),
          mode: witness.wantedMode, place: witness.place, stack: witness.stack,
          line: witness.line, input: witness.input),
        ViolationStore.Event(
          role: .held, thread: thread, lock: (entry.source.lock, entry.source.lockClass),
          mode: entry.source.mode, place: entry.source.place, stack: entry.source.stack,
          line: entry.source.line, input: witness.input),
      ], &record)
  }

  private enum Bound {
    case atMost(WaitType), below(WaitType)
  }

  private static func isRestrictive(
    _ held: EvidenceStore.HeldRecord, _ bound: Bound, _ record: borrowing OrderRecord
  ) -> Bool {
    guard let inner = record.table.locks[held.lock.index].kind?.innerWaitType else { return false }
    switch bound {
    case .atMost(let type): return inner <= type
    case .below(let type): return inner < type
    }
  }

  private static func note(
    _ key: ViolationStore.Key, _ events: [ViolationStore.Event], _ record: inout OrderRecord
  ) {
    if record.violations.isFirst(key) { record.violations.add(key, events) }
  }

  private static func variant(_ outer: WaitType, isHolding: Bool) -> ViolationVariant {
    outer == .sleep
      ? isHolding ? .waitsHolding : .waitsInContext
      : isHolding ? .spinsHolding : .spinsInContext
  }

  private struct WaitLimit {
    /// What is allowed.
    var type: WaitType
    var heldIndex: Int?
    var heldClass: LockClassID?
    var context: InterruptContext?
    func variant(_ outer: WaitType) -> ViolationVariant {
      WaitContextRule.variant(outer, isHolding: heldIndex != nil)
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
      limit = WaitLimit(type: least, context: context)
    }
    for (index, lock) in held.locks.enumerated() {
      guard let inner = lock.innerWaitType, inner < least, lock.contexts == frame.contexts,
        lock.frame != HeldLocks.noFrame
      else { continue }
      least = inner
      limit = WaitLimit(type: inner, heldIndex: index, heldClass: lock.lockClass)
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
