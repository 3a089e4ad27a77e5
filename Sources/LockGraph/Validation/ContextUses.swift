/// Marking classes as used inside a context, or as held where one could interrupt [semantics 11].

extension Validator {
  /// The marks of an acquisition. It is used in the innermost context alone: what that interrupted does not ask
  /// for the lock, and wherever it can come the innermost can come too. A `try` cannot block and so is no
  /// use inside the context [semantics 5].
  @inline(__always)
  mutating func noteUse(_ acquisition: Acquisition, isRequested: Bool, isHeld: Bool) {
    let thread = acquisition.thread.index
    var marks: ContextMarks = []
    if isRequested, !acquisition.options.contains(.try) {
      marks = ContextMarks(
        acquisition.mode == .recursiveRead ? .usedRecursively : .usedNonRecursively,
        in: threads[thread].held.innermostContext)
    }
    if isHeld {
      marks.formUnion(
        ContextMarks(
          acquisition.mode.isExclusive ? .enabledExclusive : .enabledShared,
          in: threads[thread].held.interruptible))
    }
    guard !contextMarks.has(marks, of: acquisition.lockClass) else { return }
    addMarks(marks, of: acquisition)
  }

  @inline(never)
  private mutating func addMarks(_ marks: ContextMarks, of acquisition: Acquisition) {
    contextMarks.add(
      ContextMarkStore.Record(
        marks: marks, thread: acquisition.thread, input: inputNumber, lock: acquisition.lock,
        mode: acquisition.mode, place: intern(acquisition.at), stack: intern(acquisition.stack),
        line: acquisition.line),
      of: acquisition.lockClass)
  }

  /// Everything that the thread holds is held while the contexts could interrupt that now can.
  mutating func noteEnabled(_ thread: ThreadID, line: UInt64) {
    for index in threads[thread.index].held.locks.indices {
      noteHeld(at: index, of: thread, line: line)
    }
  }

  /// A lock is held, or from now on held in another mode, while contexts could interrupt.
  mutating func noteHeld(at index: Int, of thread: ThreadID, line: UInt64) {
    let locks = threads[thread.index].held
    let held = locks.locks[index]
    guard held.isOrdered, held.frame != HeldLocks.noFrame else { return }
    let marks = ContextMarks(
      held.mode.isExclusive ? .enabledExclusive : .enabledShared, in: locks.interruptible)
    guard !contextMarks.has(marks, of: held.lockClass) else { return }
    contextMarks.add(
      ContextMarkStore.Record(
        marks: marks, thread: thread, input: inputNumber, lock: held.lock, mode: held.mode,
        place: intern(locks.at(held)), stack: intern(locks.stack(held)), line: held.line,
        unmaskedLine: line),
      of: held.lockClass)
  }
}
