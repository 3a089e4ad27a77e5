import CLockGraph

// Locks that are held while their task is suspended.
//
// The runtime tells nobody of a suspension. But a task that gives a lock up in another thread was
// suspended since it took it, and so was one whose hold is still on a thread that runs another
// task. Closures of `withLock` cannot await, so only what is taken with `lock()` knows its task.
extension LockRuntime {
  /// A lock was taken by a call that does not give it up, in a thread that runs tasks: keeps the
  /// task with the hold, and looks what other tasks have left on the thread.
  @usableFromInline @inline(never)
  package static func noteTask(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>
  ) {
    guard thread.pointee.busy == 0, thread.pointee.pace != LG_OFF else { return }
    let task = TaskIdentity.current
    let holds = HeldStack.all(thread)
    for index in holds.indices.dropLast() where TakingFlags(holds[index].traits).hasTask {
      tellLeft(thread, at: index, otherThan: task, by: lock)
    }
    guard task != 0, let held = lg_find(thread, lock) else { return }
    let flags = TakingFlags(held.pointee.traits)
    if !flags.isNested, !flags.isUnseen { lg_held_set_task(held, task) }
  }

  /// Reports a hold of another task than the one that takes a lock now.
  private static func tellLeft(
    _ thread: UnsafeMutablePointer<lg_thread>, at index: Int, otherThan task: UInt64,
    by lock: UnsafeMutablePointer<lg_lock>
  ) {
    let held = HeldStack.all(thread)[index]
    guard held.nest != task, let state = begin(), state.isOn, let new = lg_find(thread, lock)
    else { return }
    // Said once.
    lg_held_forget_task(thread.pointee.base + index)
    let site = new.pointee.site
    state.judge(on: thread, at: site) {
      $0.tellSuspension(of: held.nest, holding: held, by: .acquire, LockUse(lock, Taking(at: site)))
    }
  }

  /// A task gives up, in this thread, what it took in another one.
  ///
  /// - Returns: false if that is not what happens.
  static func tellSuspension(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ site: lg_site?, _ state: RuntimeState
  ) -> Bool {
    let task = TaskIdentity.current
    guard task != 0 else { return false }
    let held = withValidatorLock {
      otherHolders(of: lock.pointee.number, than: thread).lazy.flatMap(\.holds).first {
        TakingFlags($0.traits).hasTask && $0.nest == task
      }
    }
    guard case .some(.some(let held)) = held else { return false }
    state.judge(on: thread, at: site) {
      $0.tellSuspension(of: task, holding: held, by: .release, LockUse(lock, Taking(at: site)))
    }
    return true
  }

  /// A task is about to be suspended, or may be, in a thread that holds locks.
  package static func tellAwait(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {
    guard let thread = currentThread, thread.pointee.top != thread.pointee.base,
      thread.pointee.busy == 0,
      let state = begin(), state.isOn
    else { return }
    let task = TaskIdentity.current
    for index in HeldStack.all(thread).indices {
      let held = HeldStack.all(thread)[index]
      let flags = TakingFlags(held.traits)
      if flags.isUnseen { continue }
      // Of who left it there, if that is known.
      let owner = flags.hasTask ? held.nest : task
      if flags.hasTask { lg_held_forget_task(thread.pointee.base + index) }
      state.judge(on: thread, at: site) {
        $0.tellSuspension(of: owner, holding: held, by: .request, LockUse(lock, Taking(at: site)))
      }
    }
  }

  /// A continuation is resumed; with a lock held that is told.
  package static func tellResume(_ site: lg_site) {
    guard let thread = lg_current(), thread.pointee.top != thread.pointee.base,
      thread.pointee.busy == 0, let state = begin(), state.isOn
    else { return }
    dropLostHolds(thread)
    guard let held = HeldStack.all(thread).last(where: { !TakingFlags($0.traits).isUnseen }) else {
      return
    }
    // Once for each place and what is held there.
    let key = lg_key(
      thread.pointee.key ^ lg_site_hash(site.file, site.line, site.column), 0, 1 << 23)
    guard !lg_is_known(thread, key) else { return }
    lg_thread_remember(thread, key)
    state.judge(on: thread, at: site) { $0.tellResume(thread, holding: held, at: site) }
  }
}

extension LiveValidator {
  /// Records that a task was suspended while it held a lock.
  ///
  /// - Parameters:
  ///   - verb: what the running thread does that shows it.
  ///   - use: the lock to which it does that.
  mutating func tellSuspension(
    of task: UInt64, holding held: lg_held, by verb: EventVerb, _ use: LockUse
  ) {
    catchUp()
    let current = names.thread(LockRuntime.requiredThread, in: &validator)
    let owner = task == 0 ? current : names.thread(ofTask: task, in: &validator)
    let seen = event(verb, current, use)
    let seenLock = validator.resolveLock(seen)
    let taken = event(.acquire, owner, LockUse(held))
    let lock = validator.resolveLock(taken)
    let role: EventRole = verb == .request ? .request : EventRole(verb)
    add(.suspendedHolding, lock, [(role, seen, seenLock), (.held, taken, lock)])
  }

  /// Records that a continuation is resumed under a lock.
  mutating func tellResume(
    _ thread: UnsafeMutablePointer<lg_thread>, holding held: lg_held, at site: lg_site
  ) {
    catchUp()
    let id = names.thread(thread, in: &validator)
    let use = LockUse(held)
    let taken = event(.acquire, id, use)
    let lock = validator.resolveLock(taken)
    var here = use
    here.taking.site = site
    add(.resumedHolding, lock, [(.resume, event(.assert, id, here), lock), (.held, taken, lock)])
  }

  private mutating func add(
    _ variant: ViolationVariant, _ lock: LockID, _ events: [(EventRole, LockEvent, LockID)]
  ) {
    validator.record.table.countInstance(lock)
    let key = ViolationStore.Key(variant, validator.record.table.locks[lock.index].lockClass)
    if validator.record.violations.isFirst(key) {
      let events = events.map {
        validator.state.violationEvent($0, $1, lock: $2, &validator.record)
      }
      validator.record.violations.add(key, events)
    }
    judge()
  }
}
