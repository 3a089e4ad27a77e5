import CLockGraph

// What takes longer than the configuration allows. Nothing of it is asked where there is no limit:
// a limit for holds makes every step take the slow way, and waits are slow anyway.
extension LockRuntime {
  /// A hold ends that is on the stack still.
  static func endHold(
    _ thread: UnsafeMutablePointer<lg_thread>, _ held: UnsafeMutablePointer<lg_held>,
    at site: lg_site?
  ) {
    guard let state, let limit = state.limits.hold, thread.pointee.busy == 0 else { return }
    let since = lg_held_since(thread, held)
    guard since != 0 else { return }
    let duration = lg_now() &- since
    guard duration > limit else { return }
    let use = LockUse(held.pointee)
    state.judge(on: thread, at: use.taking.site) {
      $0.note(thread, use, took: duration, isWait: false, end: site)
    }
  }

  /// A wait is over that took a while.
  static func tellWait(
    _ thread: UnsafeMutablePointer<lg_thread>, _ lock: UnsafeMutablePointer<lg_lock>,
    _ duration: UInt64, _ state: RuntimeState
  ) {
    guard let limit = state.limits.wait, duration > limit else { return }
    var use = LockUse(thread.pointee.waiting)
    use.lock = LockFlags(of: lock)
    state.judge(on: thread, at: use.taking.site) {
      $0.note(thread, use, took: duration, isWait: true, end: use.taking.site)
    }
  }
}
