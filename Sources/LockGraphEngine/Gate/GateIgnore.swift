/// Findings that a policy lets through: those of a rule between certain classes.
public struct GateIgnore: Sendable, Equatable {
  /// The rule.
  public var rule: Rule
  /// Each class of a finding must match one of them, and each of them a class.
  public var classes: [ClassPattern]
  /// Why, who answers for it, until when, and where it is written.
  public var exception: GateException
  /// The last day on which it holds; `nil` if it holds for good.
  public var expires: CalendarDate?

  /// An entry as it is written somewhere.
  public init(
    rule: Rule, classes: [ClassPattern], reason: String, owner: String? = nil,
    expires: CalendarDate? = nil, source: String
  ) {
    self.rule = rule
    self.classes = classes
    self.expires = expires
    exception = GateException(
      reason: reason, owner: owner, expires: expires?.description, source: source)
  }

  /// Whether it means a finding; of one that stands for several, each of them.
  public func matches(_ finding: Finding) -> Bool {
    finding.classSets.allSatisfy { matches(finding.rule, $0) }
  }

  func matches(_ rule: Rule, _ names: [ClassName]) -> Bool {
    rule == self.rule
      && names.allSatisfy { name in classes.contains { $0.matches(name) } }
      && classes.allSatisfy { pattern in names.contains { pattern.matches($0) } }
  }
}

extension Finding {
  /// The classes of each finding that it stands for.
  var classSets: [[ClassName]] {
    (fold?.classes.map { $0 } ?? [classes]).map { $0.map { ClassName($0) } }
  }
}
