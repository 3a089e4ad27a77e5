import CLockGraph

// Taking a mutex in other ways than the plain one; nothing but the lock ends the wait.
extension LockRuntime {
  /// With annotations.
  static func lockAnnotated(
    _ lock: UnsafeMutablePointer<lg_lock>, subclass: Int, nest: UInt64?, _ site: lg_site
  ) -> Owner {
    // A policy without endings cannot fail.
    try! self.lock(lock, subclass: subclass, nest: nest, WaitPolicy(), site)
  }

  /// The wait counts as one for input or output.
  static func lockForIO(_ lock: UnsafeMutablePointer<lg_lock>, _ site: lg_site) -> Owner {
    try! self.lock(lock, .io, site)
  }
}
