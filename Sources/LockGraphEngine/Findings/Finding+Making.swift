// Findings are made in this folder and nowhere else: for each rule one function gives title,
// fingerprint and severity, whether events, a graph, a declaration or another validator shows it.
// What helps is the rule's `advice`.
extension Finding {
  /// A finding without a confidence; its severity is the rule's.
  init(
    _ rule: Rule, _ fingerprint: Fingerprint, title: String, classes: [String],
    edges: [FindingEdge] = [], context: InterruptContext? = nil, events: [FindingEvent] = [],
    occurrences: UInt64
  ) {
    self.init(
      fingerprint: fingerprint.text, lineFreeFingerprint: fingerprint.lineFreeText, rule: rule,
      severity: rule.severity, title: title, classes: classes, edges: edges, context: context,
      events: events, occurrences: occurrences)
  }

  /// A deadlock or what can be one; the confidence decides its severity.
  init(
    _ rule: Rule, _ fingerprint: Fingerprint, title: String, classes: [String],
    edges: [FindingEdge], confidence: Confidence, reason: String?, isRecoverable: Bool,
    events: [FindingEvent] = [],
    waiters: [Waiter] = [], occurrences: UInt64
  ) {
    self.init(
      fingerprint: fingerprint.text, lineFreeFingerprint: fingerprint.lineFreeText, rule: rule,
      severity: confidence.severity, confidence: confidence, confidenceReason: reason,
      recoverable: isRecoverable, title: title, classes: classes, edges: edges, events: events,
      waiters: waiters, occurrences: occurrences)
  }

  /// Whether of two that are alike this one is surer, or worse.
  func isSurer(than other: Finding) -> Bool {
    if let confidence, let known = other.confidence { return confidence < known }
    return severity.rank < other.severity.rank
  }

  /// Of a cycle or path, as often as the dependency that was established least often, and once at
  /// least.
  static func occurrences(of edges: [FindingEdge]) -> UInt64 {
    max(1, edges.map(\.count).min() ?? 1)
  }
}
