import CLockGraph

// Taking and giving up locks that readers share.
extension LockRuntime {
  /// Takes it with nothing said about it, however long that takes.
  @usableFromInline
  static func take(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ mode: LockMode, _ site: lg_site
  ) {
    #if Validation
      let base = lg_wide_base(lock)!
      let thread = lg_current() ?? requiredThread
      let traits = UInt32(mode.rawValue)
      let key = lg_key(thread.pointee.key, base.pointee.number, traits)
      if !lg_may_pass(thread, key, site.file, site.line, site.column),
        !admit(thread, base, Taking(traits, at: site))
      {
        refuse(base, site)
      }
      if !tryWord(lock, mode, owner: thread.pointee.slot) {
        contend(thread, lock, mode, site)
      }
      if !lg_push(thread, base, traits, key, site.file, site.line, site.column) {
        push(thread, base, traits: traits, site: site)
      }
    #else
      _ = waitForWord(lock, mode, owner: LG_SOMEBODY, WaitPolicy())
    #endif
  }

  #if Validation
    @inline(never)
    private static func contend(
      _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_wide_lock>,
      _ mode: LockMode, _ site: lg_site
    ) {
      let base = lg_wide_base(lock)!
      beginWait(thread, base, Taking(UInt32(mode.rawValue), at: site))
      _ = waitForWord(lock, mode, owner: thread.pointee.slot, WaitPolicy())
      endWait(thread, base, isIO: false, error: nil)
    }
  #endif

  /// - Throws: why it was not taken. Its order was validated and recorded then too.
  static func take(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ mode: LockMode, subclass: Int = 0,
    nest: UInt64? = nil, _ policy: WaitPolicy, _ site: lg_site
  ) throws(LockError) {
    #if Validation
      let base = lg_wide_base(lock)!
      let thread = requiredThread
      let traits =
        UInt32(mode.rawValue) | traits(subclass: subclass, nest: nest) | policy.endings
      let taking = Taking(traits, nest: nest, at: site)
      let key = lg_key(thread.pointee.key, base.pointee.number, traits)
      if nest != nil || !lg_may_pass(thread, key, site.file, site.line, site.column) {
        guard admit(thread, base, taking) else {
          if policy.endings != 0 { throw .inSignalHandler }
          refuse(base, site)
        }
      }
      if !tryWord(lock, mode, owner: thread.pointee.slot) {
        beginWait(thread, base, taking)
        let error = waitForWord(lock, mode, owner: thread.pointee.slot, policy)
        endWait(thread, base, isIO: policy.isIO, error: error)
        if let error { throw error }
      }
      push(thread, base, taking)
    #else
      if let error = waitForWord(lock, mode, owner: LG_SOMEBODY, policy) { throw error }
    #endif
  }

  /// Takes it however long that takes.
  static func takeForSure(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ mode: LockMode, subclass: Int, nest: UInt64?,
    _ site: lg_site
  ) {
    try! take(lock, mode, subclass: subclass, nest: nest, WaitPolicy(), site)
  }

  static func tryTake(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ mode: LockMode, _ site: lg_site
  ) -> Bool {
    #if Validation
      let thread = requiredThread
      guard tryWord(lock, mode, owner: thread.pointee.slot) else { return false }
      push(thread, lg_wide_base(lock), traits: UInt32(mode.rawValue) | LG_TRY, site: site)
      return true
    #else
      return tryWord(lock, mode, owner: LG_SOMEBODY)
    #endif
  }

  @inline(__always)
  private static func tryWord(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ mode: LockMode, owner: UInt32
  ) -> Bool {
    mode == .write
      ? ReadWriteOperations.tryWrite(lock, owner: owner)
      : ReadWriteOperations.tryRead(lock, passesWaitingWriters: mode == .recursiveRead)
  }

  private static func waitForWord(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ mode: LockMode, owner: UInt32,
    _ policy: WaitPolicy
  ) -> LockError? {
    mode == .write
      ? ReadWriteOperations.write(lock, owner: owner, policy)
      : ReadWriteOperations.read(lock, passesWaitingWriters: mode == .recursiveRead, policy)
  }

  @usableFromInline
  static func giveUp(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ site: lg_site
  ) {
    #if Validation
      let thread = lg_current() ?? requiredThread
      let base = lg_wide_base(lock)!
      let isHeld = lg_pop(thread, base) || pop(thread, base, site: site)
      let word = lg_load(lg_wide_word(lock))
      let isWriter = word & ReadWriteOperations.writer != 0
      if !isHeld || isWriter && word & ReadWriteOperations.readers != thread.pointee.slot {
        takeAway(base)
      }
    #endif
    // The word says how it is held: what is given up in the wrong way must not let others in, or
    // keep them out. Whoever has it loses it, and what nobody has stays free.
    if lg_load(lg_wide_word(lock)) & ReadWriteOperations.writer != 0 {
      ReadWriteOperations.releaseWrite(lock)
    } else {
      ReadWriteOperations.releaseRead(lock)
    }
  }

  static func downgrade(_ lock: UnsafeMutablePointer<lg_wide_lock>, _ site: lg_site) {
    #if Validation
      downgradeHold(lg_wide_base(lock), site)
    #endif
    guard lg_load(lg_wide_word(lock)) & ReadWriteOperations.writer != 0 else { return }
    ReadWriteOperations.downgrade(lock)
  }
}
