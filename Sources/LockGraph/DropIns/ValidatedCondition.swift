/// A condition with the lock that belongs to it, in one object. For code that uses `NSCondition`.
///
/// ```swift
/// condition.lock()
/// while queue.isEmpty { condition.wait() }
/// …
/// condition.unlock()
/// ```
///
/// Thread-safe. Not recursive, and not to be held across an `await`. `LockGraphFoundation` has
/// `wait(until:)` for a `Date`, and `NSLocking`.
public final class ValidatedCondition: Sendable {
  /// The lock that waits give up meanwhile.
  public let mutex: ValidatedLock
  private let condition = Condition()

  /// - Parameters:
  ///   - name: the name of the lock's class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: locks of one class may nest in strictly rising rank.
  public init(
    name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    mutex = ValidatedLock(
      name: name, lockClass: lockClass, rank: rank, file: file, line: line, column: column)
  }

  /// Waits for the lock and takes it.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  @inlinable
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    mutex.lock(file: file, line: line, column: column)
  }

  /// Gives the lock up.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  @inlinable
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    mutex.unlock(file: file, line: line, column: column)
  }

  /// Runs a closure with the lock.
  @inlinable
  public func withLock<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try mutex.withLock(file: file, line: line, column: column, body)
  }

  /// Gives up the lock, waits for a signal, and takes the lock again. A wait can end without one.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    condition.wait(mutex, file: file, line: line, column: column)
  }

  /// The same, for so long. The lock is taken again however it ends.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    try condition.wait(mutex, timeout: timeout, file: file, line: line, column: column)
  }

  /// Lets one waiting thread go on.
  public func signal() { condition.signal() }

  /// Lets all waiting threads go on.
  public func broadcast() { condition.broadcast() }
}
