import CLockGraph
import Synchronization

/// A mutual exclusion of this package's own, which is not validated.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer does not see it.
final class InternalLock<Value>: @unchecked Sendable {
  private let word = _Cell<UInt32>(0)
  private var value: Value

  init(_ value: Value) { self.value = value }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    if !lg_replace(word._address, 0, LG_SOMEBODY) {
      _ = MutexOperations.acquire(word._address, owner: LG_SOMEBODY, WaitPolicy())
    }
    defer { MutexOperations.release(word._address) }
    return body(&value)
  }
}
