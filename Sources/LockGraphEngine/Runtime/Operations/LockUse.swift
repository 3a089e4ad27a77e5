import CLockGraph

/// How a lock is taken, and where.
package struct Taking {
  package var flags: TakingFlags
  /// The number of the lock that serialises it, if the flags say that one does.
  var nest: UInt64
  /// Without a file where nobody knows the place.
  var site: lg_site

  package init(_ flags: UInt32 = 0, nest: UInt64? = nil, at site: lg_site?) {
    self.flags = TakingFlags(flags)
    self.nest = nest ?? 0
    self.site = site ?? lg_site(file: nil, line: 0, column: 0)
  }
}

/// A lock that a thread asks for, holds or gives up, apart from the lock's own memory.
struct LockUse {
  var number: UInt64
  var lock: LockFlags
  var taking: Taking

  init(number: UInt64, _ lock: LockFlags, _ taking: Taking) {
    self.number = number
    self.lock = lock
    self.taking = taking
  }

  init(_ lock: UnsafeMutablePointer<lg_lock>, _ taking: Taking) {
    self.init(number: lock.pointee.number, LockFlags(of: lock), taking)
  }

  init(_ held: lg_held) {
    self.init(
      number: held.number, LockFlags(held.lock_class),
      Taking(held.traits, nest: held.nest, at: held.site))
  }

  init(_ waiting: lg_waiting) {
    self.init(
      number: waiting.number, LockFlags(waiting.lock_class),
      Taking(waiting.traits, nest: waiting.nest, at: waiting.site))
  }

  /// Orders come of it: neither the lock nor this use of it is exempt.
  var isOrdered: Bool { !taking.flags.isUnchecked && !lock.isUnordered }
}
