public import CLockGraph

/// A mutual exclusion with `lock()` and `unlock()`, for code that uses `NSLock` or `NIOLock`, that
/// validates the order in which it is taken.
///
/// Thread-safe. Not recursive. The thread that took it gives it up; another one that does is
/// reported. Not for signal handlers, and not to be held across an `await`: the task may go on in
/// another thread.
public final class ValidatedLock: ValidatedLockProtocol, @unchecked Sendable {
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
      kind: LG_KIND_MUTEX, name: name, lockClass: lockClass, rank: rank, file: file, line: line,
      column: column)
  }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  /// Waits for the lock and takes it.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  @inlinable
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    let owner: LockRuntime.Owner = LockRuntime.lock(
      header.address, lg_site(file: file, line: line, column: column))
    LockRuntime.noteTask(of: owner, header.address)
  }

  /// Gives the lock up.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  @inlinable
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
    #else
      if lg_release(header.address, LG_SOMEBODY) { return }
    #endif
    LockRuntime.unlockSlowly(
      header.address, lg_site(file: file, line: line, column: column))
  }

  /// Takes the lock if it is free. That waits for nothing, so it makes no order.
  @available(*, noasync, message: "Use withLockIfAvailable: a task may go on in another thread")
  @inlinable
  public func tryLock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    guard
      let owner = LockRuntime.tryLock(
        header.address, lg_site(file: file, line: line, column: column))
    else { return false }
    LockRuntime.noteTask(of: owner, header.address)
    return true
  }

  /// `tryLock()`, as `NSLock` calls it.
  @available(*, noasync, message: "Use withLockIfAvailable: a task may go on in another thread")
  @inlinable
  public func `try`(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    tryLock(file: file, line: line, column: column)
  }

  /// Takes the lock at a nesting level of its class, or under a lock that serialises the class.
  ///
  /// - Parameters:
  ///   - subclass: the nesting level, from 0 to 7; each is a class of its own.
  ///   - outer: a lock that is held, under which all nestings of the class happen.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    _ = LockRuntime.lockAnnotated(
      header.address, subclass: subclass, nest: outer?.number,
      lg_site(file: file, line: line, column: column))
  }

  /// Takes the lock under one that serialises all nestings of its class.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock(
    nestedUnder outer: LockIdentity, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    lock(subclass: 0, nestedUnder: outer, file: file, line: line, column: column)
  }

  /// Waits for the lock until a signal handler runs or the task is cancelled.
  ///
  /// - Throws: `LockError.interrupted`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lockInterruptibly(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    _ = try LockRuntime.lock(
      header.address, .interruptible, lg_site(file: file, line: line, column: column))
  }

  /// Waits for the lock until the program is asked to end; see `TerminationRequests`.
  ///
  /// - Throws: `LockError.killed`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lockKillable(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) throws(LockError) {
    _ = try LockRuntime.lock(
      header.address, .killable, lg_site(file: file, line: line, column: column))
  }

  /// Waits for the lock for so long.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    _ = try LockRuntime.lock(
      header.address, .timeout(timeout), lg_site(file: file, line: line, column: column))
  }

  /// Waits for the lock until then.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    until instant: ContinuousClock.Instant, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    _ = try LockRuntime.lock(
      header.address, .until(instant), lg_site(file: file, line: line, column: column))
  }

  /// Waits for the lock and takes it; the wait counts as waiting for input or output in the
  /// statistics.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lockIO(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    _ = LockRuntime.lockForIO(header.address, lg_site(file: file, line: line, column: column))
  }

  /// Runs a closure with the lock.
  @inlinable
  public func withLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let owner: LockRuntime.Owner = LockRuntime.lock(
      header.address, lg_site(file: file, line: line, column: column))
    defer { LockRuntime.unlock(header.address, owner) }
    return try body()
  }

  /// `withLock` for closures without a result, as `NIOLock` has it.
  @inlinable
  public func withLockVoid<Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Void
  ) throws(Failure) {
    try withLock(file: file, line: line, column: column, body)
  }

  /// Runs a closure with the lock if it is free, and returns `nil` if it is not.
  @inlinable
  public func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result? {
    guard
      let owner = LockRuntime.tryLock(
        header.address, lg_site(file: file, line: line, column: column))
    else { return nil }
    defer { LockRuntime.unlock(header.address, owner) }
    return try body()
  }
}
