// Two exclusive owners of one lock at once [semantics 17].

extension HeldState {
  /// Called before a lock is taken for writing that somebody holds.
  ///
  /// - Complexity: O(threads × locks held), so many times an input.
  @inline(never)
  mutating func noteOwners(before acquisition: Acquisition, _ record: inout OrderRecord) {
    let lock = acquisition.lock
    guard !traits.isKernel, !record.table.lacksAcquisitions, ownerLooks > 0,
      !record.table.locks[lock.index].isShared,
      record.table.isGate(lock, mode: acquisition.mode),
      // What a thread holds itself is the business of another rule.
      threads[acquisition.thread.index].held.lastIndex(of: lock) == nil
    else { return }
    ownerLooks -= 1
    guard
      let (holder, index) = holders(of: lock).first(where: {
        threads[$0.thread.index].held.locks[$0.index].mode.isExclusive
      })
    else { return }
    record.table.locks[lock.index].isShared = true
    record.sharedOwners.add(
      SharedOwners.First(
        lock: lock, holder: holder, holderLine: threads[holder.index].held.locks[index].line,
        thread: acquisition.thread, line: acquisition.line),
      input: inputNumber)
  }
}
