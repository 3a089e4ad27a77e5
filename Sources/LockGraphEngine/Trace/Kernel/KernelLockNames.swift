/// What the names of the kernel's locks tell, since the trace tells nothing else of them.
enum KernelLockNames {
  struct Nature {
    var kind: LockKind?
    /// A read of it is a recursive one in any context.
    var readsRecursively = false
  }

  static func nature(of name: UnsafeRawBufferPointer) -> Nature {
    for word in ["rcu_read_lock", "rcu_read_lock_bh", "rcu_callback"]
    where name.elementsEqual(word.utf8) {
      return Nature(kind: .rcu, readsRecursively: true)
    }
    if name.elementsEqual("rcu_read_lock_sched".utf8) {
      return Nature(kind: .rcuSched, readsRecursively: true)
    }
    if contains(name, "srcu") { return Nature(kind: .rcu, readsRecursively: true) }
    if contains(name, "seqcount") { return Nature(kind: nil, readsRecursively: true) }
    return Nature(kind: nil)
  }

  /// Some names are whole expressions, in which searching as text is slow.
  private static func contains(_ name: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard let base = name.baseAddress, name.count >= count else { return false }
    return (0...(name.count - count)).contains {
      name[$0] == word.utf8Start[0] && bytesAreEqual(base + $0, word.utf8Start, count: count)
    }
  }
}
