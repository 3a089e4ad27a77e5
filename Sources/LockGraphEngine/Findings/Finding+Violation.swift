// Violations that single events are [semantics 8, 16 to 18].
extension Finding {
  /// - Parameter lockClass: of the lock that it is about, if it is about one.
  /// - Parameter otherClass: of the other lock that matters.
  /// - Parameter detail: what tells it from others where the locks do not.
  /// - Parameter events: the offending one first, then the one that makes it wrong.
  /// - Parameter isReported: another validator reports it, which does not tell all that events do.
  static func violation(
    _ variant: ViolationVariant, of lockClass: String?, and otherClass: String? = nil,
    in context: InterruptContext? = nil, detail: [String] = [], events: [FindingEvent],
    isReported: Bool = false, occurrences: UInt64 = 1
  ) -> Finding {
    let rule = variant.rule
    var fingerprint = Fingerprint(rule: rule)
    fingerprint.add(variant.identity)
    for part in [lockClass, otherClass, context?.name] { if let part { fingerprint.add(part) } }
    for part in detail { fingerprint.add(part) }
    let classes = [lockClass, otherClass].compactMap(\.self)
    let words = Words(
      thread: events[0].thread, lock: lockClass ?? "locks", other: otherClass ?? "",
      holder: events.dropFirst().first?.thread ?? "", context: context?.name ?? "",
      isReported: isReported)
    var finding = Finding(
      rule, fingerprint, title: words.title(variant),
      classes: classes.count == 2 && classes[0] == classes[1] ? [classes[0]] : classes,
      context: context, events: events, occurrences: occurrences)
    finding.severity = variant.severity
    finding.variant = variant
    return finding
  }

  /// What is left of a report that is cut off.
  ///
  /// - Parameter classes: those that it names.
  static func cutOff(
    _ rule: Rule, of classes: [String], title: String, confidence: Confidence? = nil,
    reason: String? = nil, events: [FindingEvent]
  ) -> Finding {
    var fingerprint = Fingerprint(rule: rule)
    fingerprint.add("cut off")
    for name in classes.sorted() { fingerprint.add(name) }
    let confidence = rule.hasConfidence ? confidence ?? .ordering : nil
    var finding = Finding(
      rule, fingerprint, title: title, classes: classes, events: events, occurrences: 1)
    finding.confidence = confidence
    finding.confidenceReason =
      confidence == nil ? nil : reason ?? "the report is cut off, and does not tell all"
    if let confidence {
      finding.severity = confidence.severity
      finding.recoverable = false
    }
    return finding
  }

  /// Something that the kernel asserts and that is not so.
  ///
  /// - Parameter parts: what tells it from other assertions.
  static func kernelAssertion(
    _ parts: [String], title: String, of lockClass: String? = nil, events: [FindingEvent]
  ) -> Finding {
    var fingerprint = Fingerprint(rule: .assertionFailed)
    for part in ["kernel"] + parts { fingerprint.add(part) }
    return Finding(
      .assertionFailed, fingerprint, title: title, classes: lockClass.map { [$0] } ?? [],
      events: events, occurrences: 1)
  }
}

/// What titles are made of.
private struct Words {
  var thread: String
  var lock: String
  var other: String
  var holder: String
  var context: String
  var isReported: Bool

  func title(_ variant: ViolationVariant) -> String {
    switch variant {
    case .notHeld:
      "\(thread) releases \(lock), "
        + (isReported ? "which it does not hold" : "which nobody holds")
    case .heldByOther: "\(thread) releases \(lock), which \(holder) holds"
    case .wrongProcessor: "\(thread) releases \(lock) on a processor that did not take it"
    case .heldByInterrupted:
      "\(thread) releases \(lock) in \(context) context, which the interrupted code holds"
    case .exited: "\(thread) ends while it holds \(lock)"
    case .frozen: "\(thread) goes into the freezer while it holds \(lock)"
    case .executed: "\(thread) executes another program while it holds \(lock)"
    case .workEnded: "\(thread) ends a work item while it holds \(lock)"
    case .badMagic: "\(thread) uses \(lock), which is overwritten, freed or not initialised"
    case .returned: "\(thread) returns to user space while it holds \(lock)"
    case .destroyed:
      isReported
        ? "\(lock) is freed by \(thread), which holds it"
        : "\(lock) is destroyed by \(thread) while \(holder) holds it"
    case .initialized: "\(lock) is initialised again by \(thread) while \(holder) holds it"
    case .neverTaken: "\(lock) is nested under \(other), which \(thread) does not hold"
    case .releasedFirst: "\(other) is released by \(thread) while \(lock), nested under it, is held"
    case .waitsInContext:
      "\(lock), which may sleep, is taken in "
        + (isReported ? "a context that must not" : "\(context) context")
    case .waitsHolding: "\(lock), which may sleep, is taken while \(other) is held"
    case .waitsUnderSpin:
      "\(lock), which may sleep, is taken while \(other), for which others spin, is held"
    case .spinsInContext:
      "\(lock), which sleeps on real-time kernels, is taken in \(context) context"
    case .spinsHolding:
      "\(lock), which sleeps on real-time kernels, is taken while \(other) is held"
    case .sleepsInContext:
      "\(thread) may sleep in " + (isReported ? "a context that must not" : "\(context) context")
    case .sleepsHolding: "\(thread) may sleep while it holds \(lock)"
    case .assertedHeld: "\(thread) asserts that it holds \(lock), and does not"
    case .assertedNotHeld: "\(thread) asserts that it does not hold \(lock), and does"
    case .assertedRead: "\(thread) asserts that it holds \(lock) for reading, and does not"
    case .assertedWrite: "\(thread) asserts that it holds \(lock) for writing, and does not"
    case .pinnedUnheld: "\(thread) pins \(lock), which it does not hold"
    case .notPinned: "\(thread) unpins \(lock), which is not pinned"
    case .releasedPinned: "\(thread) releases \(lock), which is pinned"
    case .notEntered: "\(thread) leaves \(context) context, which it did not enter"
    case .leftOutOfOrder: "\(thread) leaves \(context) context before another that it entered later"
    case .leftHolding: "\(thread) leaves \(context) context while it holds \(lock)"
    case .notMasked: "\(thread) unmasks \(context)s more often than it masked them"
    case .endedInside: "\(thread) ends inside \(context) context"
    case .suspendedHolding: "\(holder) is suspended while it holds \(lock)"
    case .resumedHolding: "\(thread) resumes a continuation while it holds \(lock)"
    case .raisedFromZero: "\(thread) retains \(lock), which has no references left"
    case .loweredBelowZero: "\(thread) releases \(lock), which has no references left"
    case .saturated: "\(lock) has more references than can be counted, and is never freed"
    case .waitsOnCondition: "\(thread) waits on a condition while it holds \(lock)"
    }
  }
}
