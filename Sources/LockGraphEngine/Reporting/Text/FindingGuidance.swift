/// Why a finding counts and what usually helps, as the text report says it, for reports that lay it
/// out themselves.
package struct FindingGuidance {
  /// Sentences or paragraphs.
  package let reasons: [String]
  /// What may be done, one way each.
  package let advice: [String]

  package init(_ finding: Finding) {
    let report = TextReport(width: 80)
    let isCycle = !finding.edges.isEmpty && !finding.isClosedByJoin
    switch finding.rule {
    case .deadlock where !finding.waiters.isEmpty:
      reasons = finding.confidenceSentence.map { [$0] } ?? []
      advice = report.deadlockAdvice(finding)
    case .lockOrderInversion where isCycle, .recursiveAcquisition where isCycle:
      let scenario = InversionScenario(finding)
      reasons = report.reasons(scenario, finding)
      advice = report.advice(scenario, finding)
    default:
      reasons = finding.meaningParagraphs + (finding.confidenceSentence.map { [$0] } ?? [])
      advice = [finding.userSpaceWords?.advice ?? finding.rule.advice].compactMap(\.self)
    }
  }
}
