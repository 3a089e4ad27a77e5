/// What the program asserts of its locks [semantics 17].

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
    let variant: ViolationVariant =
      switch event.assertion {
      case .held: .assertedHeld
      case .notHeld: .assertedNotHeld
      case .read: .assertedRead
      case .write: .assertedWrite
      }
    record(
      variant, lockClass: table.locks[lock.index].lockClass
    ) { validator in
      let others = holds.isEmpty ? validator.holders(of: lock).prefix(4).map { $0 } : []
      return [validator.violationEvent(event)]
        + holds.map { validator.heldEvent(.held, thread: event.thread, index: $0) }
        + others.map { validator.heldEvent(.held, thread: $0.thread, index: $0.index) }
    }
  }
}
