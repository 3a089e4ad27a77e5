import CLockGraph

/// A mutual exclusion of tasks that protects a value, which may be held across an `await`, and
/// validates the order in which it is taken.
///
/// ```swift
/// let connection = AsyncMutex(Connection(), name: "Pool.connection")
/// let rows = try await connection.withLock { try await $0.query("…") }
/// ```
///
/// Who waits for it is suspended: no thread waits. First come first served.
///
/// In the order of locks the task is what the thread is for others: what it asks for while it has
/// the mutex is a nesting, whichever thread it runs on, and tasks that wait for each other in a
/// circle are told of as a deadlock. A task that waits for it while its thread holds a lock of
/// another kind is told of as `held-across-suspension`. Child tasks hold nothing of their parents'.
///
/// Thread-safe. Not recursive: a task that takes it again is reported, and then waits for ever.
public final class AsyncMutex<Value>: ValidatedLockProtocol, @unchecked Sendable {
  private let header: LockHeader
  private let queue = TaskQueue(permits: 1)
  /// Reached by the task that has the mutex alone.
  private var value: Value

  /// - Parameters:
  ///   - value: what it protects.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: mutexes of one class may nest in strictly rising rank.
  public init(
    _ value: sending Value, name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    header = LockHeader(
      kind: LG_KIND_MUTEX, name: name, lockClass: lockClass, rank: rank, file: file, line: line,
      column: column)
    self.value = value
  }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  /// Waits until no other task has the mutex, and runs a closure with the value.
  ///
  /// That the task is cancelled does not end the wait.
  ///
  /// - Parameter isolation: the actor on which the closure runs, that of the caller.
  public func withLock<Result, Failure: Error>(
    isolation: isolated (any Actor)? = #isolation, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) async throws(Failure) -> sending Result
  ) async throws(Failure) -> sending Result {
    let site = lg_site(file: file, line: line, column: column)
    _ = await TaskLock(header.address, queue).take(
      isolation: isolation, unlessCancelled: false, site)
    defer { TaskLock(header.address, queue).giveUp() }
    return try await body(&value)
  }

  /// Like `withLock`, unless the task is cancelled while it waits.
  ///
  /// - Throws: `CancellationError`, or what the closure throws.
  public func withLockUnlessCancelled<Result>(
    isolation: isolated (any Actor)? = #isolation, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) async throws -> sending Result
  ) async throws -> sending Result {
    let site = lg_site(file: file, line: line, column: column)
    guard
      await TaskLock(header.address, queue).take(isolation: isolation, unlessCancelled: true, site)
    else { throw CancellationError() }
    defer { TaskLock(header.address, queue).giveUp() }
    return try await body(&value)
  }

  /// Runs a closure with the value if no task has the mutex, and returns `nil` if one has. That
  /// waits for nothing, so it makes no order.
  public func withLockIfAvailable<Result, Failure: Error>(
    isolation: isolated (any Actor)? = #isolation, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout sending Value) async throws(Failure) -> sending Result
  ) async throws(Failure) -> sending Result? {
    let site = lg_site(file: file, line: line, column: column)
    guard TaskLock(header.address, queue).tryTake(site) else { return nil }
    defer { TaskLock(header.address, queue).giveUp() }
    return try await body(&value)
  }
}
