// Deadlocks that happened, as findings [semantics 21 to 24].

extension EvidenceResolver {
  func finding(_ deadlock: DeadlockStore.Deadlock) -> Finding {
    let waiters = deadlock.pool == nil ? rotated(deadlock.waiters) : sorted(deadlock.waiters)
    let input = inputNames[Int(deadlock.input)]
    return .deadlock(
      waiters.map { waiter($0, deadlock, input) }, via: waiters.map(\.via),
      pool: deadlock.pool.map { name(of: table.locks[$0.index].lockClass) },
      edges: waiters.compactMap { edge($0, deadlock) },
      endedHolder: deadlock.endedOwner.flatMap { owner in
        waiters[0].wanted.map { event(of: owner, $0.lock, $0.lockClass, input) }
      },
      occurrences: deadlock.count)
  }

  /// A potential one that the end of a thread closes.
  func finding(_ inversion: JoinInversionStore.Inversion) -> Finding {
    let waiters = rotated(inversion.sides)
    let circle = DeadlockStore.Deadlock(
      waiters: waiters, input: inversion.input, count: inversion.count)
    let input = inputNames[Int(inversion.input)]
    return .joinInversion(
      waiters.map { waiter($0, circle, input) }, via: waiters.map(\.via),
      edges: waiters.compactMap { edge($0, circle) }, confidence: inversion.confidence,
      reason: inversion.reason.map(text), occurrences: inversion.count)
  }

  /// Going round from where the classes and modes are least, whoever closed the circle.
  private func rotated(_ waiters: [DeadlockStore.Waiter]) -> [DeadlockStore.Waiter] {
    let names = waiters.map { waiter -> [String] in
      let held = waiter.via.map { table.name(of: waiter.held[$0].lockClass) }
      let wanted = waiter.wanted.map { table.name(of: $0.lockClass) }
      return [held ?? wanted ?? "", wanted ?? "", waiter.wanted?.mode.name ?? ""]
    }
    let start = leastRotation(of: names.count, { names[$0] }) { one, other in
      one.joined(separator: "\u{0}").utf8.lexicographicallyPrecedes(
        other.joined(separator: "\u{0}").utf8)
    }
    return Array(waiters[start...] + waiters[..<start])
  }

  /// Those around a pool by what they have and want.
  private func sorted(_ waiters: [DeadlockStore.Waiter]) -> [DeadlockStore.Waiter] {
    let keyed = waiters.map { waiter in
      (
        key: [
          waiter.via.map { table.name(of: waiter.held[$0].lockClass) } ?? "",
          waiter.wanted.map { table.name(of: $0.lockClass) } ?? "",
          waiter.wanted?.mode.name ?? "", threadName(waiter.thread),
        ], waiter: waiter
      )
    }
    return keyed.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.waiter)
  }

  private func edge(
    _ waiter: DeadlockStore.Waiter, _ deadlock: DeadlockStore.Deadlock
  ) -> FindingEdge? {
    guard let via = waiter.via, let wanted = waiter.wanted else { return nil }
    let held = waiter.held[via]
    let kind = DependencyKinds(held: held.mode, wanted: wanted.mode)
    let witness = Witness(
      thread: threadNames[waiter.thread.index], held: lock(held), wanted: lock(waiter, wanted),
      kind: kind, options: waiter.options,
      alsoHeld: waiter.held.indices.filter { $0 != via }.map { lock(waiter.held[$0]) },
      input: inputNames[Int(deadlock.input)], line: waiter.line)
    return FindingEdge(
      from: table.name(of: held.lockClass), to: table.name(of: wanted.lockClass), kinds: kind,
      decidingKind: kind, count: deadlock.count, witnesses: [witness])
  }

  private func waiter(
    _ waiter: DeadlockStore.Waiter, _ deadlock: DeadlockStore.Deadlock, _ input: String
  ) -> Finding.Waiter {
    Finding.Waiter(
      thread: threadNames[waiter.thread.index],
      wanted: waiter.wanted.map { lock(waiter, $0) },
      blockedBy: threadNames[waiter.blockedBy.index],
      hasHolderEnded: deadlock.endedOwner != nil, options: waiter.options,
      held: waiter.held.map(ownLock), at: place(waiter.place), stack: stack(waiter.stack),
      input: input, line: waiter.line, time: waiter.time)
  }

  /// A lock by what its own input says of it.
  private func ownLock(_ held: EvidenceStore.HeldRecord) -> WitnessedLock {
    var lock = lock(held)
    lock.kind = table.locks[held.lock.index].kind
    return lock
  }

  private func lock(
    _ waiter: DeadlockStore.Waiter,
    _ wanted: (lock: LockID, lockClass: LockClassID, mode: LockMode)
  ) -> WitnessedLock {
    WitnessedLock(
      lock: table.name(of: wanted.lock), lockClass: table.name(of: wanted.lockClass),
      mode: wanted.mode, at: place(waiter.place), stack: stack(waiter.stack), line: waiter.line,
      kind: table.locks[wanted.lock.index].kind,
      classOrigin: table.origin(of: wanted.lockClass))
  }

  /// The end of a thread that held a lock.
  func event(
    of owner: EndedOwner, _ lock: LockID, _ lockClass: LockClassID, _ input: String
  ) -> FindingEvent {
    FindingEvent(
      role: .ended, thread: threadNames[owner.thread.index],
      lock: WitnessedLock(
        lock: name(of: lock), lockClass: name(of: lockClass), mode: owner.mode,
        at: place(owner.place), stack: stack(owner.stack), line: owner.line,
        kind: table.locks[lock.index].kind,
        classOrigin: table.origin(of: lockClass)),
      at: place(owner.endPlace), stack: stack(owner.endStack), input: input, line: owner.endLine)
  }
}
