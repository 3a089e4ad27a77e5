import CLockGraph

// What a program says of its locks.
extension LockRuntime {
  /// The thread should have a lock, or not have it.
  package static func assert(
    _ assertion: LockAssertion, _ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site
  ) {
    guard let thread = currentThread, thread.pointee.busy == 0, thread.pointee.pace != LG_OFF
    else { return }
    dropLostHolds(thread)
    let held = HeldStack.all(thread).filter { $0.lock == lock }
    let isMet =
      switch assertion {
      case .held: !held.isEmpty
      case .notHeld: held.isEmpty
      case .read: held.contains { !TakingFlags($0.traits).isForWriting }
      case .write: held.contains { TakingFlags($0.traits).isForWriting }
      }
    state?.trace?.write(.assert, thread, lock, Taking(at: site), assertion: assertion)
    if !isMet { tell(.assert, thread, lock, assertion: assertion, site: site, holders: true) }
  }

  /// The thread may take a lock from here on.
  package static func mightLock(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {
    let thread = requiredThread
    let taking = Taking(at: site)
    guard admit(thread, lock, taking) else { refuse(lock, site) }
    guard let trace = state?.trace, thread.pointee.busy == 0 else { return }
    trace.write(.acquire, thread, lock, taking)
    trace.write(.release, thread, lock, taking)
  }
}
