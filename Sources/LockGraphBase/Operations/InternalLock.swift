import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A mutual exclusion of this package's own, which is not validated.
///
/// `Synchronization.Mutex` would do, but the thread sanitizer does not see it.
package final class InternalLock<Value>: @unchecked Sendable {
  /// The process of the owner: in the child of a fork the thread that had it does not exist.
  private let word = _Cell<UInt32>(0)
  private let make: @Sendable () -> Value
  private var value: Value

  /// - Parameter make: makes the value, anew where the owner was lost in the middle of a change.
  package init(_ make: @escaping @Sendable () -> Value) {
    self.make = make
    value = make()
  }

  /// - Returns: `nil` if it could not be had for a second.
  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result? {
    let process = UInt32(bitPattern: getpid())
    if !lg_replace(word._address, 0, process) {
      let seen = lg_load(word._address)
      if seen != 0, seen & LG_OWNER_MASK != process, lg_replace(word._address, seen, process) {
        value = make()
      } else if MutexOperations.acquire(
        word._address, owner: process, .timeout(.seconds(1))) != nil
      {
        return nil
      }
    }
    defer { MutexOperations.release(word._address) }
    return body(&value)
  }
}
