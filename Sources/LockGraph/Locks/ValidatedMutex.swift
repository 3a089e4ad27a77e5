public import CLockGraph
public import Synchronization

/// A mutual exclusion that protects a value, like `Synchronization.Mutex`, and validates the order
/// in which it is taken.
///
/// ```swift
/// let accounts = ValidatedMutex<[Int: Account]>([:])
/// accounts.withLock { $0[number] = account }
/// ```
///
/// Every nesting of locks that a thread shows for the first time is held against all orders that
/// any thread has shown before; what can deadlock is reported at once, before the thread waits. A
/// nesting that was seen costs a look-up in a table of the thread's own.
///
/// Like `Mutex` it stays where it is: in a `var` it is an error, since another one could be
/// assigned.
///
/// Thread-safe. Not recursive: taking it again in the same thread is reported, and then waits for
/// ever. Not for signal handlers. Taking it while it is free is O(1).
@_staticExclusiveOnly
public struct ValidatedMutex<Value: ~Copyable>: ~Copyable {
  @usableFromInline let header: LockHeader
  @usableFromInline let value: _Cell<Value>

  /// - Parameters:
  ///   - value: what it protects.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: locks of one class may nest in strictly rising rank.
  @inlinable
  public init(
    _ value: consuming sending Value, name: String? = nil, lockClass: LockClass? = nil,
    rank: Int? = nil, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    header = LockHeader(
      kind: LG_KIND_MUTEX, name: name, lockClass: lockClass, rank: rank, file: file, line: line,
      column: column)
    self.value = _Cell(value)
  }
}

// The value is reached by the thread that has the lock alone.
extension ValidatedMutex: @unchecked Sendable where Value: ~Copyable {}

extension ValidatedMutex: ValidatedLockProtocol where Value: ~Copyable {
  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }
}

extension ValidatedMutex where Value: ~Copyable {
  /// The value, which stays where it is as long as the mutex lives.
  @inlinable var pointer: UnsafeMutablePointer<Value> {
    lg_same(UnsafeMutableRawPointer(value._address)).assumingMemoryBound(to: Value.self)
  }

  /// Runs a closure with the value while no other thread can.
  @inlinable
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    let owner: LockRuntime.Owner = LockRuntime.lock(
      header.address, lg_site(file: file, line: line, column: column))
    defer { LockRuntime.unlock(header.address, owner) }
    let pointer = pointer
    return try body(&pointer.pointee)
  }

  /// Runs a closure with the value if the lock is free, and returns `nil` if it is not. That waits
  /// for nothing, so it makes no order.
  @inlinable
  public borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result? {
    guard
      let owner = LockRuntime.tryLock(
        header.address, lg_site(file: file, line: line, column: column))
    else { return nil }
    defer { LockRuntime.unlock(header.address, owner) }
    let pointer = pointer
    return try body(&pointer.pointee)
  }

  /// Runs a closure with the value, at a nesting level of the class, or under a lock that
  /// serialises the class.
  ///
  /// - Parameters:
  ///   - subclass: the nesting level, from 0 to 7; each is a class of its own.
  ///   - outer: a lock that is held, under which all nestings of the class happen.
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    subclass: Int, nestedUnder outer: LockIdentity? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    let owner = LockRuntime.lockAnnotated(
      header.address, subclass: subclass, nest: outer?.number,
      lg_site(file: file, line: line, column: column))
    defer { LockRuntime.unlock(header.address, owner) }
    let pointer = pointer
    return try body(&pointer.pointee)
  }

  /// Runs a closure with the value, under a lock that serialises all nestings of the class.
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    nestedUnder outer: LockIdentity, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column, _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    try withLock(
      subclass: 0, nestedUnder: outer, file: file, line: line, column: column, body)
  }

  /// Like `withLock`, unless a signal handler runs while the thread waits, or its task is
  /// cancelled.
  ///
  /// - Throws: `LockError.interrupted`, or what the closure throws.
  public borrowing func withLockInterruptibly<Result: ~Copyable>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws -> sending Result
  ) throws -> sending Result {
    try withLock(.interruptible, lg_site(file: file, line: line, column: column), body)
  }

  /// Like `withLock`, unless the program is asked to end while the thread waits; see
  /// `TerminationRequests`.
  ///
  /// - Throws: `LockError.killed`, or what the closure throws.
  public borrowing func withLockKillable<Result: ~Copyable>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws -> sending Result
  ) throws -> sending Result {
    try withLock(.killable, lg_site(file: file, line: line, column: column), body)
  }

  /// Like `withLock`, unless the thread would wait for longer than that.
  ///
  /// - Throws: `LockError.timedOut`, or what the closure throws.
  public borrowing func withLock<Result: ~Copyable>(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column, _ body: (inout sending Value) throws -> sending Result
  ) throws -> sending Result {
    try withLock(.timeout(timeout), lg_site(file: file, line: line, column: column), body)
  }

  /// Like `withLock`, unless the thread would wait beyond that instant.
  ///
  /// - Throws: `LockError.timedOut`, or what the closure throws.
  public borrowing func withLock<Result: ~Copyable>(
    until instant: ContinuousClock.Instant, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column, _ body: (inout sending Value) throws -> sending Result
  ) throws -> sending Result {
    try withLock(.until(instant), lg_site(file: file, line: line, column: column), body)
  }

  /// Like `withLock`; a wait counts as waiting for input or output in the statistics.
  public borrowing func withLockIO<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    let owner = LockRuntime.lockForIO(
      header.address, lg_site(file: file, line: line, column: column))
    defer { LockRuntime.unlock(header.address, owner) }
    let pointer = pointer
    return try body(&pointer.pointee)
  }

  private borrowing func withLock<Result: ~Copyable>(
    _ policy: WaitPolicy, _ site: lg_site,
    _ body: (inout sending Value) throws -> sending Result
  ) throws -> sending Result {
    let owner = try LockRuntime.lock(header.address, policy, site)
    defer { LockRuntime.unlock(header.address, owner) }
    let pointer = pointer
    return try body(&pointer.pointee)
  }
}
