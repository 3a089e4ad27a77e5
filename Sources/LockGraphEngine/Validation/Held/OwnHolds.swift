// What a thread's own holds of a lock mean for its next request of it [semantics 1, 7].

/// A request for a lock, as far as what its own thread holds of it goes.
enum OwnRequest {
  /// The thread may take the lock again, which cannot block.
  case reentry
  /// It makes the thread's upgradable hold an exclusive one and waits for readers, which of a
  /// re-entrant lock are those of other threads.
  case upgrade(isReentrant: Bool)
  /// It is like a request of any other thread.
  case plain

  /// Whether the request waits for a hold of its own thread.
  func waits(_ mode: LockMode, for held: LockMode) -> Bool {
    switch self {
    case .reentry: false
    case .upgrade(let isReentrant): !isReentrant && held != .upgradable
    case .plain: mode.waits(for: held)
    }
  }

  var isUpgrade: Bool {
    if case .upgrade = self { return true }
    return false
  }
}

extension HeldLocks {
  /// - Complexity: O(locks held).
  func ownRequest(for lock: LockID, _ mode: LockMode, _ kind: LockKind?) -> OwnRequest {
    let isReentrant = kind?.isReentrant == true
    if isReentrant, reentry(of: lock, mode) != nil { return .reentry }
    guard mode == .write, locks.contains(where: { $0.lock == lock && $0.mode == .upgradable })
    else { return .plain }
    return .upgrade(isReentrant: isReentrant)
  }

  /// Where the thread holds a lock of a kind that it may take again, so that a request for a mode
  /// cannot block: who may write may do all, and who may upgrade or only reads may read again.
  ///
  /// - Complexity: O(locks held).
  @inline(never)
  func reentry(of lock: LockID, _ mode: LockMode) -> Int? {
    guard let last = lastIndex(of: lock) else { return nil }
    if locks[last].mode.isExclusive || mode.isRead { return last }
    var canUpgrade = false
    for held in locks where held.lock == lock {
      if held.mode.isExclusive { return last }
      canUpgrade = canUpgrade || held.mode == .upgradable
    }
    return canUpgrade && mode == .upgradable ? last : nil
  }

  /// Whether a hold is an exclusive one over an upgradable one.
  func isUpgraded(at index: Int) -> Bool {
    locks[index].mode.isExclusive
      && locks[..<index].contains { $0.lock == locks[index].lock && $0.mode == .upgradable }
  }
}
