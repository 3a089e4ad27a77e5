// A plug-in with locks in both orders.

import Foundation
import LockGraph

enum Locks {
  static let one = ValidatedLock(name: "Plug-in one")
  static let other = ReadWriteLock(name: "Plug-in other")
}

@_cdecl("use_locks") public func useLocks() {
  Locks.one.withLock { Locks.other.withWriteLock {} }
  let thread = Thread { Locks.other.withWriteLock { Locks.one.withLock {} } }
  thread.start()
  while !thread.isFinished { usleep(200) }
}
