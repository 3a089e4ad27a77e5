import CLockGraph
import Synchronization

/// A mutual exclusion of this package's own, which is not validated.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer does not see it.
final class InternalLock<Value>: @unchecked Sendable {
  private let word = _Cell<UInt32>(0)
  private var value: Value

  init(_ value: Value) { self.value = value }

  /// - Returns: `nil` if it could not be had for a second: in the child of a fork its owner may not exist.
  func withLock<Result>(_ body: (inout Value) -> Result) -> Result? {
    if !lg_replace(word._address, 0, LG_SOMEBODY),
      MutexOperations.acquire(word._address, owner: LG_SOMEBODY, .timeout(.seconds(1))) != nil
    {
      return nil
    }
    defer { MutexOperations.release(word._address) }
    return body(&value)
  }
}
