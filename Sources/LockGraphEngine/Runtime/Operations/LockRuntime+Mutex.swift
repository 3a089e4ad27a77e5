import CLockGraph

// The slow ways to locks that one thread has at a time.
extension LockRuntime {
  @usableFromInline @inline(never)
  package static func admitOrRefuse(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ site: lg_site
  ) {
    if !admit(thread, lock, Taking(at: site)) { refuse(lock, site) }
  }

  @usableFromInline @inline(never)
  package static func contend(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ site: lg_site
  ) {
    // Where a handler interrupted the holder, this wait would not end.
    if lg_load(lg_word(lock)) & LG_OWNER_MASK == thread.pointee.slot,
      lg_is_in_signal_handler(thread)
    {
      refuse(lock, site)
    }
    _ = wait(thread, lock, Taking(at: site), WaitPolicy())
  }

  /// Waits for a mutex and takes it.
  package static func wait(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ taking: Taking, _ policy: WaitPolicy
  ) -> LockError? {
    beginWait(thread, lock, taking)
    let error = MutexOperations.acquire(lg_word(lock), owner: thread.pointee.slot, policy)
    endWait(thread, lock, isIO: policy.isIO, error: error)
    return error
  }

  /// Whether the thread holds something with which it asked for the lock before, with no lock said
  /// to serialise it.
  package static func isKnownNesting(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ flags: TakingFlags
  ) -> Bool {
    !flags.isNested && thread.pointee.top != thread.pointee.base
      && lg_is_known(thread, lg_key(thread.pointee.key, lock.pointee.number, flags.rawValue))
  }

  @inlinable
  package static func traits(subclass: Int, nest: UInt64?) -> UInt32 {
    precondition(subclass & ~7 == 0, "a nesting level is a number from 0 to 7")
    return UInt32(subclass) << UInt32(LG_SUBCLASS_SHIFT) | (nest == nil ? 0 : LG_NESTED)
  }

  /// A recursive lock is taken again.
  package static func reenter(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ site: lg_site
  ) {
    // A handler that interrupted the owner would get in.
    if !lg_is_known_site(thread, site.file, site.line, site.column) {
      if lg_is_in_signal_handler(thread) { refuse(lock, site) }
      lg_thread_remember_site(thread, site.file, site.line, site.column)
    }
    guard let held = lg_find(thread, lock) else { return }
    lg_held_set_reentries(held, held.pointee.reentries + 1)
    guard thread.pointee.pace != LG_FAST, thread.pointee.pace != LG_OFF else { return }
    state?.trace?.write(.acquire, thread, lock, Taking(held.pointee.traits, at: site))
  }
}
