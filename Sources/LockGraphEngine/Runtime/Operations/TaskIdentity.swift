import CLockGraph

/// Which task runs on a thread.
///
/// What one task does before a suspension and after it may be on different threads, and what two
/// tasks do may be on one: which, the pool decides anew in every run. So in a task the thread of
/// evidence is the task.
enum TaskIdentity {
  /// The number of the task that runs on this thread, never used again; 0 outside of tasks.
  static var current: UInt64 { lg_task() }

  /// What reports call a task.
  static func name(_ task: UInt64) -> String { "task-\(task)" }

  /// How many tasks are asked about one nesting on one thread, where other tasks did the same
  /// before.
  ///
  /// A cycle is `feasible` if different tasks did its steps, so the first few must be seen; that
  /// all of a million short tasks are asked about what is known would cost them the validator's
  /// lock.
  private static let limit: UInt64 = 8

  /// Whether the task showed a nesting on this thread before.
  static func isKnown(
    _ thread: UnsafePointer<lg_thread>, _ key: UInt64, by task: UInt64
  ) -> Bool {
    lg_is_known(thread, taskKey(key, task))
  }

  /// Remembers that a task showed a nesting; after some tasks that the thread did.
  static func remember(
    _ thread: UnsafeMutablePointer<lg_thread>, _ key: UInt64, by task: UInt64
  ) {
    lg_thread_remember(thread, taskKey(key, task))
    let count = (0..<limit).first { !lg_is_known(thread, countKey(key, $0)) } ?? limit
    lg_thread_remember(thread, count + 1 < limit ? countKey(key, count) : key)
  }

  // Marks that no lock's traits have keep these apart from the keys of nestings.
  private static func taskKey(_ key: UInt64, _ task: UInt64) -> UInt64 {
    lg_key(key, task, 1 << 21)
  }
  private static func countKey(_ key: UInt64, _ count: UInt64) -> UInt64 {
    lg_key(key, count, 1 << 22)
  }
}
