// Deadlocks that happened [semantics 21 to 24].
extension Finding {
  /// - Parameter waiters: going round from where classes and modes are least, each waiting for the
  ///   next.
  /// - Parameter via: which of the locks that a waiter holds the one before it waits for, where it
  ///   is one.
  /// - Parameter pool: the class of the semaphore of which all permits are out; the waiters are
  ///   then sorted by what they have and want.
  /// - Parameter endedHolder: the end of the thread that had what the only waiter wants.
  static func deadlock(
    _ waiters: [Waiter], via: [Int?], pool: String? = nil, edges: [FindingEdge],
    endedHolder: FindingEvent?,
    occurrences: UInt64
  ) -> Finding {
    let sides = zip(waiters, via).map { waiter, via in
      (held: via.map { waiter.held[$0].lockClass }, wanted: waiter.wanted)
    }
    var fingerprint = Fingerprint(rule: .deadlock)
    var steps = sides.map { side in
      [side.held ?? "", side.wanted?.lockClass ?? "join", side.wanted?.mode.name ?? ""]
    }
    if let pool {
      // However many permits there are.
      steps = steps.indices.filter { $0 == 0 || steps[$0] != steps[$0 - 1] }.map { steps[$0] }
      fingerprint.add(pool)
    }
    fingerprint.add(circle: steps)
    if endedHolder != nil { fingerprint.add("ended") }
    var classes: [String] = []
    var seen: Set<String> = []
    for side in sides {
      for name in [side.held, side.wanted?.lockClass].compactMap(\.self)
      where seen.insert(name).inserted {
        classes.append(name)
      }
    }
    return Finding(
      .deadlock, fingerprint, title: title(waiters, pool, endedHolder), classes: classes,
      edges: edges,
      confidence: .observed,
      reason: pool.map { "all permits of \($0) are held by threads that wait" },
      isRecoverable: waiters.contains { !$0.options.isDisjoint(with: .canGiveUp) },
      events: endedHolder.map { [$0] } ?? [], waiters: waiters, occurrences: occurrences)
  }

  private static func title(
    _ waiters: [Waiter], _ pool: String?, _ endedHolder: FindingEvent?
  ) -> String {
    let first = waiters[0]
    let wanted = first.wanted?.lockClass ?? ""
    if let endedHolder {
      return "\(first.thread) waits for \(wanted), and \(endedHolder.thread), "
        + "which held it, has ended"
    }
    if let pool {
      switch waiters.count {
      case 1: return "\(first.thread) waits for a permit of \(pool), and has all of them"
      case 2:
        return "\(first.thread) and \(waiters[1].thread) wait for each other with all permits of "
          + pool
      default: return "\(waiters.count) threads wait for each other with all permits of \(pool)"
      }
    }
    switch waiters.count {
    case 1:
      return first.wanted == nil
        ? "\(first.thread) waits for its own end"
        : "\(first.thread) waits for \(wanted), which it holds itself"
    case 2: return "\(first.thread) and \(waiters[1].thread) wait for each other"
    default: return "\(waiters.count) threads wait for each other in a circle"
    }
  }
}
