// What a thread holds, as evidence. A held lock is not copied for it: that is more than all else.

extension HeldState {
  /// Equal for equal sets of held locks and of whom they keep out.
  func gateKey(of thread: ThreadID, _ table: borrowing LockTable) -> UInt64 {
    var key: UInt64 = 0
    let thread = thread.index
    for index in 0..<threads[thread].held.locks.count
    where threads[thread].held.locks[index].isEvidence {
      let lock = threads[thread].held.locks[index].lock
      let mode = threads[thread].held.locks[index].mode
      let isGate = table.isGate(lock, mode: mode)
      key &+= mixHash(
        UInt64(lock.rawValue) << 1 | (isGate ? 1 : 0), mode == .upgradable ? 1 : 0)
    }
    return key
  }

  func heldRecord(
    _ index: Int, of thread: Int, _ record: inout OrderRecord
  ) -> EvidenceStore.HeldRecord {
    let lock = threads[thread].held.locks[index].lock
    let mode = threads[thread].held.locks[index].mode
    let (place, stack) =
      threads[thread].held.locks[index].hasPlace ? self.place(index, of: thread, &record) : (0, 0)
    return EvidenceStore.HeldRecord(
      lock: lock, lockClass: threads[thread].held.locks[index].lockClass, mode: mode,
      isGate: record.table.isGate(lock, mode: mode), place: place, stack: stack,
      position: UInt32(index), line: threads[thread].held.locks[index].line)
  }

  @inline(never)
  private func place(
    _ index: Int, of thread: Int, _ record: inout OrderRecord
  ) -> (place: UInt32, stack: UInt32) {
    threads[thread].held.withPlace(of: threads[thread].held.locks[index]) { at, stack in
      (record.evidence.intern(at), record.evidence.intern(stack))
    }
  }
}
