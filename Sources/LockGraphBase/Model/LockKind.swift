/// What sort of lock an instance is, in the trace format's words.
public enum LockKind: UInt8, Sendable, CaseIterable {
  case mutex, rtMutex, spin, rawSpin, rwlock, rwsem, recursive, semaphore, local, rcu, rcuSched
  case completion, queue, wwMutex, reentrantRwlock

  /// The word the trace format uses.
  public var name: String {
    switch self {
    case .mutex: "mutex"
    case .rtMutex: "rt-mutex"
    case .spin: "spin"
    case .rawSpin: "raw-spin"
    case .rwlock: "rwlock"
    case .rwsem: "rwsem"
    case .recursive: "recursive"
    case .semaphore: "semaphore"
    case .local: "local"
    case .rcu: "rcu"
    case .rcuSched: "rcu-sched"
    case .completion: "completion"
    case .queue: "queue"
    case .wwMutex: "ww-mutex"
    case .reentrantRwlock: "reentrant-rwlock"
    }
  }

  /// Read-side sections that never wait: they take no part in the order.
  @inlinable public var isReadCopyUpdate: Bool { self == .rcu || self == .rcuSched }

  /// A thread may take it again that holds it [semantics 1]; for writing, one that only reads it
  /// may not.
  @inlinable public var isReentrant: Bool { self == .recursive || self == .reentrantRwlock }

  /// Signalled rather than owned: any thread may release it.
  @inlinable public var isReleasedByAnyThread: Bool { self == .semaphore || self == .completion }
}
