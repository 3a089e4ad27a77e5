/// A circle of requests of different threads, each of which waits for the next one's thread, by
/// numbers of request groups: it stands for all combinations of their events.
struct DeadlockPattern: Hashable, Sendable {
  var groups: [Int]
}

extension Execution {
  /// Whether who asks so waits for a thread that is at the other request, as long as that waits.
  func waits(_ one: RequestGroup, for next: RequestGroup) -> Bool {
    isKeptOut(one, by: next) || isQueued(one, behind: next)
  }

  /// Whether a thread has what another one asks for.
  func isKeptOut(_ one: RequestGroup, by next: RequestGroup) -> Bool {
    switch one.wish {
    case .end(let thread): next.thread == thread
    case .lock(let lock, let mode):
      next.holds.contains { $0.lock == lock && mode.waits(for: $0.mode) }
    }
  }

  /// Whether a reader waits behind one who waits to write. Whom that one waits for, the circle
  /// says; who upgrades keeps nobody waiting who could not write.
  func isQueued(_ one: RequestGroup, behind next: RequestGroup) -> Bool {
    guard case .lock(let lock, let mode) = one.wish, mode.waitsBehindWriters else { return false }
    return next.wish == .lock(lock, .write) && !next.holds.contains { $0.lock == lock }
  }

  /// The locks that a pattern's threads have.
  func openHolds(_ pattern: DeadlockPattern) -> [PrefixClosure.StaysOpen] {
    pattern.groups.flatMap { number in
      requests[number].holds.map {
        PrefixClosure.StaysOpen(hold: $0, thread: requests[number].thread)
      }
    }
  }
}
