import LockGraph

/// Which findings fail a test.
enum FailureThreshold: Sendable {
  case severity(Severity)
  case confidence(Confidence)

  func fails(_ finding: Finding) -> Bool {
    switch self {
    case .severity(let least):
      return finding.severity.rank <= least.rank
    case .confidence(let least):
      // What has no confidence is no possibility: it happened.
      guard let confidence = finding.confidence else { return finding.severity != .note }
      return confidence <= least
    }
  }
}
