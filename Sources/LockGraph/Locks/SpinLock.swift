public import CLockGraph

/// A mutual exclusion whose waiters do not sleep, for a few instructions at a time, that validates
/// the order in which it is taken.
///
/// Nothing that may sleep may be taken under it: that is reported as `invalid-wait-context`.
///
/// Thread-safe. Not recursive. Not for signal handlers, and not to be held across an `await`.
public final class SpinLock: ValidatedLockProtocol, @unchecked Sendable {
  @usableFromInline let header: LockHeader

  /// - Parameters:
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: locks of one class may nest in strictly rising rank.
  public init(
    name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    header = LockHeader(
      kind: LG_KIND_SPIN, name: name, lockClass: lockClass, rank: rank, file: file, line: line,
      column: column)
  }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  /// Waits for the lock and takes it.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    let owner = LockRuntime.spin(_header, lg_site(file: file, line: line, column: column))
    LockRuntime.noteTask(of: owner, _header)
  }

  /// The same at a nesting level of the class, or under a lock that serialises the class.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    _ = LockRuntime.spin(
      _header, subclass: subclass, nest: outer?.number,
      lg_site(file: file, line: line, column: column))
  }

  /// Takes the lock if it is free.
  @available(*, noasync, message: "A task may go on in another thread")
  public func tryLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    LockRuntime.tryLock(_header, lg_site(file: file, line: line, column: column)) != nil
  }

  /// Gives the lock up.
  @available(*, noasync, message: "A task may go on in another thread")
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    #if Validation
      if let thread = lg_current(), lg_pop(thread, header.address) {
        if !lg_release(header.address, thread.pointee.slot) {
          LockRuntime.releaseSlowly(header.address, thread.pointee.slot)
        }
        return
      }
    #endif
    LockRuntime.unlockSlowly(_header, lg_site(file: file, line: line, column: column))
  }

  /// Runs a closure with the lock.
  @inlinable
  public func withLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let owner = LockRuntime.spin(_header, lg_site(file: file, line: line, column: column))
    defer { LockRuntime.unlock(_header, owner) }
    return try body()
  }
}

extension LockRuntime {
  /// Takes it with nothing said about it.
  @usableFromInline
  static func spin(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) -> Owner {
    #if Validation
      let thread = lg_current() ?? requiredThread
      let key = lg_key(thread.pointee.key, lock.pointee.number, 0)
      guard lg_may_pass(thread, key, site.file, site.line, site.column),
        lg_acquire(lock, thread.pointee.slot)
      else { return spin(lock, subclass: 0, nest: nil, site) }
      if !lg_push(thread, lock, 0, key, site.file, site.line, site.column) {
        push(thread, lock, traits: 0, site: site)
      }
      return thread
    #else
      return spin(lock, subclass: 0, nest: nil, site)
    #endif
  }

  static func spin(
    _ lock: UnsafeMutablePointer<lg_lock>, subclass: Int, nest: UInt64?, _ site: lg_site
  ) -> Owner {
    #if Validation
      let thread = requiredThread
      let traits = traits(subclass: subclass, nest: nest)
      let taking = Taking(traits, nest: nest, at: site)
      let key = lg_key(thread.pointee.key, lock.pointee.number, traits)
      if nest != nil || !lg_may_pass(thread, key, site.file, site.line, site.column) {
        guard admit(thread, lock, taking) else {
          refuse(lock, site)
        }
      }
      if !lg_acquire(lock, thread.pointee.slot) {
        beginWait(thread, lock, taking)
        MutexOperations.spin(lg_word(lock), owner: thread.pointee.slot)
        endWait(thread, lock, isIO: false, error: nil)
      }
      push(thread, lock, taking)
      return thread
    #else
      if !lg_acquire(lock, LG_SOMEBODY) {
        MutexOperations.spin(lg_word(lock), owner: LG_SOMEBODY)
      }
      return Owner()
    #endif
  }
}
