// What graph files keep of findings: all of them but how often they happened, which is counted for
// each input, and what policies say.
extension Finding: EncodedValue {
  static var noun: String { "finding" }

  static var blank: Finding {
    Finding(
      fingerprint: "", rule: .lockOrderInversion, severity: .error, title: "", classes: [],
      edges: [], events: [], occurrences: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("fingerprint", &fingerprint)
    try visit.text("line-free fingerprint", &lineFreeFingerprint)
    try visit.word("rule", &rule)
    try visit.word("variant", &variant)
    try visit.word("severity", &severity)
    try visit.word("confidence", &confidence)
    try visit.text("reason of the confidence", &confidenceReason)
    try visit.bits("recoverable", &recoverable)
    try visit.text("title", &title)
    try visit.texts("classes", &classes)
    try visit.bits("hidden by nesting levels", &isHiddenByNestingLevels)
    try visit.bits("context", &context)
    try visit.values("dependencies", &edges)
    try visit.values("events", &events)
    try visit.values("waiters", &waiters)
  }

  /// Reports show the first of each.
  var flaw: String? {
    let isWithoutEvidence =
      edges.isEmpty && events.isEmpty && waiters.isEmpty
      || edges.contains { $0.witnesses.isEmpty }
    return isWithoutEvidence ? "a finding without evidence" : nil
  }
}

extension FindingEdge: EncodedValue {
  static var noun: String { "dependency of a finding" }

  static var blank: FindingEdge {
    FindingEdge(from: "", to: "", kinds: [], decidingKind: [], count: 0, witnesses: [])
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("from", &from)
    try visit.text("to", &to)
    try visit.bits("kinds", &kinds)
    try visit.bits("deciding kind", &decidingKind)
    try visit.count("count", &count)
    try visit.bits("kinds assumed", &areKindsAssumed)
    try visit.bits("more witnesses", &hasMoreWitnesses)
    try visit.values("witnesses", &witnesses)
  }

  var flaw: String? { decidingKind.isEmpty ? "a dependency without a kind" : nil }
}

extension Witness: EncodedValue {
  static var noun: String { "witness of a finding" }

  static var blank: Witness {
    Witness(
      thread: "", held: .blank, wanted: .blank, kind: [], options: [], alsoHeld: [], input: "",
      line: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("thread", &thread)
    try visit.value("held", &held)
    try visit.value("wanted", &wanted)
    try visit.bits("kind", &kind)
    try visit.bits("stated", &isStated)
    try visit.bits("options", &options)
    try visit.values("also held", &alsoHeld)
    try visit.text("input", &input)
    try visit.number("line", &line)
  }

  var flaw: String? { isStated || !kind.isEmpty ? nil : "a witness without a kind" }
}

extension WitnessedLock: EncodedValue {
  static var noun: String { "lock of a finding" }

  static var blank: WitnessedLock {
    WitnessedLock(lock: "", lockClass: "", mode: .write, stack: [], line: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("lock", &lock)
    try visit.text("class", &lockClass)
    try visit.bits("mode", &mode)
    try visit.bits("class by", &classOrigin)
    try visit.text("place", &at)
    try visit.texts("stack", &stack)
    try visit.number("line", &line)
    try visit.bits("kind", &kind)
  }
}

extension FindingEvent: EncodedValue {
  static var noun: String { "event of a finding" }

  static var blank: FindingEvent {
    FindingEvent(role: .acquire, thread: "", stack: [], input: "", line: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.word("role", &role)
    try visit.text("thread", &thread)
    try visit.value("lock", &lock)
    try visit.text("place", &at)
    try visit.texts("stack", &stack)
    try visit.text("input", &input)
    try visit.number("line", &line)
  }
}

extension Finding.Waiter: EncodedValue {
  static var noun: String { "waiter of a finding" }

  static var blank: Finding.Waiter {
    Finding.Waiter(
      thread: "", blockedBy: "", hasHolderEnded: false, options: [], held: [], stack: [],
      input: "", line: 0)
  }

  mutating func fields<Visitor: FieldVisitor>(_ visit: inout Visitor) throws(Visitor.Failure) {
    try visit.text("thread", &thread)
    try visit.value("wanted", &wanted)
    try visit.text("blocked by", &blockedBy)
    try visit.bits("holder has ended", &hasHolderEnded)
    try visit.bits("options", &options)
    try visit.values("held", &held)
    try visit.text("place", &at)
    try visit.texts("stack", &stack)
    try visit.text("input", &input)
    try visit.number("line", &line)
    try visit.signed("time", &time)
  }
}
