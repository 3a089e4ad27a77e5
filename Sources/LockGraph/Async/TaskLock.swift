import CLockGraph

/// The ways in and out of what tasks wait for without a thread.
struct TaskLock {
  private let lock: UnsafeMutablePointer<lg_lock>
  private let queue: TaskQueue

  init(_ lock: UnsafeMutablePointer<lg_lock>, _ queue: TaskQueue) {
    self.lock = lock
    self.queue = queue
  }

  /// Somebody has it, and may be waited for: it is no semaphore that is signalled.
  private var isLock: Bool { lg_lock_class(lock) & (LG_UNORDERED | LG_SIGNALLED) == 0 }

  /// Waits for it and takes it.
  ///
  /// - Returns: false if the task was cancelled before it had it.
  func take(
    isolation: isolated (any Actor)? = #isolation, unlessCancelled: Bool, _ site: lg_site
  ) async -> Bool {
    #if Validation
      if isLock { LockRuntime.admitTask(lock, site) } else { LockRuntime.tellAwait(lock, site) }
      let task = LockRuntime.currentTask
      if !queue.tryTake() {
        if isLock { LockRuntime.beginTaskWait(lock, site) }
        let isTaken = await queue.take(isolation: isolation, unlessCancelled: unlessCancelled)
        LockRuntime.endTaskWait(of: task)
        guard isTaken else { return false }
      }
      if isLock { LockRuntime.takeForTask(lock, isTry: false, site) }
      return true
    #else
      if queue.tryTake() { return true }
      return await queue.take(isolation: isolation, unlessCancelled: unlessCancelled)
    #endif
  }

  func tryTake(_ site: lg_site) -> Bool {
    guard queue.tryTake() else { return false }
    #if Validation
      if isLock { LockRuntime.takeForTask(lock, isTry: true, site) }
    #endif
    return true
  }

  /// Gives it back, or signals it.
  func giveUp() {
    #if Validation
      if isLock, !LockRuntime.giveUpForTask(lock) { LockRuntime.signalledByOtherTask(lock) }
    #endif
    queue.give()
  }
}
