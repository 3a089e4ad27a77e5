public import Foundation
public import LockGraph

// Waits until a date, which say by a `Bool` how they ended, as Foundation's do.

extension Date {
  /// How long it is until then; nothing if it is past.
  fileprivate var duration: Duration { .seconds(min(max(timeIntervalSinceNow, 0), 1e9)) }
}

extension ValidatedLock {
  /// Waits for the lock until then.
  ///
  /// - Returns: false if it was not taken.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    before limit: Date, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) -> Bool {
    (try? lock(timeout: limit.duration, file: file, line: line, column: column)) != nil
  }
}

extension RecursiveMutex {
  /// Waits for the lock until then.
  ///
  /// - Returns: false if it was not taken.
  @available(*, noasync, message: "A task may go on in another thread")
  public func lock(
    before limit: Date, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) -> Bool {
    (try? lock(timeout: limit.duration, file: file, line: line, column: column)) != nil
  }
}

extension ValidatedCondition {
  /// Gives up the lock, waits for a signal until then, and takes the lock again.
  ///
  /// - Returns: false if there was none.
  @discardableResult
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    until limit: Date, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) -> Bool {
    (try? wait(timeout: limit.duration, file: file, line: line, column: column)) != nil
  }
}

extension LockGraph.Semaphore {
  /// Waits until then for the value to be above zero, and lowers it.
  ///
  /// - Returns: false if it was not.
  @available(*, noasync, message: "A task may go on in another thread")
  public func wait(
    until limit: Date, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) -> Bool {
    (try? wait(timeout: limit.duration, file: file, line: line, column: column)) != nil
  }
}
