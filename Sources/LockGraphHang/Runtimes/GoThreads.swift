/// Threads of a Go program, on which the runtime runs its goroutines.
enum GoThreads {
  /// Whether a thread waits by the runtime's own functions: for a goroutine that it could run, or
  /// for one of the runtime's inner locks. What goroutines wait for needs no thread.
  static func isIdle(_ thread: HungThread) -> Bool {
    guard thread.wait != nil else { return false }
    return thread.frames.prefix(2).contains { $0.function?.hasPrefix("runtime.futex") ?? false }
  }
}
