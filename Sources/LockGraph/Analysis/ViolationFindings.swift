/// Findings from violations that single events are.

extension EvidenceResolver {
  func finding(_ violation: ViolationStore.Violation) -> Finding {
    let key = violation.key
    let name = table.name(of: key.lockClass)
    let other = key.otherClass.map { table.name(of: $0) }
    let events = violation.events.map(event)
    var fingerprint = Fingerprint(rule: key.rule)
    fingerprint.add("\(key.variant)")
    fingerprint.add(name)
    if let other { fingerprint.add(other) }
    return Finding(
      fingerprint: fingerprint.text, rule: key.rule, severity: key.rule.severity,
      confidence: nil, confidenceReason: nil, recoverable: nil,
      title: title(key.variant, name, other, events), classes: [name] + (other.map { [$0] } ?? []),
      edges: [], events: events, occurrences: violation.count)
  }

  private func title(
    _ variant: ViolationStore.Variant, _ name: String, _ other: String?, _ events: [FindingEvent]
  ) -> String {
    let thread = events[0].thread
    let holder = events.dropFirst().first?.thread ?? ""
    switch variant {
    case .notHeld: return "\(thread) releases \(name), which nobody holds"
    case .heldByOther: return "\(thread) releases \(name), which \(holder) holds"
    case .exited: return "\(thread) ends while it holds \(name)"
    case .destroyed: return "\(name) is destroyed by \(thread) while \(holder) holds it"
    case .initialized: return "\(name) is initialised again by \(thread) while \(holder) holds it"
    case .neverTaken: return "\(name) is nested under \(other ?? ""), which \(thread) does not hold"
    case .releasedFirst:
      return "\(other ?? "") is released by \(thread) while \(name), nested under it, is held"
    }
  }
}
