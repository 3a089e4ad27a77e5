import CLockGraph

// Locks for which tasks wait without a thread, in the order of all locks.
extension LockRuntime {
  /// A task is about to wait for an asynchronous lock, or to take it: judges that with whatever it
  /// holds.
  package static func admitTask(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {
    let thread = requiredThread
    guard thread.pointee.busy == 0, thread.pointee.pace != LG_OFF else { return }
    lg_set_runs_tasks(thread)
    tellAwait(lock, site)
    if !admit(thread, lock, Taking(at: site)) { refuse(lock, site) }
  }

  /// A task waits for an asynchronous lock; who waits for whom is looked at now.
  package static func beginTaskWait(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) {
    let thread = requiredThread
    let task = TaskIdentity.current
    guard task != 0, thread.pointee.busy == 0, let state = begin(), state.isOn else { return }
    state.deliverLateNews(on: thread, at: site)
    TaskHolds.beginWait(hold(lock, 0, site), of: task)
    let circle = TaskHolds.circle(through: task)
    guard !circle.isEmpty else { return }
    let waiters = circle.map { snapshot($0.task, $0.wait, since: $0.since, $0.holds, on: thread) }
    state.judge(on: thread, at: site, isUrgent: true) { $0.judge(waiters: waiters) }
  }

  /// The wait is over, with the lock or without. Called by whoever ends it.
  package static func endTaskWait(of task: UInt64) {
    if task != 0 { TaskHolds.endWait(of: task) }
  }

  /// The number of the running task; 0 outside of tasks.
  package static var currentTask: UInt64 { TaskIdentity.current }

  /// A task has an asynchronous lock now.
  package static func takeForTask(
    _ lock: UnsafeMutablePointer<lg_lock>, isTry: Bool, _ site: lg_site
  ) {
    let (thread, task) = (requiredThread, TaskIdentity.current)
    guard task != 0, thread.pointee.pace != LG_OFF else { return }
    TaskHolds.add(hold(lock, isTry ? LG_TRY : 0, site), to: task)
    // With a place that is known nothing is asked where the thread holds nothing.
    lg_thread_forget_sites(thread)
  }

  /// The lock is given up.
  ///
  /// - Returns: false if another task has it, and not this one.
  package static func giveUpForTask(_ lock: UnsafeMutablePointer<lg_lock>) -> Bool {
    TaskHolds.remove(lock.pointee.number, from: TaskIdentity.current)
      || !TaskHolds.isHeld(lock.pointee.number)
  }

  /// The lock turns out to be a signal: whoever took it does not have it.
  package static func signalledByOtherTask(_ lock: UnsafeMutablePointer<lg_lock>) {
    _ = lg_set_flag(lock, LG_SIGNALLED)
    TaskHolds.removeAll(lock.pointee.number)
  }

  private static func hold(
    _ lock: UnsafeMutablePointer<lg_lock>, _ traits: UInt32, _ site: lg_site
  ) -> TaskHolds.Hold {
    TaskHolds.Hold(lock: lock, number: lock.pointee.number, traits: traits, site: site)
  }

  /// Runs something with what the running task holds on the thread's stack.
  static func withTaskHolds<Result>(
    _ holds: [TaskHolds.Hold], on thread: UnsafeMutablePointer<lg_thread>, _ body: () -> Result
  ) -> Result {
    var pushed: [UnsafeMutablePointer<lg_lock>] = []
    for hold in holds where lg_thread_grow(thread) {
      let key = lg_key(thread.pointee.key, hold.number, hold.traits)
      lg_push_slow(thread, hold.lock, hold.traits, key, 0, hold.site)
      pushed.append(hold.lock)
    }
    defer {
      for lock in pushed.reversed() {
        if let held = lg_find(thread, lock) { lg_thread_remove(thread, held) }
      }
    }
    return body()
  }

  /// A waiting task as a waiting thread.
  private static func snapshot(
    _ task: UInt64, _ wait: TaskHolds.Hold, since: UInt64, _ holds: [TaskHolds.Hold],
    on thread: UnsafeMutablePointer<lg_thread>
  ) -> WaitSnapshot {
    let held = withTaskHolds(holds, on: thread) {
      Array(HeldStack.all(thread).suffix(holds.count))
    }
    let waiting = lg_waiting(
      lock: wait.lock, sequence: 1, number: wait.number, since: since, site: wait.site,
      lock_class: lg_lock_class(wait.lock), traits: wait.traits, nest: 0, task: task)
    // Which thread it last ran on does not matter: the task is named.
    return WaitSnapshot(thread: thread, sequence: 1, waiting: waiting, held: held)
  }
}
