/// Marking classes as used inside a context, or as held where one could interrupt [semantics 11].
enum ContextUses {
  /// The marks of an acquisition. It is used in the innermost context alone: what that interrupted
  /// does not ask for the lock, and wherever it can come the innermost can come too. A `try` cannot
  /// block and so is no use inside the context [semantics 5].
  @inline(__always)
  static func note(
    _ acquisition: Acquisition, isRequested: Bool, isHeld: Bool, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let thread = acquisition.thread.index
    var marks: ContextMarks = []
    if isRequested, !acquisition.options.contains(.try) {
      marks = ContextMarks(
        acquisition.mode == .recursiveRead ? .usedRecursively : .usedNonRecursively,
        in: state.threads[thread].held.innermostContext)
    }
    if isHeld {
      if state.threads[thread].held.isSignalMasked,
        !record.table.classes[acquisition.lockClass.index].isHeldMasked
      {
        record.table.setHeldMasked(acquisition.lockClass)
      }
      marks.formUnion(
        ContextMarks(
          acquisition.mode.isExclusive ? .enabledExclusive : .enabledShared,
          in: state.threads[thread].held.interruptible))
    }
    guard !record.contextMarks.has(marks, of: acquisition.lockClass) else { return }
    add(marks, of: acquisition, input: state.inputNumber, &record)
  }

  @inline(never)
  private static func add(
    _ marks: ContextMarks, of acquisition: Acquisition, input: UInt32, _ record: inout OrderRecord
  ) {
    let place = record.evidence.intern(acquisition.at)
    let stack = record.evidence.intern(acquisition.stack)
    record.contextMarks.add(
      ContextMarkStore.Record(
        marks: marks, thread: acquisition.thread, input: input, lock: acquisition.lock,
        mode: acquisition.mode, place: place, stack: stack, line: acquisition.line),
      of: acquisition.lockClass)
  }

  /// Everything that the thread holds is held while the contexts could interrupt that now can.
  static func noteEnabled(
    _ thread: ThreadID, line: UInt64, _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    for index in state.threads[thread.index].held.locks.indices {
      noteHeld(at: index, of: thread, line: line, state, &record)
    }
  }

  /// A lock is held, or from now on held in another mode, while contexts could interrupt.
  static func noteHeld(
    at index: Int, of thread: ThreadID, line: UInt64, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let held = state.threads[thread.index].held.locks[index]
    guard held.isOrdered, held.frame != HeldLocks.noFrame else { return }
    let marks = ContextMarks(
      held.mode.isExclusive ? .enabledExclusive : .enabledShared,
      in: state.threads[thread.index].held.interruptible)
    guard !record.contextMarks.has(marks, of: held.lockClass) else { return }
    add(marks, of: held, thread, line: line, state, &record)
  }

  @inline(never)
  private static func add(
    _ marks: ContextMarks, of held: HeldLock, _ thread: ThreadID, line: UInt64,
    _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    let place = record.evidence.intern(state.threads[thread.index].held.at(held))
    let stack = record.evidence.intern(state.threads[thread.index].held.stack(held))
    record.contextMarks.add(
      ContextMarkStore.Record(
        marks: marks, thread: thread, input: state.inputNumber, lock: held.lock, mode: held.mode,
        place: place, stack: stack, line: held.line, unmaskedLine: line),
      of: held.lockClass)
  }
}
