import CLockGraph

// Taking and giving up locks that one thread has at a time.
extension LockRuntime {
  /// What `unlock` wants to have of `lock`.
  #if Validation
    @usableFromInline typealias Owner = UnsafeMutablePointer<lg_thread>
  #else
    @usableFromInline
    struct Owner {
      @inlinable init() {}
    }
  #endif

  /// Takes a mutex with nothing said about it: the way of `lock()` and `withLock`.
  @inlinable @inline(__always)
  static func lock(_ lock: UnsafeMutablePointer<lg_lock>, _ site: @autoclosure () -> lg_site)
    -> Owner
  {
    #if Validation
      let site = site()
      let thread: UnsafeMutablePointer<lg_thread>
      if let current = lg_current() { thread = current } else { thread = requiredThread }
      let key = lg_key(thread.pointee.key, lock.pointee.number, 0)
      if !lg_may_pass(thread, key, site.file, site.line, site.column) {
        admitOrRefuse(thread, lock, site)
      }
      if !lg_acquire(lock, thread.pointee.slot) { contend(thread, lock, site) }
      if !lg_push(thread, lock, 0, key, site.file, site.line, site.column) {
        push(thread, lock, traits: 0, site: site)
      }
      return thread
    #else
      if !lg_acquire(lock, LG_SOMEBODY) { waitBare(lock) }
      return Owner()
    #endif
  }

  /// Gives up a mutex.
  @inlinable @inline(__always)
  static func unlock(_ lock: UnsafeMutablePointer<lg_lock>, _ owner: Owner) {
    #if Validation
      if !lg_pop(owner, lock) { _ = pop(owner, lock, site: nil) }
      if !lg_release(lock, owner.pointee.slot) { releaseSlowly(lock, owner.pointee.slot) }
    #else
      if !lg_release(lock, LG_SOMEBODY) { releaseSlowly(lock, LG_SOMEBODY) }
    #endif
  }

  /// A lock was taken by a call that does not give it up: if tasks run on the thread, it is kept
  /// which one that was.
  @inlinable @inline(__always)
  static func noteTask(of owner: Owner, _ lock: UnsafeMutablePointer<lg_lock>) {
    #if Validation
      if lg_runs_tasks(owner) { noteTask(owner, lock) }
    #endif
  }

  /// - Returns: `nil` if it was not taken.
  @inlinable @inline(__always)
  static func tryLock(
    _ lock: UnsafeMutablePointer<lg_lock>, _ site: @autoclosure () -> lg_site
  ) -> Owner? {
    #if Validation
      let site = site()
      let thread: UnsafeMutablePointer<lg_thread>
      if let current = lg_current() { thread = current } else { thread = requiredThread }
      guard lg_acquire(lock, thread.pointee.slot) else { return nil }
      // It waits for nothing, so there is nothing to ask; but later locks are asked for while it is
      // held.
      let key = lg_key(thread.pointee.key, lock.pointee.number, LG_TRY)
      if !lg_push(thread, lock, LG_TRY, key, site.file, site.line, site.column) {
        push(thread, lock, traits: LG_TRY, site: site)
      }
      return thread
    #else
      return lg_acquire(lock, LG_SOMEBODY) ? Owner() : nil
    #endif
  }

  #if !Validation
    @usableFromInline @inline(never)
    static func waitBare(_ lock: UnsafeMutablePointer<lg_lock>) {
      _ = MutexOperations.acquire(lg_word(lock), owner: LG_SOMEBODY, WaitPolicy())
    }
  #endif

  /// Somebody sleeps; or another thread gave the lock up, and perhaps a third one has it now, which
  /// loses it as it would lose a bare lock.
  @usableFromInline @inline(never)
  static func releaseSlowly(_ lock: UnsafeMutablePointer<lg_lock>, _ owner: UInt32) {
    #if Validation
      if lg_load(lg_word(lock)) & LG_OWNER_MASK != owner { takeAway(lock) }
    #endif
    MutexOperations.release(lg_word(lock))
  }

  /// Takes a mutex with all that can be said about it.
  ///
  /// - Throws: why it was not taken. Its order was validated and recorded then too.
  static func lock(
    _ lock: UnsafeMutablePointer<lg_lock>, subclass: Int = 0, nest: UInt64? = nil,
    _ policy: WaitPolicy, _ site: lg_site
  ) throws(LockError) -> Owner {
    #if Validation
      let thread = requiredThread
      let taking = Taking(
        traits(subclass: subclass, nest: nest) | policy.endings, nest: nest, at: site)
      guard isKnownNesting(thread, lock, taking.flags) || admit(thread, lock, taking) else {
        if policy.endings != 0 { throw .inSignalHandler }
        refuse(lock, site)
      }
      if !lg_acquire(lock, thread.pointee.slot),
        let error = wait(thread, lock, taking, policy)
      {
        throw error
      }
      push(thread, lock, taking)
      noteTask(of: thread, lock)
      return thread
    #else
      if !lg_acquire(lock, LG_SOMEBODY),
        let error = MutexOperations.acquire(lg_word(lock), owner: LG_SOMEBODY, policy)
      {
        throw error
      }
      return Owner()
    #endif
  }

  /// Gives up a mutex in a place that is known: the slow way of `unlock()`.
  @usableFromInline @inline(never)
  static func unlockSlowly(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {
    #if Validation
      let thread = requiredThread
      if lg_pop(thread, lock) || pop(thread, lock, site: site) {
        releaseSlowly(lock, thread.pointee.slot)
        return
      }
      takeAway(lock)
    #endif
    // As a bare lock does: whoever has it loses it.
    MutexOperations.release(lg_word(lock))
  }
}
