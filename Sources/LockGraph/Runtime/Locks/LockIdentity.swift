import CLockGraph

/// Which lock a lock is; names the lock that serialises others, in `nestedUnder:`.
public struct LockIdentity: Sendable, Hashable {
  @usableFromInline let number: UInt64
}

extension ValidatedLockProtocol where Self: ~Copyable {
  /// Which lock this is.
  public var identity: LockIdentity { LockIdentity(number: _header.pointee.number) }
}

extension LockRuntime {
  /// Takes a mutex with annotations; nothing but the lock ends the wait.
  static func lockAnnotated(
    _ lock: UnsafeMutablePointer<lg_lock>, subclass: Int, nest: LockIdentity?, _ site: lg_site
  ) -> Owner {
    // A policy without endings cannot fail.
    try! self.lock(lock, subclass: subclass, nest: nest?.number, WaitPolicy(), site)
  }

  static func lockForIO(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) -> Owner {
    try! self.lock(lock, .io, site)
  }
}
