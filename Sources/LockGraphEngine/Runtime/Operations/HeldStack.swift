import CLockGraph

/// What a thread holds, bottom first.
enum HeldStack {
  /// A thread's own stack.
  static func all(_ thread: UnsafeMutablePointer<lg_thread>) -> UnsafeBufferPointer<lg_held> {
    let base = thread.pointee.base!
    return UnsafeBufferPointer(start: base, count: thread.pointee.top - base)
  }

  /// A copy of another thread's stack, which may change meanwhile.
  static func copy(_ thread: UnsafeMutablePointer<lg_thread>) -> [lg_held] {
    // The bottom moves when the stack grows; what was the stack stays readable.
    guard let base = lg_thread_base(thread), let top = lg_thread_top(thread),
      lg_thread_base(thread) == base
    else { return [] }
    let count = top - base
    guard count > 0, count < 1 << 24 else { return [] }
    return (0..<count).map { lg_held_copy(base + $0) }
  }
}
