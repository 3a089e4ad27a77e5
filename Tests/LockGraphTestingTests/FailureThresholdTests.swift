import Testing

@testable import LockGraph
@testable import LockGraphTesting

extension LockGraphTestingSuite {
  @Suite("Thresholds")
  struct FailureThresholdTests {
    private func finding(_ severity: Severity, _ confidence: Confidence? = nil) -> Finding {
      Finding(
        fingerprint: "", rule: .lockOrderInversion, severity: severity, confidence: confidence,
        title: "", classes: [], edges: [], events: [], occurrences: 1)
    }

    @Test("A finding fails if it is at least so severe", arguments: Severity.allCases)
    func severity(_ least: Severity) {
      let worstFirst: [Severity] = [.error, .warning, .note]
      let failing = worstFirst.filter { FailureThreshold.severity(least).fails(finding($0)) }
      #expect(failing == Array(worstFirst[...worstFirst.firstIndex(of: least)!]))
    }

    @Test("A deadlock fails if it is at least so sure", arguments: Confidence.allCases)
    func confidence(_ least: Confidence) {
      let failing = Confidence.allCases.filter {
        FailureThreshold.confidence(least).fails(finding($0.severity, $0))
      }
      #expect(failing == Array(Confidence.allCases[...Confidence.allCases.firstIndex(of: least)!]))
    }

    @Test("What is no possibility is sure, unless it is a note")
    func withoutConfidence() {
      let surest = FailureThreshold.confidence(.observed)
      #expect(surest.fails(finding(.error)))
      #expect(surest.fails(finding(.warning)))
      #expect(!surest.fails(finding(.note)))
    }
  }
}
