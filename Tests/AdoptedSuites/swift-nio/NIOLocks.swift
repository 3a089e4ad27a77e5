// The locks of NIOConcurrencyHelpers as LockGraph's, under their names. The place of a call goes
// through to LockGraph: it is what names a class, and what reports show.
import LockGraph

/// A ``ValidatedLock`` whose class is the place of the call.
public struct NIOLock: Sendable {
  @usableFromInline let validated: ValidatedLock

  /// A lock that nobody has.
  public init(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated = ValidatedLock(file: file, line: line, column: column)
  }

  /// Waits for the lock and takes it.
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated.lock(file: file, line: line, column: column)
  }

  /// Gives the lock up.
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated.unlock(file: file, line: line, column: column)
  }

  /// Runs a closure with the lock.
  public func withLock<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws -> Result
  ) rethrows -> Result {
    try validated.withLock(file: file, line: line, column: column, body)
  }

  /// The same for closures without a result.
  public func withLockVoid(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws -> Void
  ) rethrows {
    try validated.withLock(file: file, line: line, column: column, body)
  }
}

/// The old name.
@available(*, deprecated, renamed: "NIOLock")
public typealias Lock = NIOLock

/// A value and the ``ValidatedLock`` that protects it; copies share both.
public struct NIOLockedValueBox<Value> {
  /// The lock and the value, taken apart.
  public var unsafe: Unsafe { Unsafe(content: content) }
  let content: Content

  final class Content {
    let lock: ValidatedLock
    var value: Value

    init(_ value: Value, _ lock: ValidatedLock) {
      self.lock = lock
      self.value = value
    }
  }

  /// - Parameter value: what it protects.
  public init(
    _ value: Value, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    content = Content(value, ValidatedLock(file: file, line: line, column: column))
  }

  /// Runs a closure with the value while no other thread can.
  public func withLockedValue<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout Value) throws -> Result
  ) rethrows -> Result {
    try content.lock.withLock(file: file, line: line, column: column) {
      try body(&content.value)
    }
  }

  /// A box's lock and value, for callers that know what they do.
  public struct Unsafe {
    let content: Content

    /// Waits for the lock and takes it.
    public func lock(
      file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
    ) {
      content.lock.lock(file: file, line: line, column: column)
    }

    /// Gives the lock up.
    public func unlock(
      file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
    ) {
      content.lock.unlock(file: file, line: line, column: column)
    }

    /// Runs a closure with the value of a lock that is held.
    public func withValueAssumingLockIsAcquired<Result>(
      _ body: (inout Value) throws -> Result
    ) rethrows -> Result {
      try body(&content.value)
    }
  }
}

extension NIOLockedValueBox: @unchecked Sendable where Value: Sendable {}
extension NIOLockedValueBox.Unsafe: @unchecked Sendable where Value: Sendable {}

/// A lock with a state that threads wait for: a ``ValidatedLock`` with a ``Condition``.
public final class ConditionLock<T: Equatable>: @unchecked Sendable {
  private let validated: ValidatedLock
  private let changed = Condition()
  private var state: T

  /// - Parameter value: the first state.
  public init(
    value: T, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    validated = ValidatedLock(file: file, line: line, column: column)
    state = value
  }

  /// The state; not for who has the lock.
  public var value: T { validated.withLock { state } }

  /// Takes the lock whatever the state is.
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated.lock(file: file, line: line, column: column)
  }

  /// Gives the lock up and leaves the state as it is.
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated.unlock(file: file, line: line, column: column)
  }

  /// Takes the lock once the state is as wanted.
  public func lock(
    whenValue wanted: T, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    validated.lock(file: file, line: line, column: column)
    while state != wanted {
      changed.wait(validated, file: file, line: line, column: column)
    }
  }

  /// Takes the lock once the state is as wanted, or returns `false` after so many seconds.
  public func lock(
    whenValue wanted: T, timeoutSeconds: Double, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    let end = ContinuousClock.now + .seconds(timeoutSeconds)
    validated.lock(file: file, line: line, column: column)
    while state != wanted {
      do {
        try changed.wait(
          validated, timeout: end - .now, file: file, line: line, column: column)
      } catch {
        if state == wanted { break }
        validated.unlock(file: file, line: line, column: column)
        return false
      }
    }
    return true
  }

  /// Gives the lock up with a new state.
  public func unlock(
    withValue value: T, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    state = value
    validated.unlock(file: file, line: line, column: column)
    changed.broadcast()
  }
}

/// How much work there is for the threads of a pool, which wait for some.
@usableFromInline
package struct NIOThreadPoolWorkAvailable: Sendable {
  /// Who is to be woken after a change.
  @usableFromInline
  package enum Signal: Sendable {
    case none, signalOne, broadcastAll
  }

  private final class Content: @unchecked Sendable {
    let lock = ValidatedLock(name: "NIOThreadPoolWorkAvailable")
    let changed = Condition()
    var count = 0

    func wake(_ signal: Signal) {
      switch signal {
      case .none: break
      case .signalOne: changed.signal()
      case .broadcastAll: changed.broadcast()
      }
    }
  }

  private let content = Content()

  @usableFromInline package init() {}

  /// Runs a closure with the lock, adds to the count what it says, and wakes whom it says.
  @usableFromInline
  package func withLock<Result>(
    _ body: () -> (workDelta: Int, signal: Signal, result: Result)
  ) -> Result {
    let change = content.lock.withLock {
      let change = body()
      content.count += change.workDelta
      return change
    }
    content.wake(change.signal)
    return change.result
  }

  /// The same, with the count itself instead of what is added to it.
  @usableFromInline
  package func withLockSettingWorkAvailable<Result>(
    _ body: () -> (workAvailable: Int?, signal: Signal, result: Result)
  ) -> Result {
    let change = content.lock.withLock {
      let change = body()
      if let count = change.workAvailable { content.count = count }
      return change
    }
    content.wake(change.signal)
    return change.result
  }

  /// ``withLock(_:)`` once there is work.
  @usableFromInline
  package func withLockWaitingForWork<Result>(
    _ body: () -> (workDelta: Int, signal: Signal, result: Result)
  ) -> Result {
    let change = content.lock.withLock {
      while content.count <= 0 { content.changed.wait(content.lock) }
      let change = body()
      content.count += change.workDelta
      return change
    }
    content.wake(change.signal)
    return change.result
  }
}
