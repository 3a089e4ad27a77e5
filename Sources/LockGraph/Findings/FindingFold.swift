extension Finding {
  /// Several findings that are one but for their locks: same rule, same kinds and, step by step,
  /// the same places [semantics 26].
  public struct Fold: Sendable, Equatable {
    /// How many there are.
    public var count: Int
    /// Three of them, the surest first.
    public var examples: [Example]
    /// The classes of each, without repetition; of a policy's exceptions each must be meant.
    package var classes: Set<[String]>
  }

  /// One of those that a fold stands for.
  public struct Example: Sendable, Equatable {
    /// Its locks, step by step.
    public var locks: [String]
    /// How bad it is.
    public var severity: Severity
    /// How sure it is, if it is a deadlock.
    public var confidence: Confidence?
    /// The name of the input in which it was seen.
    public var input: String
    /// The line there at which it begins.
    public var line: UInt64
  }
}

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
  var text: String {
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
