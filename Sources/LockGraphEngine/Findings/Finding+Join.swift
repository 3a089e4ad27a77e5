// Deadlocks that did not happen and that the end of a thread closes [semantics 21 to 24].
extension Finding {
  /// - Parameter waiters: going round from where classes and modes are least, each waiting for the
  ///   next.
  /// - Parameter via: which of the locks that a waiter holds the one before it waits for, where it
  ///   is one.
  static func joinInversion(
    _ waiters: [Waiter], via: [Int?], edges: [FindingEdge], confidence: Confidence,
    reason: String?, occurrences: UInt64
  ) -> Finding {
    let sides = zip(waiters, via).map { waiter, via in
      (held: via.map { waiter.held[$0].lockClass }, wanted: waiter.wanted)
    }
    var classes: [String] = []
    for side in sides {
      for name in [side.held, side.wanted?.lockClass].compactMap(\.self)
      where !classes.contains(name) {
        classes.append(name)
      }
    }
    return Finding(
      .lockOrderInversion, joinFingerprint(sides), title: joinTitle(waiters, via),
      classes: classes, edges: edges, confidence: confidence, reason: reason,
      isRecoverable: waiters.contains { !$0.options.isDisjoint(with: .canGiveUp) },
      waiters: waiters, occurrences: occurrences)
  }

  private static func joinFingerprint(
    _ sides: [(held: String?, wanted: WitnessedLock?)]
  ) -> Fingerprint {
    var fingerprint = Fingerprint(rule: .lockOrderInversion)
    fingerprint.add(
      circle: sides.map { side in
        [side.held ?? "", side.wanted?.lockClass ?? "join", side.wanted?.mode.name ?? ""]
      })
    return fingerprint
  }

  private static func joinTitle(_ waiters: [Waiter], _ via: [Int?]) -> String {
    let first = waiters.indices.first { waiters[$0].wanted == nil && via[$0] != nil }
    guard let first, let held = via[first] else { return "a join closes a circle" }
    let (joiner, name) = (waiters[first], waiters[first].held[held].lockClass)
    let taker = waiters[(first + 1) % waiters.count]
    let text = "\(joiner.thread) waits for the end of \(joiner.blockedBy) while it holds \(name)"
    return waiters.count == 2 && taker.wanted?.lockClass == name
      ? "\(text), which \(taker.thread) takes" : "\(text), which closes a circle of waits"
  }

  /// It is a potential deadlock that the end of a thread closes.
  package var isClosedByJoin: Bool { rule == .lockOrderInversion && !waiters.isEmpty }

  /// Of a deadlock that happened and that the end of a thread closes, the fingerprint that it would
  /// have if it had not.
  var fingerprintAsInversion: String? {
    guard rule == .deadlock, waiters.count > 1, waiters.contains(where: { $0.wanted == nil }) else {
      return nil
    }
    let sides = waiters.indices.map { number -> (held: String?, wanted: WitnessedLock?) in
      let before = waiters[(number + waiters.count - 1) % waiters.count].wanted
      let held = before.flatMap { before in
        waiters[number].held.last { $0.lock == before.lock }?.lockClass
      }
      return (held, waiters[number].wanted)
    }
    return Self.joinFingerprint(sides).text
  }
}
