/// From where on findings of a rule fail a gate.
public enum FailureGrade: Sendable, Equatable {
  /// Deadlocks at least as sure as this.
  case confidence(Confidence)
  /// Findings at least as bad as this.
  case severity(Severity)
  /// None does.
  case never
}

extension Rule {
  /// What a grade of it can be, in words: a confidence for deadlocks, a severity for others.
  package var gradeWords: [String] {
    (hasConfidence ? Confidence.allCases.map(\.rawValue) : Severity.allCases.map(\.rawValue))
      + ["never"]
  }

  /// The grade that a word is.
  package func grade(_ word: String) -> FailureGrade? {
    if word == "never" { return .never }
    return hasConfidence
      ? Confidence(rawValue: word).map { .confidence($0) }
      : Severity(rawValue: word).map { .severity($0) }
  }
}
