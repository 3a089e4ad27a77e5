import CLockGraph

/// A counting semaphore for which tasks wait without a thread.
///
/// One that is made with the value 1 and given back by the task that took it is a lock of tasks,
/// and takes part in the order as `AsyncMutex` does. Once somebody signals it who did not take it,
/// it is a signal and takes part no longer; so do those made with other values.
///
/// Thread-safe. First come first served.
public final class AsyncSemaphore: ValidatedLockProtocol, @unchecked Sendable {
  private let header: LockHeader
  private let queue: TaskQueue

  /// - Parameters:
  ///   - value: how many waits pass before the first signal; not negative.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  ///   - rank: semaphores of one class may nest in strictly rising rank.
  public init(
    value: Int, name: String? = nil, lockClass: LockClass? = nil, rank: Int? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    precondition(value >= 0, "a semaphore's value is not negative")
    header = LockHeader(
      kind: LG_KIND_SEMAPHORE, name: name, lockClass: lockClass, rank: rank,
      isOrdered: value == 1, file: file, line: line, column: column)
    queue = TaskQueue(permits: value)
  }

  /// How many tasks wait.
  var waitingCount: Int { queue.waitingCount }

  /// The lock's words; for this package only.
  public var _header: UnsafeMutablePointer<lg_lock> { header.address }

  /// Waits until the value is above zero, and lowers it. That the task is cancelled does not end
  /// the wait.
  public func wait(
    isolation: isolated (any Actor)? = #isolation, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) async {
    _ = await TaskLock(header.address, queue).take(
      isolation: isolation, unlessCancelled: false,
      lg_site(file: file, line: line, column: column))
  }

  /// The same, unless the task is cancelled while it waits.
  ///
  /// - Throws: `CancellationError`.
  public func waitUnlessCancelled(
    isolation: isolated (any Actor)? = #isolation, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) async throws(CancellationError) {
    let isTaken = await TaskLock(header.address, queue).take(
      isolation: isolation, unlessCancelled: true,
      lg_site(file: file, line: line, column: column))
    guard isTaken else { throw CancellationError() }
  }

  /// Lowers the value if it is above zero.
  public func tryWait(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    TaskLock(header.address, queue).tryTake(lg_site(file: file, line: line, column: column))
  }

  /// Raises the value, or lets the first task that waits go on. Anybody may do that.
  public func signal() { TaskLock(header.address, queue).giveUp() }
}
