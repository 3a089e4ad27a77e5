public import CLockGraph

/// A counting semaphore.
///
/// One that is made with the value 1 and given back by who took it is a lock, and takes part in the
/// order. Once somebody signals it who did not take it, it is a signal and takes part no longer; so
/// do those made with other values.
///
/// Thread-safe; `signal()` is O(1).
public final class Semaphore: ValidatedLockProtocol, @unchecked Sendable {
  private let header: WideLockHeader

  /// - Parameters:
  ///   - value: how many waits pass before the first signal; not negative.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: semaphores of one class may nest in strictly rising rank.
  public init(
    value: Int, name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    precondition(value >= 0 && value <= Int(Int32.max), "a semaphore's value is not negative")
    header = WideLockHeader(
      kind: LG_KIND_SEMAPHORE, name: name, lockClass: lockClass, rank: rank,
      isOrdered: value == 1, word: UInt32(value), file: file, line: line, column: column)
  }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  /// Waits until the value is above zero, and lowers it.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    try! LockRuntime.wait(
      header.wide, WaitPolicy(), lg_site(file: file, line: line, column: column))
  }

  /// The same, at a nesting level of its class, or under a lock that serialises all of its class.
  ///
  /// - Parameters:
  ///   - subclass: the level, from 0 to 7.
  ///   - outer: a lock that is held and lets one thread at a time wait for several semaphores of
  ///     this class.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    try! LockRuntime.wait(
      header.wide, subclass: subclass, nest: outer?.number, WaitPolicy(),
      lg_site(file: file, line: line, column: column))
  }

  /// Lowers the value if it is above zero.
  @available(*, noasync, message: "A task may go on in another thread")
  public func tryWait(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    LockRuntime.tryWait(header.wide, lg_site(file: file, line: line, column: column))
  }

  /// Waits until a signal handler runs or the task is cancelled.
  ///
  /// - Throws: `LockError.interrupted`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func waitInterruptibly(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.wait(
      header.wide, .interruptible, lg_site(file: file, line: line, column: column))
  }

  /// Waits until the program is asked to end; see `TerminationRequests`.
  ///
  /// - Throws: `LockError.killed`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func waitKillable(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.wait(
      header.wide, .killable, lg_site(file: file, line: line, column: column))
  }

  /// Waits for so long.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    try LockRuntime.wait(
      header.wide, .timeout(timeout), lg_site(file: file, line: line, column: column))
  }

  /// Raises the value and lets a waiting thread go on. Any thread may do that.
  public func signal(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    LockRuntime.signal(header.wide, lg_site(file: file, line: line, column: column))
  }
}

/// What a semaphore is made of: its value, and how many threads wait for it to rise from zero.
enum SemaphoreOperations {
  static func tryWait(_ lock: UnsafeMutablePointer<lg_wide_lock>) -> Bool {
    let word = lg_wide_word(lock)!
    while true {
      let value = lg_load(word)
      guard value > 0 else { return false }
      if lg_replace(word, value, value - 1) { return true }
    }
  }

  static func wait(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, _ policy: WaitPolicy
  ) -> LockError? {
    if tryWait(lock) { return nil }
    let waiters = lg_wide_waiters(lock)!
    _ = lg_add(waiters, 1)
    defer { _ = lg_add(waiters, .max) }
    var waiting = Waiting(policy)
    // Who was woken tries before it may give up, so what was signalled is not lost.
    while !tryWait(lock) {
      if let error = waiting.sleep(on: lg_wide_word(lock), while: 0) { return error }
    }
    return nil
  }

  static func signal(_ lock: UnsafeMutablePointer<lg_wide_lock>) {
    _ = lg_add(lg_wide_word(lock), 1)
    if lg_load(lg_wide_waiters(lock)) > 0 { lg_wake(lg_wide_word(lock), 1) }
  }
}

extension LockRuntime {
  static func wait(
    _ lock: UnsafeMutablePointer<lg_wide_lock>, subclass: Int = 0, nest: UInt64? = nil,
    _ policy: WaitPolicy, _ site: lg_site
  ) throws(LockError) {
    #if Validation
      let base = lg_wide_base(lock)!
      let thread = lg_current() ?? requiredThread
      let traits = traits(subclass: subclass, nest: nest) | policy.endings
      let taking = Taking(traits, nest: nest, at: site)
      let isLock = lg_lock_class(base) & (LG_UNORDERED | LG_SIGNALLED) == 0
      let key = lg_key(thread.pointee.key, base.pointee.number, traits)
      if isLock {
        if nest != nil || !lg_may_pass(thread, key, site.file, site.line, site.column) {
          guard admit(thread, base, taking) else {
            if policy.endings != 0 { throw .inSignalHandler }
            refuse(base, site)
          }
        }
      }
      if !SemaphoreOperations.tryWait(lock) {
        if isLock { beginWait(thread, base, taking) }
        let error = SemaphoreOperations.wait(lock, policy)
        if isLock { endWait(thread, base, isIO: policy.isIO, error: error) }
        if let error { throw error }
      }
      if isLock, lg_lock_class(base) & LG_SIGNALLED == 0,
        nest != nil || !lg_push(thread, base, traits, key, site.file, site.line, site.column)
      {
        push(thread, base, taking)
      }
    #else
      if let error = SemaphoreOperations.wait(lock, policy) { throw error }
    #endif
  }

  static func tryWait(_ lock: UnsafeMutablePointer<lg_wide_lock>, _ site: lg_site) -> Bool {
    guard SemaphoreOperations.tryWait(lock) else { return false }
    #if Validation
      let base = lg_wide_base(lock)!
      if lg_lock_class(base) & (LG_UNORDERED | LG_SIGNALLED) == 0 {
        push(requiredThread, base, traits: LG_TRY, site: site)
      }
    #endif
    return true
  }

  static func signal(_ lock: UnsafeMutablePointer<lg_wide_lock>, _ site: lg_site) {
    #if Validation
      let base = lg_wide_base(lock)!
      if lg_lock_class(base) & LG_UNORDERED == 0, let thread = lg_current() ?? currentThread {
        if lg_pop(thread, base) {
          // The last one taken, as in most programs.
        } else if lg_find(thread, base) != nil {
          _ = pop(thread, base, site: site)
        } else {
          signalledByOther(thread, base, site)
        }
      }
    #endif
    SemaphoreOperations.signal(lock)
  }
}
