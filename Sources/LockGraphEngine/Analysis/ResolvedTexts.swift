import Synchronization

/// The texts of evidence that were made, so that many witnesses share the few there are.
///
/// Thread-safe.
final class ResolvedTexts: Sendable {
  private struct State {
    var locks: [LockID: String] = [:]
    var classes: [LockClassID: String] = [:]
    var places: [UInt32: String] = [:]
    var stacks: [UInt32: [String]] = [:]
  }

  private let state = Mutex(State())

  func lock(_ lock: LockID, _ make: () -> String) -> String {
    state.withLock { Self.value(of: lock, in: &$0.locks, make) }
  }

  func lockClass(_ lockClass: LockClassID, _ make: () -> String) -> String {
    state.withLock { Self.value(of: lockClass, in: &$0.classes, make) }
  }

  func place(_ number: UInt32, _ make: () -> String) -> String {
    state.withLock { Self.value(of: number, in: &$0.places, make) }
  }

  func stack(_ number: UInt32, _ make: () -> [String]) -> [String] {
    state.withLock { Self.value(of: number, in: &$0.stacks, make) }
  }

  private static func value<Key: Hashable, Value>(
    of key: Key, in known: inout [Key: Value], _ make: () -> Value
  ) -> Value {
    if let value = known[key] { return value }
    let value = make()
    known[key] = value
    return value
  }
}
