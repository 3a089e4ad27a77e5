import CLockGraph

/// Which lock a lock is; names the lock that serialises others, in `nestedUnder:`.
public struct LockIdentity: Sendable, Hashable {
  @usableFromInline let number: UInt64
}

extension ValidatedLockProtocol where Self: ~Copyable {
  /// Which lock this is.
  public var identity: LockIdentity { LockIdentity(number: _header.pointee.number) }
}
