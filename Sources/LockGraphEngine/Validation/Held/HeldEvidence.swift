// What a thread holds, as evidence.

extension HeldState {
  /// Equal for equal sets of held locks and of whom they keep out.
  func gateKey(of thread: ThreadID, _ table: borrowing LockTable) -> UInt64 {
    var key: UInt64 = 0
    for held in threads[thread.index].held.locks where held.isEvidence {
      let isGate = table.isGate(held.lock, mode: held.mode)
      key &+= mixHash(
        UInt64(held.lock.rawValue) << 1 | (isGate ? 1 : 0), held.mode == .upgradable ? 1 : 0)
    }
    return key
  }

  func heldRecord(
    _ index: Int, of thread: Int, _ record: inout OrderRecord
  ) -> EvidenceStore.HeldRecord {
    let held = threads[thread].held.locks[index]
    return EvidenceStore.HeldRecord(
      lock: held.lock, lockClass: held.lockClass, mode: held.mode,
      isGate: record.table.isGate(held.lock, mode: held.mode),
      place: record.evidence.intern(threads[thread].held.at(held)),
      stack: record.evidence.intern(threads[thread].held.stack(held)), position: UInt32(index),
      line: held.line)
  }
}
