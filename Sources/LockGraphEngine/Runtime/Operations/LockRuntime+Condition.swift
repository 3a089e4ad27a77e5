import CLockGraph

extension LockRuntime {
  /// A condition wait begins: the lock comes off the stack. Who waits without the lock gives it up
  /// all the same, as without validation, and has it after the wait.
  ///
  /// - Returns: how it was held.
  package static func beginConditionWait(
    _ lock: UnsafeMutablePointer<lg_lock>, _ condition: UInt64, _ site: lg_site
  ) -> lg_held {
    let thread = requiredThread
    dropLostHolds(thread)
    guard let held = lg_find(thread, lock) else {
      // Where nothing is validated, nothing is on the stack.
      guard let state = begin(), state.isOn, thread.pointee.busy == 0 else { return lg_held() }
      state.trace?.write(.wait, thread, lock, Taking(at: site), condition: condition)
      tell(.wait, thread, lock, site: site, holders: true)
      takeAway(lock)
      return lg_held()
    }
    let copy = held.pointee
    state?.trace?.write(.wait, thread, lock, Taking(at: site), condition: condition)
    if thread.pointee.top - thread.pointee.base > 1 {
      let key = lg_key(thread.pointee.key, lock.pointee.number, 1 << 20)
      if !lg_is_known(thread, key) {
        tell(.wait, thread, lock, site: site)
        lg_thread_remember(thread, key)
      }
    }
    if let held = lg_find(thread, lock) { endHold(thread, held, at: site) }
    // A report handler may have made the stack grow.
    if let held = lg_find(thread, lock) { lg_thread_remove(thread, held) }
    return copy
  }

  package static func endConditionWait(
    _ lock: UnsafeMutablePointer<lg_lock>, _ condition: UInt64, _ held: lg_held, _ site: lg_site
  ) {
    let thread = requiredThread
    // How the wait for the lock could end was of the first time alone.
    let taking = Taking(
      held.traits & (LG_SUBCLASS_MASK | LG_NESTED | LG_UNSEEN), nest: held.nest, at: site)
    if thread.pointee.top != thread.pointee.base, !isKnownNesting(thread, lock, taking.flags) {
      _ = admit(thread, lock, taking)
    }
    if !lg_acquire(lock, thread.pointee.slot) {
      _ = wait(thread, lock, taking, WaitPolicy())
    }
    push(thread, lock, taking, condition: condition)
  }
}
