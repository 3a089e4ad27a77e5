/// Findings from violations that single events are.

extension EvidenceResolver {
  func finding(_ violation: ViolationStore.Violation) -> Finding {
    let key = violation.key
    let name = key.lockClass.map { table.name(of: $0) }
    let other = key.otherClass.map { table.name(of: $0) }
    let events = violation.events.map(event)
    var fingerprint = Fingerprint(rule: key.rule)
    fingerprint.add("\(key.variant)")
    for part in [name, other, key.context?.name] { if let part { fingerprint.add(part) } }
    let classes = [name, other].compactMap { $0 }
    return Finding(
      fingerprint: fingerprint.text, lineFreeFingerprint: fingerprint.lineFreeText,
      rule: key.rule, severity: key.rule.severity,
      confidence: nil, confidenceReason: nil, recoverable: nil,
      title: title(key, name ?? "", other ?? "", events),
      classes: classes.count == 2 && classes[0] == classes[1] ? [classes[0]] : classes,
      edges: [], context: key.context, events: events, occurrences: violation.count)
  }

  private func title(
    _ key: ViolationStore.Key, _ name: String, _ other: String, _ events: [FindingEvent]
  ) -> String {
    let thread = events[0].thread
    let holder = events.dropFirst().first?.thread ?? ""
    let context = key.context?.name ?? ""
    switch key.variant {
    case .notHeld: return "\(thread) releases \(name), which nobody holds"
    case .heldByOther: return "\(thread) releases \(name), which \(holder) holds"
    case .exited: return "\(thread) ends while it holds \(name)"
    case .destroyed: return "\(name) is destroyed by \(thread) while \(holder) holds it"
    case .initialized: return "\(name) is initialised again by \(thread) while \(holder) holds it"
    case .neverTaken: return "\(name) is nested under \(other), which \(thread) does not hold"
    case .releasedFirst:
      return "\(other) is released by \(thread) while \(name), nested under it, is held"
    case .waitsInContext: return "\(name), which may sleep, is taken in \(context) context"
    case .waitsHolding: return "\(name), which may sleep, is taken while \(other) is held"
    case .spinsInContext:
      return "\(name), which sleeps on real-time kernels, is taken in \(context) context"
    case .spinsHolding:
      return "\(name), which sleeps on real-time kernels, is taken while \(other) is held"
    case .sleepsInContext: return "\(thread) may sleep in \(context) context"
    case .sleepsHolding: return "\(thread) may sleep while it holds \(name)"
    case .assertedHeld: return "\(thread) asserts that it holds \(name), and does not"
    case .assertedNotHeld: return "\(thread) asserts that it does not hold \(name), and does"
    case .assertedRead: return "\(thread) asserts that it holds \(name) for reading, and does not"
    case .assertedWrite: return "\(thread) asserts that it holds \(name) for writing, and does not"
    case .pinnedUnheld: return "\(thread) pins \(name), which it does not hold"
    case .notPinned: return "\(thread) unpins \(name), which is not pinned"
    case .releasedPinned: return "\(thread) releases \(name), which is pinned"
    case .notEntered: return "\(thread) leaves \(context) context, which it did not enter"
    case .leftOutOfOrder:
      return "\(thread) leaves \(context) context before another that it entered later"
    case .leftHolding: return "\(thread) leaves \(context) context while it holds \(name)"
    case .notMasked: return "\(thread) unmasks \(context)s more often than it masked them"
    case .endedInside: return "\(thread) ends inside \(context) context"
    case .raisedFromZero: return "\(thread) retains \(name), which has no references left"
    case .loweredBelowZero: return "\(thread) releases \(name), which has no references left"
    case .saturated: return "\(name) has more references than can be counted, and is never freed"
    case .waitsOnCondition: return "\(thread) waits on a condition while it holds \(name)"
    }
  }
}
