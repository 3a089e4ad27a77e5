/// How bad a finding is.
public enum Severity: String, Sendable, CaseIterable {
  case error, warning, note
}
