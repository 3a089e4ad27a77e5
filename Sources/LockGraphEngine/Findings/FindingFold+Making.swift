extension Finding.Fold {
  /// How many examples are shown.
  static let shown = 3

  /// A fold of one.
  init(_ finding: Finding) {
    self.init(count: 1, examples: [Finding.Example(finding)], classes: [finding.classes])
  }

  mutating func add(_ other: Finding.Fold) {
    count += other.count
    classes.formUnion(other.classes)
    examples = Array(
      (examples + other.examples).sorted(by: Finding.Example.precedes).prefix(Self.shown))
  }

  /// How many there are and which, in a sentence without a full stop.
  package var text: String {
    let shown = examples.map { example in
      "\(example.locks.joined(separator: ", ")) (\(example.input):\(example.line))"
    }
    return "stands for \(Counted.grouped(count, "finding")) that differ in their locks alone, as "
      + shown.joined(separator: "; ")
  }
}

extension Finding.Example {
  /// A finding as an example of those that are like it.
  init(_ finding: Finding) {
    let sides = finding.edges.map { $0.witnesses[0] }
    let events = finding.events
    let locks =
      finding.waiters.isEmpty
      ? (sides.isEmpty ? events.compactMap(\.lock?.lock) : sides.map(\.held.lock))
      : finding.waiters.map { $0.wanted?.lock ?? $0.blockedBy }
    self.init(
      locks: locks.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
      severity: finding.severity, confidence: finding.confidence,
      input: sides.first?.input ?? finding.waiters.first?.input ?? events.first?.input ?? "",
      line: sides.first?.line ?? finding.waiters.first?.line ?? events.first?.line ?? 0)
  }

  /// The worse and surer first, then by names: an order that the events' order does not touch.
  static func precedes(_ one: Finding.Example, _ other: Finding.Example) -> Bool {
    if one.severity != other.severity { return one.severity.rank < other.severity.rank }
    let (sure, otherSure) = (one.confidence ?? .observed, other.confidence ?? .observed)
    if sure != otherSure { return sure < otherSure }
    if one.locks != other.locks { return one.locks.lexicographicallyPrecedes(other.locks) }
    return (one.input, one.line) < (other.input, other.line)
  }
}
