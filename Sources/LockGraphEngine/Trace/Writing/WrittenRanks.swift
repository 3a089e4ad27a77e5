/// Ranks for the locks of a format that knows names of classes and not classes: one lock inside
/// another of its name says nothing then, and rising ranks say just that.
struct WrittenRanks {
  private struct Lock {
    var lockClass: UInt32 = LockEvent.none
    var rank: Int64 = 0
  }

  private var classes = ByteInterner()
  private var locks: [Lock] = []

  mutating func addLock() { locks.append(Lock()) }

  /// The rank to be stated with an acquisition by a thread that holds some locks; `nil` if it needs
  /// none.
  mutating func rank(
    of event: LockEvent, holding held: some Sequence<UInt32>
  ) -> Int64? {
    let lock = Int(event.lock)
    var isNew = false
    if let name = event.lockClass {
      isNew = true
      locks[lock] = Lock(lockClass: classes.intern(name).id)
    }
    let lockClass = locks[lock].lockClass
    guard lockClass != LockEvent.none else { return nil }
    var highest: Int64?
    for other in held
    where other != event.lock && locks[Int(other)].lockClass == lockClass {
      highest = max(highest ?? 0, locks[Int(other)].rank)
    }
    guard let highest else { return isNew ? 0 : nil }
    locks[lock].rank = highest &+ 1
    return locks[lock].rank
  }
}
