/// A lock that a thread holds, from the first of its acquisitions to the last release.
struct Hold {
  var lock: LockID
  var thread: ThreadID
  var lockClass: LockClassID
  var isShared: Bool
  /// How often it was taken and not yet released.
  var depth: UInt32 = 1
  /// `StatisticsCollector.noTime` if that is not known.
  var since: Int64
  var place: UInt32
  /// Where the last of its acquisitions was counted.
  var lastRow: Int
  /// The links of the pool.
  var newer = HoldPool.none
  var older = HoldPool.none
}

/// What is held, by whom, in the order in which each lock was taken.
///
/// Holders of one lock are linked, so that adding one, removing one and asking for the last one
/// cost the same however many readers a lock has.
struct HoldPool {
  private struct Holders {
    var newest = HoldPool.none
    var oldest = HoldPool.none
    var exclusive: UInt32 = 0
  }

  static let none = UInt32.max

  private var holds: [Hold] = []
  private var unused: [UInt32] = []
  /// By lock.
  private var holders: [Holders] = []

  subscript(slot: UInt32) -> Hold {
    get { holds[Int(slot)] }
    _modify { yield &holds[Int(slot)] }
  }

  /// Takes a hold in; its number is good until it is removed.
  @inline(__always)
  mutating func insert(_ hold: Hold) -> UInt32 {
    let lock = hold.lock.index
    while holders.count <= lock { holders.append(Holders()) }
    var hold = hold
    hold.older = holders[lock].newest
    let slot: UInt32
    if let free = unused.popLast() {
      slot = free
      holds[Int(slot)] = hold
    } else {
      slot = UInt32(holds.count)
      holds.append(hold)
    }
    if hold.older == Self.none {
      holders[lock].oldest = slot
    } else {
      holds[Int(hold.older)].newer = slot
    }
    holders[lock].newest = slot
    if !hold.isShared { holders[lock].exclusive += 1 }
    return slot
  }

  @inline(__always)
  mutating func remove(_ slot: UInt32) {
    let hold = holds[Int(slot)]
    let lock = hold.lock.index
    if hold.older == Self.none {
      holders[lock].oldest = hold.newer
    } else {
      holds[Int(hold.older)].newer = hold.newer
    }
    if hold.newer == Self.none {
      holders[lock].newest = hold.older
    } else {
      holds[Int(hold.newer)].older = hold.older
    }
    if !hold.isShared { holders[lock].exclusive -= 1 }
    unused.append(slot)
  }

  mutating func downgrade(_ slot: UInt32) {
    guard !holds[Int(slot)].isShared else { return }
    holds[Int(slot)].isShared = true
    holders[holds[Int(slot)].lock.index].exclusive -= 1
  }

  func isHeld(_ lock: LockID) -> Bool {
    lock.index < holders.count && holders[lock.index].newest != Self.none
  }

  /// Whoever has had the lock for longest.
  func oldest(of lock: LockID) -> UInt32? {
    guard isHeld(lock) else { return nil }
    return holders[lock.index].oldest
  }

  /// The last one who took the lock and has it, beside a thread, of which there is one hold of a
  /// lock at most.
  func newest(of lock: LockID, besides thread: ThreadID) -> UInt32? {
    guard isHeld(lock) else { return nil }
    let slot = holders[lock.index].newest
    guard holds[Int(slot)].thread == thread else { return slot }
    let older = holds[Int(slot)].older
    return older == Self.none ? nil : older
  }

  /// Whether a thread other than the given one holds the lock exclusively.
  func isHeldExclusively(_ lock: LockID, besides own: UInt32?) -> Bool {
    guard isHeld(lock) else { return false }
    let isOwn = own.map { !holds[Int($0)].isShared } ?? false
    return holders[lock.index].exclusive > (isOwn ? 1 : 0)
  }
}
