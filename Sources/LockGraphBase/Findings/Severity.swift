/// How bad a finding is, worst first.
public enum Severity: String, Sendable, CaseIterable {
  case error, warning, note

  /// Less is worse.
  package var rank: Int { Severity.allCases.firstIndex(of: self)! }
}
