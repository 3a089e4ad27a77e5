import CLockGraph

extension LockRuntime {
  /// What a thread holds for writing it holds for reading from now on; it has to hold it.
  package static func downgradeHold(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {
    let thread = requiredThread
    if let held = lg_find(thread, lock), TakingFlags(held.pointee.traits).isForWriting {
      state?.trace?.write(.downgrade, thread, lock, Taking(at: site))
      lg_held_set_traits(
        held, held.pointee.traits & ~LG_MODE_MASK | UInt32(LockMode.read.rawValue))
      lg_thread_rekey(thread, held)
    } else if thread.pointee.pace != LG_OFF, thread.pointee.busy == 0 {
      tell(.release, thread, lock, site: site, holders: true)
      takeAway(lock)
    }
  }
}
