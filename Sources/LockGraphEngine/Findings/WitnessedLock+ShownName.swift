extension WitnessedLock {
  /// For people: the lock by its class, and by its own name where that tells more.
  package var shownName: String {
    guard lock != lockClass else { return lock.withVisibleControls }
    let prefix = lockClass + "@"
    let own = lock.hasPrefix(prefix) ? String(lock.dropFirst(prefix.count)) : lock
    return "\(lockClass) (\(own))".withVisibleControls
  }
}
