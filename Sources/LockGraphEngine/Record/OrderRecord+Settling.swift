// What a lock is, as far as only the end of its input tells [semantics 28]: a semaphore is a lock,
// a pool or a signal, and what is stated late holds from the beginning. Until then everything is
// written as of a lock that it may be; here goes what is none.

extension OrderRecord {
  /// Whether a witness would not have come about, had all been known that its input tells of its
  /// locks.
  func isVoid(_ entry: EvidenceStore.Entry) -> Bool {
    let record = evidence.records[Int(entry.record)]
    let (held, wanted) = (entry.source.lock, record.wanted)
    guard table.unsettled.contains(held) || table.unsettled.contains(wanted) else { return false }
    let kind = table.locks[wanted.index].kind
    if !table.isOwned(held) || kind?.isReadCopyUpdate == true
      || table.locks[held.index].kind?.isReadCopyUpdate == true
    {
      return true
    }
    if kind == .recursive, evidence.heldRecords(record).contains(where: { $0.lock == wanted }) {
      return true
    }
    return entry.source.lockClass == record.wantedClass
      && table.ranksRise(from: held, to: wanted)
  }

  /// The input ends: takes back what its locks turned out not to be part of.
  ///
  /// - Parameter start: how long the evidence was when the input began.
  /// - Complexity: O(what is kept) if there are locks of that sort, else O(violations in doubt).
  mutating func settleInput(_ input: UInt32, from start: EvidenceStore.Length) {
    violations.settle(where: table.isOwned)
    remarkSecondKinds(input)
    guard !table.unsettled.isEmpty else { return }
    let table = table
    deadlocks.remove { $0.input == input && table.isVoid($0) }
    let areVoid = (start.entries..<evidence.entryCount).map { isVoid(evidence[entry: UInt32($0)]) }
    if areVoid.contains(true) {
      let classes = (0..<table.classes.count).map { LockClassID(UInt32($0)) }
      rebuildGraph(classes) { $0 >= start.entries && areVoid[Int($0) - start.entries] }
    }
    evidence.settleHeld(from: start, table)
    let outside = table.lateKinds.filter {
      table.locks[$0.key.index].kind?.isReadCopyUpdate == true
    }
    if !outside.isEmpty { contextMarks.remove { outside[$0.lock] != nil } }
    for (owner, guards) in lifeGuards {
      let kept = guards.filter {
        !table.unsettled.contains($0.lock) || table.isGate($0.lock, mode: .write)
      }
      if kept.count < guards.count { lifeGuards[owner] = kept.isEmpty ? nil : kept }
    }
  }

  private mutating func remarkSecondKinds(_ input: UInt32) {
    let stated = table.secondKinds.sorted { $0.value.line < $1.value.line }
    guard let (lock, second) = stated.first, let kind = table.locks[lock.index].kind else { return }
    var text =
      "line \(second.line) says that \(table.name(of: lock).withVisibleControls) is a \(second.kind.name), "
      + "which was a \(kind.name) before; it stays one"
    if stated.count > 1 {
      let more = Counted.plain(stated.count - 1, "more lock has", "more locks have")
      text += "; \(more) two kinds"
    }
    inputRemarks.append((input, text))
  }
}

extension LockTable {
  /// Whether a deadlock rests on a wait that turns out to be none.
  fileprivate func isVoid(_ deadlock: DeadlockStore.Deadlock) -> Bool {
    deadlock.waiters.contains { waiter in
      guard let lock = waiter.wanted?.lock, unsettled.contains(lock) else { return false }
      let row = locks[lock.index]
      switch row.kind {
      case .completion, .local, .rcu, .rcuSched: return true
      // One that was taken for a lock, and has free permits.
      case .semaphore:
        return row.isSignalled || deadlock.endedOwner != nil
          || deadlock.pool == nil && (!isOwned(lock) || waiter.blockedBy == waiter.thread)
      case .recursive: return waiter.blockedBy == waiter.thread
      default: return false
      }
    }
  }
}

extension EvidenceStore {
  /// Nobody has what is not owned, and a gate is what turned out to be one.
  fileprivate mutating func settleHeld(from start: Length, _ table: borrowing LockTable) {
    let sources = (start.entries..<entryCount).map { self[entry: UInt32($0)].source }
    for number in records.indices.dropFirst(start.records) {
      let first = Int(records[number].heldStart)
      var end = first
      for index in first..<first + Int(records[number].heldCount) {
        var lock = held[index]
        if table.unsettled.contains(lock.lock) {
          guard table.isOwned(lock.lock) else { continue }
          lock.isGate = table.isGate(lock.lock, mode: lock.mode)
        }
        setHeld(lock, at: end)
        end += 1
      }
      records[number].heldCount = UInt32(end - first)
    }
    for (number, source) in sources.enumerated() {
      var source = source
      if table.unsettled.contains(source.lock) {
        source.isGate = table.isGate(source.lock, mode: source.mode)
      }
      setSource(source, ofEntry: UInt32(start.entries + number))
    }
  }
}
