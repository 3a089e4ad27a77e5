/// `nest=` claims that a lock is held which serialises a class [semantics 8].
enum NestRule {
  /// The lock is asked for.
  static func judge(
    _ acquisition: Acquisition, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard let nest = acquisition.nest,
      state.threads[acquisition.thread.index].held.lastIndex(of: nest) == nil,
      !state.isHiddenByGap(nest, of: acquisition.thread, record.table)
    else { return }
    let key = ViolationStore.Key(
      .neverTaken, acquisition.lockClass, record.table.locks[nest.index].lockClass)
    guard record.violations.isFirst(key) else { return }
    record.violations.add(
      key,
      [
        state.violationEvent(.acquire, acquisition, &record),
        state.violationEvent(
          .nest, of: acquisition.thread, nest, line: acquisition.line, record.table),
      ])
  }

  /// Called before the hold at `index` is given up for good.
  static func judgeRelease(
    of thread: ThreadID, index: Int, line: UInt64, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let held = state.threads[thread.index].held
    let outer = held.locks[index]
    guard let inner = held.locks.lastIndex(where: { $0.nest == outer.lock }) else { return }
    guard !held.locks.indices.contains(where: { $0 != index && held.locks[$0].lock == outer.lock })
    else { return }
    let key = ViolationStore.Key(
      .releasedFirst, held.locks[inner].lockClass, outer.lockClass)
    guard record.violations.isFirst(key) else { return }
    record.violations.add(
      key,
      [
        state.violationEvent(.release, of: thread, outer.lock, line: line, record.table),
        state.heldEvent(.nested, thread: thread, index: inner, &record),
      ])
  }
}
