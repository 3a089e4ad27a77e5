/// `nest=` claims that a lock is held which serialises a class [semantics 8].

extension Validator {
  mutating func checkNestIsHeld(_ acquisition: Acquisition) {
    guard let nest = acquisition.nest,
      threads[acquisition.thread.index].held.lastIndex(of: nest) == nil,
      !isHiddenByGap(nest, of: acquisition.thread)
    else { return }
    record(
      .neverTaken, lockClass: acquisition.lockClass,
      otherClass: table.locks[nest.index].lockClass
    ) { validator in
      [
        validator.violationEvent(.acquire, acquisition),
        validator.violationEvent(.nest, of: acquisition.thread, nest, line: acquisition.line),
      ]
    }
  }

  /// Called before the hold at `index` is given up for good.
  mutating func checkNothingNestsUnder(_ thread: ThreadID, index: Int, line: UInt64) {
    let held = threads[thread.index].held
    let outer = held.locks[index]
    guard let inner = held.locks.lastIndex(where: { $0.nest == outer.lock }) else { return }
    guard !held.locks.indices.contains(where: { $0 != index && held.locks[$0].lock == outer.lock })
    else { return }
    record(
      .releasedFirst, lockClass: held.locks[inner].lockClass,
      otherClass: outer.lockClass
    ) { validator in
      [
        validator.violationEvent(.release, of: thread, outer.lock, line: line),
        validator.heldEvent(.nested, thread: thread, index: inner),
      ]
    }
  }
}
