// Deadlocks that happened [semantics 21 to 24].
extension Finding {
  /// - Parameter waiters: going round from where classes and modes are least, each waiting for the
  ///   next.
  /// - Parameter via: which of the locks that a waiter holds the one before it waits for, where it
  ///   is one.
  /// - Parameter endedHolder: the end of the thread that had what the only waiter wants.
  static func deadlock(
    _ waiters: [Waiter], via: [Int?], edges: [FindingEdge], endedHolder: FindingEvent?,
    occurrences: UInt64
  ) -> Finding {
    let sides = zip(waiters, via).map { waiter, via in
      (held: via.map { waiter.held[$0].lockClass }, wanted: waiter.wanted)
    }
    var fingerprint = Fingerprint(rule: .deadlock)
    fingerprint.add(
      circle: sides.map { side in
        [side.held ?? "", side.wanted?.lockClass ?? "join", side.wanted?.mode.name ?? ""]
      })
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
      .deadlock, fingerprint, title: title(waiters, endedHolder), classes: classes, edges: edges,
      confidence: .observed, reason: nil,
      isRecoverable: waiters.contains { !$0.options.isDisjoint(with: .canGiveUp) },
      events: endedHolder.map { [$0] } ?? [], waiters: waiters, occurrences: occurrences)
  }

  private static func title(_ waiters: [Waiter], _ endedHolder: FindingEvent?) -> String {
    let first = waiters[0]
    let wanted = first.wanted?.lockClass ?? ""
    if let endedHolder {
      return "\(first.thread) waits for \(wanted), and \(endedHolder.thread), "
        + "which held it, has ended"
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
