/// What holding a lock means for whoever waits, and where a lock may be taken [semantics 15]; each
/// allows less than the one before it.
package enum WaitType: UInt8, Sendable, Comparable {
  case free, spin, config, sleep

  package var name: String { "\(self)" }

  package static func < (left: WaitType, right: WaitType) -> Bool {
    left.rawValue < right.rawValue
  }
}

extension LockKind {
  /// What may be taken while a lock of the kind is held; `nil` where nothing is said.
  @inline(__always)
  package var innerWaitType: WaitType? {
    switch self {
    case .rawSpin, .rcuSched: .spin
    case .spin, .rwlock, .local, .rcu: .config
    case .mutex, .rtMutex, .rwsem, .wwMutex, .semaphore, .recursive, .queue,
      .reentrantRwlock:
      .sleep
    case .completion: nil
    }
  }

  /// Where a lock of the kind may be taken; `nil` where nothing is said.
  @inline(__always)
  package var outerWaitType: WaitType? {
    isReadCopyUpdate ? .free : innerWaitType
  }
}
