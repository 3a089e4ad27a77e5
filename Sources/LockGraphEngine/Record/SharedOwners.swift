/// Locks that two threads had at once for themselves, so that what the input tells cannot be all
/// there was, or is told of two locks under one name.
struct SharedOwners: Sendable {
  /// The first time in one input.
  struct First: Sendable {
    var lock: LockID
    var holder: ThreadID
    var holderLine: UInt64
    var thread: ThreadID
    var line: UInt64
    /// How many locks of the input there are.
    var locks = 1
  }

  /// By input.
  private(set) var first: [UInt32: First] = [:]

  mutating func add(_ found: First, input: UInt32) {
    first[input, default: found].locks += first[input] == nil ? 0 : 1
  }
}

extension OrderRecord {
  /// What is said of an input in which there are some.
  func ownerWarning(ofInput input: UInt32) -> String? {
    guard let found = sharedOwners.first[input], table.isOwned(found.lock) else { return nil }
    let locks = found.locks == 1 ? "a lock has" : "\(Counted.grouped(found.locks, "lock")) have"
    return
      "\(locks) two exclusive owners at once: \(threads.name(of: found.thread).withVisibleControls) takes "
      + "\(table.name(of: found.lock).withVisibleControls) in line \(found.line), which "
      + "\(threads.name(of: found.holder).withVisibleControls) has since line \(found.holderLine); the recording is "
      + "incomplete or gives two locks one name"
  }
}
