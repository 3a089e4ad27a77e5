import CLockGraph

extension LockRuntime {
  /// A semaphore is signalled by who did not take it: it is a lock no longer.
  package static func signalledByOther(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ site: lg_site
  ) {
    guard thread.pointee.busy == 0, let state, state.isOn, lg_set_flag(lock, LG_SIGNALLED) else {
      return
    }
    // Who took it does not have it for long now, and must not look as if.
    state.trace?.write(.release, thread, lock, Taking(at: site))
    withValidatorLock { state.lostHolds.addUnowned(lock.pointee.number) }
  }
}
