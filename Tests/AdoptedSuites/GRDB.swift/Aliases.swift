// GRDB's mutexes as LockGraph's, under the names that the package uses; in GRDB and in its tests.
import LockGraph

typealias NSLock = ValidatedLock
typealias NSRecursiveLock = RecursiveMutex

/// A value and the ``ValidatedLock`` that protects it. Its class is the place of the call.
class UnsafeSendableMutex<Value>: @unchecked Sendable {
  private let validated: ValidatedLock
  private var value: Value

  init(
    _ value: Value, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    validated = ValidatedLock(file: file, line: line, column: column)
    self.value = value
  }

  func withLock<Result>(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column,
    _ body: (inout Value) throws -> Result
  ) rethrows -> Result {
    try validated.withLock(file: file, line: line, column: column) { try body(&value) }
  }
}

/// The same, with shorthands.
final class Mutex<Value>: UnsafeSendableMutex<Value>, @unchecked Sendable {
  func load(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Value {
    withLock(file: file, line: line, column: column) { $0 }
  }

  func store(
    _ value: Value, file: StaticString = #fileID, line: UInt32 = #line,
    column: UInt32 = #column
  ) {
    withLock(file: file, line: line, column: column) { $0 = value }
  }
}

extension Mutex where Value: Numeric {
  @discardableResult
  func increment(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Value {
    withLock(file: file, line: line, column: column) { value in
      value += 1
      return value
    }
  }

  @discardableResult
  func decrement(
    file: StaticString = #fileID, line: UInt32 = #line, column: UInt32 = #column
  ) -> Value {
    withLock(file: file, line: line, column: column) { value in
      value -= 1
      return value
    }
  }
}
