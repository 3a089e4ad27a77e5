/// A value and the lock that protects it; copies share both. For code that uses swift-nio's
/// `NIOLockedValueBox`.
///
/// Its class is the place where it is made, or its name. Making one allocates; where nobody copies
/// it, `ValidatedMutex` does not.
public struct LockedValueBox<Value> {
  @usableFromInline let content: Content

  /// What copies share.
  @usableFromInline
  final class Content: @unchecked Sendable {
    @usableFromInline let lock: ValidatedLock
    @usableFromInline var value: Value

    init(_ value: Value, _ lock: ValidatedLock) {
      self.lock = lock
      self.value = value
    }
  }

  /// - Parameters:
  ///   - value: what it protects.
  ///   - name: the name of its class; the place where it is made if there is none.
  ///   - lockClass: its class, instead of a name.
  public init(
    _ value: Value, name: String? = nil, lockClass: LockClass? = nil,
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) {
    content = Content(
      value,
      ValidatedLock(name: name, lockClass: lockClass, file: file, line: line, column: column))
  }

  /// Runs a closure with the value while no other thread can.
  @inlinable
  public func withLockedValue<Result: ~Copyable, Failure: Error>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try content.lock.withLock(file: file, line: line, column: column) { () throws(Failure) in
      try body(&content.value)
    }
  }

  /// The lock and the value, taken apart.
  public var unsafe: Unsafe { Unsafe(content: content) }

  /// A box's lock and value, for callers that know what they do.
  public struct Unsafe {
    let content: Content

    /// Waits for the lock and takes it.
    @available(*, noasync, message: "Use withLockedValue: a task may go on in another thread")
    public func lock(
      file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
    ) {
      content.lock.lock(file: file, line: line, column: column)
    }

    /// Gives the lock up.
    @available(*, noasync, message: "Use withLockedValue: a task may go on in another thread")
    public func unlock(
      file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
    ) {
      content.lock.unlock(file: file, line: line, column: column)
    }

    /// Runs a closure with the value of a lock that is held.
    public func withValueAssumingLockIsAcquired<Result: ~Copyable, Failure: Error>(
      _ body: (inout Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
      try body(&content.value)
    }
  }
}

// The value is reached by the thread that has the lock alone.
extension LockedValueBox: @unchecked Sendable where Value: Sendable {}
extension LockedValueBox.Unsafe: @unchecked Sendable where Value: Sendable {}
