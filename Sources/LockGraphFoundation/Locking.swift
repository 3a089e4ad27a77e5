public import Foundation
public import LockGraph

// What a protocol wants has no place in the source, and none is known then: the calls tell who it
// was. It is never chosen where the lock's own type is known, whose methods pass the place on.

extension ValidatedLock: NSLocking {
  /// Waits for the lock and takes it, as `NSLocking` wants it.
  @_disfavoredOverload
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock() { lock(file: "NSLocking", line: 0, column: 0) }

  /// Gives the lock up, as `NSLocking` wants it.
  @_disfavoredOverload
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func unlock() { unlock(file: "NSLocking", line: 0, column: 0) }
}

extension RecursiveMutex: NSLocking {
  /// Waits for the lock and takes it, as `NSLocking` wants it.
  @_disfavoredOverload
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock() { lock(file: "NSLocking", line: 0, column: 0) }

  /// Gives the lock up once, as `NSLocking` wants it.
  @_disfavoredOverload
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func unlock() { unlock(file: "NSLocking", line: 0, column: 0) }
}

extension ValidatedCondition: NSLocking {
  /// Waits for the lock and takes it, as `NSLocking` wants it.
  @_disfavoredOverload
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func lock() { lock(file: "NSLocking", line: 0, column: 0) }

  /// Gives the lock up, as `NSLocking` wants it.
  @_disfavoredOverload
  @available(*, noasync, message: "Use withLock: a task may go on in another thread")
  public func unlock() { unlock(file: "NSLocking", line: 0, column: 0) }
}
