/// A lock with a state that it protects, or without one; copies share both. For code that uses
/// `OSAllocatedUnfairLock`.
///
/// It says the same with the same words, on every system, and validates the order in which it is
/// taken. Making one allocates; where nobody copies it, `ValidatedMutex` does not.
public struct AllocatedLock<State>: @unchecked Sendable {
  @usableFromInline let content: Content

  /// What copies share.
  @usableFromInline
  final class Content {
    @usableFromInline let lock: ValidatedLock
    @usableFromInline var state: State

    init(_ state: State, _ lock: ValidatedLock) {
      self.lock = lock
      self.state = state
    }
  }

  /// Who has a lock, as `precondition(_:)` asks.
  public enum Ownership: Hashable, Sendable {
    /// The running thread has it.
    case owner
    /// The running thread does not have it.
    case notOwner
  }

  /// - Parameters:
  ///   - uncheckedState: what it protects.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  public init(
    uncheckedState: State, name: String? = nil, lockClass: LockClass? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    content = Content(
      uncheckedState,
      ValidatedLock(name: name, lockClass: lockClass, file: file, line: line, column: column))
  }

  /// - Parameters:
  ///   - initialState: what it protects.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  public init(
    initialState: State, name: String? = nil, lockClass: LockClass? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) where State: Sendable {
    self.init(
      uncheckedState: initialState, name: name, lockClass: lockClass, file: file, line: line,
      column: column)
  }

  /// Runs a closure with the state while no other thread can.
  @inlinable
  public func withLockUnchecked<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout State) throws -> Result
  ) rethrows -> Result {
    try content.lock.withLock(file: file, line: line, column: column) { try body(&content.state) }
  }

  /// Runs a closure with the state while no other thread can.
  @inlinable
  public func withLock<Result: Sendable>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: @Sendable (inout State) throws -> Result
  ) rethrows -> Result {
    try withLockUnchecked(file: file, line: line, column: column, body)
  }

  /// The same if the lock is free, and `nil` if it is not. That waits for nothing, so it makes no
  /// order.
  @inlinable
  public func withLockIfAvailableUnchecked<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout State) throws -> Result
  ) rethrows -> Result? {
    try content.lock.withLockIfAvailable(file: file, line: line, column: column) {
      try body(&content.state)
    }
  }

  /// The same if the lock is free, and `nil` if it is not. That waits for nothing, so it makes no
  /// order.
  @inlinable
  public func withLockIfAvailable<Result: Sendable>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: @Sendable (inout State) throws -> Result
  ) rethrows -> Result? {
    try withLockIfAvailableUnchecked(file: file, line: line, column: column, body)
  }

  /// Reports a finding if it is not so. `OSAllocatedUnfairLock` ends the program then.
  public func precondition(
    _ condition: Ownership, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    switch condition {
    case .owner: content.lock.assertHeld(file: file, line: line, column: column)
    case .notOwner: content.lock.assertNotHeld(file: file, line: line, column: column)
    }
  }
}

extension AllocatedLock where State == Void {
  /// - Parameters:
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  public init(
    name: String? = nil, lockClass: LockClass? = nil, file: StaticString = #fileID,
    line: UInt32 = #line, column: UInt32 = #column
  ) {
    self.init(
      uncheckedState: (), name: name, lockClass: lockClass, file: file, line: line,
      column: column)
  }

  /// Runs a closure with the lock.
  @inlinable
  public func withLockUnchecked<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: () throws -> Result
  ) rethrows -> Result {
    try content.lock.withLock(file: file, line: line, column: column, body)
  }

  /// Runs a closure with the lock.
  @inlinable
  public func withLock<Result: Sendable>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: @Sendable () throws -> Result
  ) rethrows -> Result {
    try content.lock.withLock(file: file, line: line, column: column, body)
  }

  /// Waits for the lock and takes it.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  @inlinable
  public func lock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    content.lock.lock(file: file, line: line, column: column)
  }

  /// Gives the lock up.
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  @inlinable
  public func unlock(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    content.lock.unlock(file: file, line: line, column: column)
  }

  /// Takes the lock if it is free.
  @available(*, noasync, message: "Use withLockIfAvailable: a task may go on in another thread")
  @inlinable
  public func lockIfAvailable(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Bool {
    content.lock.tryLock(file: file, line: line, column: column)
  }
}
