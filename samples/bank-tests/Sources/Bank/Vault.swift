import LockGraph

/// A vault with two keys, taken in either order: known, and not mended yet.
public final class Vault: Sendable {
  private let manager = ValidatedLock(name: "Vault.manager")
  private let clerk = ValidatedLock(name: "Vault.clerk")

  /// A closed vault.
  public init() {}

  /// The manager's key first.
  public func open() {
    manager.withLock { clerk.withLock {} }
  }

  /// The clerk's key first.
  public func close() {
    clerk.withLock { manager.withLock {} }
  }
}
