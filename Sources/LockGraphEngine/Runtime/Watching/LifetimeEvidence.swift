import CLockGraph

/// Locks that a thread asked for, or held, not long after it made them.
struct LifetimeEvidence {
  /// A lock among those of a record of evidence.
  struct Young {
    var lock: LockID
    /// Of the record's stack, the first frame of a function that may have made it.
    var start: Int
  }

  private(set) var records: [UInt32: [Young]] = [:]

  mutating func add(_ lock: LockID, start: Int, to record: UInt32) {
    records[record, default: []].append(Young(lock: lock, start: start))
  }

  /// The first frame of a function that began before a lock was made.
  static func start(_ frame: UInt64, _ frames: [UInt]) -> Int {
    frames.firstIndex { UInt64($0) > frame } ?? frames.count
  }

  /// Differs between the functions that have the locks in hand: a nesting in the one that made them
  /// is no evidence for one that comes later.
  static func origin(
    _ young: [(number: UInt64, frame: UInt64)], _ addresses: [UInt], _ frames: [UInt]
  ) -> UInt32 {
    var hash: UInt64 = 1
    for one in young {
      // Closures and what this package puts between them come first.
      for address in addresses[start(one.frame, frames)...].prefix(12) {
        hash = mixHash(hash, UInt64(address))
      }
    }
    return UInt32(truncatingIfNeeded: hash) | 1
  }

  /// Whether the nesting is to be looked at again when it comes again, because the thread made one
  /// of the locks of late; so many times.
  static func staysNew(on thread: UnsafeMutablePointer<lg_thread>, wanted: UInt64) -> Bool {
    var stays = lg_made_count(thread, wanted)
    for held in HeldStack.all(thread) where lg_made_count(thread, held.number) { stays = true }
    return stays
  }

  /// Of the lock that is asked for and those that the thread holds, which it made of late, and the
  /// deepest frame of a function that can have made each.
  static func young(
    on thread: UnsafeMutablePointer<lg_thread>, wanted: UInt64
  ) -> [(number: UInt64, frame: UInt64)] {
    var young: [(number: UInt64, frame: UInt64)] = []
    func look(_ number: UInt64) {
      let frame = lg_made_frame(thread, number)
      if frame != 0, frame != .max { young.append((number, frame)) }
    }
    look(wanted)
    for held in HeldStack.all(thread) { look(held.number) }
    return young
  }
}
