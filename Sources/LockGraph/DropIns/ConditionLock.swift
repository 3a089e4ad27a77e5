/// A lock with a state that threads wait for: a `ValidatedLock` with a `Condition`. For code that
/// uses swift-nio's `ConditionLock`; of Foundation's `NSConditionLock` it has other words.
///
/// Thread-safe. Not recursive, and not to be held across an `await`.
public final class ConditionLock<State: Equatable>: @unchecked Sendable {
  private let validated: ValidatedLock
  private let changed = Condition()
  private var state: State

  /// - Parameters:
  ///   - value: the first state.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  public init(
    value: State, name: String? = nil, lockClass: LockClass? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated = ValidatedLock(
      name: name, lockClass: lockClass, file: file, line: line, column: column)
    state = value
  }

  /// The state; not for who has the lock.
  public var value: State { validated.withLock { state } }

  /// Takes the lock whatever the state is.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated.lock(file: file, line: line, column: column)
  }

  /// Gives the lock up and leaves the state as it is.
  @available(*, noasync, message: "A task may go on in another thread")
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    validated.unlock(file: file, line: line, column: column)
  }

  /// Takes the lock once the state is as wanted.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    whenValue wanted: State, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    validated.lock(file: file, line: line, column: column)
    while state != wanted { changed.wait(validated, file: file, line: line, column: column) }
  }

  /// Takes the lock once the state is as wanted, or returns `false` after so many seconds.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    whenValue wanted: State, timeoutSeconds: Double, file: StaticString = #fileID,
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
  @available(*, noasync, message: "A task may go on in another thread")
  public func unlock(
    withValue value: State, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    state = value
    validated.unlock(file: file, line: line, column: column)
    changed.broadcast()
  }
}
