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

    package init(
      count: Int, examples: [Example], classes: Set<[String]>
    ) {
      self.count = count
      self.examples = examples
      self.classes = classes
    }
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

    package init(
      locks: [String], severity: Severity, confidence: Confidence? = nil, input: String,
      line: UInt64
    ) {
      self.locks = locks
      self.severity = severity
      self.confidence = confidence
      self.input = input
      self.line = line
    }
  }
}
