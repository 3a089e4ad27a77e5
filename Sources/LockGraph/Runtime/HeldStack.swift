import CLockGraph

/// What a thread holds, bottom first.
enum HeldStack {
  /// A thread's own stack, or that of one which waits and so does not change it.
  static func all(_ thread: UnsafeMutablePointer<lg_thread>) -> UnsafeBufferPointer<lg_held> {
    let base = thread.pointee.base!
    return UnsafeBufferPointer(start: base, count: lg_thread_top(thread)! - base)
  }

  /// A copy of another thread's stack, which may change meanwhile.
  static func copy(_ thread: UnsafeMutablePointer<lg_thread>) -> [lg_held] {
    // The bottom may move when the stack grows; what was the stack stays readable.
    guard let top = lg_thread_top(thread), let base = thread.pointee.base else { return [] }
    let count = top - base
    guard count > 0, count <= Int(thread.pointee.capacity) else { return [] }
    return (0..<count).map { lg_held_copy(base + $0) }
  }
}
