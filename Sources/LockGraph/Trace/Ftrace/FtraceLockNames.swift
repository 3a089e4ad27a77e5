/// What the names of the kernel's locks tell, since the trace tells nothing else of them.
enum FtraceLockNames {
  struct Nature {
    var kind: LockKind?
    /// A read of it is a recursive one in any context.
    var readsRecursively = false
  }

  static func nature(of name: UnsafeRawBufferPointer) -> Nature {
    let text = String(decoding: name, as: UTF8.self)
    switch text {
    case "rcu_read_lock", "rcu_read_lock_bh", "rcu_callback":
      return Nature(kind: .rcu, readsRecursively: true)
    case "rcu_read_lock_sched":
      return Nature(kind: .rcuSched, readsRecursively: true)
    default:
      if text.contains("srcu") { return Nature(kind: .rcu, readsRecursively: true) }
      if text.contains("seqcount") { return Nature(kind: nil, readsRecursively: true) }
      return Nature(kind: nil)
    }
  }
}
