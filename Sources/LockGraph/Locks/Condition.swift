import CLockGraph
import Synchronization

/// A condition that threads wait for while they give up a lock.
///
/// ```swift
/// lock.withLock {
///   while queue.isEmpty { notEmpty.wait(lock) }
///   …
/// }
/// ```
///
/// The lock is taken again at the end of a wait, in the order of whatever else the thread holds;
/// and that it holds something else meanwhile is reported as a note. A wait can end without a
/// signal, so ask again.
///
/// Thread-safe; signals are O(1).
public final class Condition: @unchecked Sendable {
  private let sequence = _Cell<UInt32>(0)
  private let waiters = _Cell<UInt32>(0)
  private let number = lg_next_number()

  /// A condition that nobody waits for.
  public init() {}

  /// Gives up the lock, waits for a signal, and takes the lock again.
  ///
  /// - Parameter lock: a lock that the thread has.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    _ lock: ValidatedLock, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    _ = wait(lock._header, WaitPolicy(), lg_site(file: file, line: line, column: column))
  }

  /// The same, for so long. The lock is taken again however it ends.
  ///
  /// - Throws: `LockError.timedOut`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    _ lock: ValidatedLock, timeout: Duration, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    let site = lg_site(file: file, line: line, column: column)
    if let error = wait(lock._header, .timeout(timeout), site) { throw error }
  }

  /// The same, until a signal handler runs or the task is cancelled. The lock is taken again
  /// however it ends.
  ///
  /// - Throws: `LockError.interrupted`.
  @available(*, noasync, message: "A task may go on in another thread")
  public func waitInterruptibly(
    _ lock: ValidatedLock, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) throws(LockError) {
    let site = lg_site(file: file, line: line, column: column)
    if let error = wait(lock._header, .interruptible, site) { throw error }
  }

  /// Lets one waiting thread go on.
  public func signal() { wake(1) }

  /// Lets all waiting threads go on.
  public func broadcast() { wake(.max) }

  private func wake(_ count: Int32) {
    _ = lg_add(sequence._address, 1)
    if lg_load(waiters._address) > 0 { lg_wake(sequence._address, count) }
  }

  func wait(
    _ lock: UnsafeMutablePointer<lg_lock>, _ policy: WaitPolicy, _ site: lg_site
  ) -> LockError? {
    let before = lg_load(sequence._address)
    _ = lg_add(waiters._address, 1)
    defer { _ = lg_add(waiters._address, .max) }
    #if Validation
      let traits = LockRuntime.beginConditionWait(lock, number, site)
    #endif
    MutexOperations.release(lg_word(lock))
    var waiting = Waiting(policy)
    var error: LockError?
    while error == nil, lg_load(sequence._address) == before {
      error = waiting.sleep(on: sequence._address, while: before)
    }
    #if Validation
      LockRuntime.endConditionWait(lock, number, traits, site)
    #else
      _ = LockRuntime.lock(lock, site)
    #endif
    return error
  }
}

extension ValidatedMutex where Value: ~Copyable {
  /// Waits until the value is as wanted, and runs a closure with it.
  ///
  /// - Parameters:
  ///   - condition: who makes the value so signals it.
  ///   - isReady: asked under the lock, at first and after each signal.
  public borrowing func withLock<Result: ~Copyable, Failure: Error>(
    waitingFor condition: Condition, until isReady: (borrowing Value) -> Bool,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    let site = lg_site(file: file, line: line, column: column)
    let owner: LockRuntime.Owner = LockRuntime.lock(header.address, site)
    defer { LockRuntime.unlock(header.address, owner) }
    while !isReady(pointer.pointee) {
      _ = condition.wait(header.address, WaitPolicy(), site)
    }
    let pointer = pointer
    return try body(&pointer.pointee)
  }
}
