/// What the program asserts of its locks [semantics 17].
enum AssertionRule {
  /// Where events were lost, what is unknown satisfies an assertion.
  static func judge(
    _ event: LockEvent, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let lock = record.table.lock(event.lock)
    record.table.countInstance(lock)
    let held = state.threads[event.thread.index].held
    let holds = held.locks.indices.filter { held.locks[$0].lock == lock }
    let isMet =
      switch event.assertion {
      case .held: !holds.isEmpty
      case .notHeld: holds.isEmpty
      case .read: holds.contains { !held.locks[$0].mode.isExclusive }
      case .write: holds.contains { held.locks[$0].mode.isExclusive }
      }
    guard !isMet,
      !holds.isEmpty || !state.isHiddenByGap(lock, of: event.thread, record.table)
    else { return }
    let variant: ViolationVariant =
      switch event.assertion {
      case .held: .assertedHeld
      case .notHeld: .assertedNotHeld
      case .read: .assertedRead
      case .write: .assertedWrite
      }
    let key = ViolationStore.Key(
      variant, record.table.locks[lock.index].lockClass)
    guard record.violations.isFirst(key) else { return }
    var events = [state.violationEvent(event, &record)]
    for index in holds {
      events.append(state.heldEvent(.held, thread: event.thread, index: index, &record))
    }
    if holds.isEmpty { events += state.holderEvents(of: lock, &record) }
    record.violations.add(key, events)
  }
}
