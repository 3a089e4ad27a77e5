import ArgumentParser
import LockGraph

extension Confidence: ExpressibleByArgument {}

/// Which findings matter; shared by `analyze` and `gate`.
struct FindingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The least certain deadlock that fails a gate: observed, predicted, feasible, ordering or excluded.",
      valueName: "confidence"))
  var failOn: Confidence = .ordering

  @Option(
    help: ArgumentHelp(
      "Look for these rules only, separated by commas.", valueName: "rule,..."),
    transform: RuleArgument.rules(separatedByCommas:))
  var rules: [Rule]?

  /// The rules that are looked for.
  var checkedRules: [Rule] { (rules ?? Rule.allCases).filter(\.isChecked) }

  /// The analysis with the findings of the chosen rules only.
  func selecting(_ analysis: Analysis) -> Analysis {
    guard let rules else { return analysis }
    for rule in rules where !rule.isChecked {
      Terminal.message("warning: this version does not check '\(rule.rawValue)' yet")
    }
    var selected = analysis
    selected.findings.removeAll { !rules.contains($0.rule) }
    if !rules.contains(.lockOrderInversion) {
      selected.summary.omittedFindings = 0
      selected.summary.uncoveredDependencies = 0
    }
    return selected
  }

  /// What the gate makes of an analysis with the chosen rules.
  func verdict(on analysis: Analysis) -> GateVerdict {
    GateVerdict(
      standings: analysis.findings.map { fails($0) ? .failing : .belowThreshold },
      remarks: omissionRemark(on: analysis).map { [$0] } ?? [])
  }

  /// Whether a finding fails the gate: a deadlock by its confidence, another by its severity.
  private func fails(_ finding: Finding) -> Bool {
    finding.confidence.map { $0 <= failOn } ?? (finding.severity != .note)
  }

  /// The cycles that were not listed, and so not graded, fail the gate: one of them could be feasible.
  private func omissionRemark(on analysis: Analysis) -> GateVerdict.Remark? {
    let summary = analysis.summary
    guard summary.omittedFindings > 0 || summary.uncoveredDependencies > 0,
      failOn >= .feasible, rules?.contains(.lockOrderInversion) ?? true
    else { return nil }
    return GateVerdict.Remark(isViolation: true, text: "more cycles than can be listed")
  }
}

enum RuleArgument {
  /// No rule at all would let everything pass, and is more likely a variable that is not set.
  static func rules(separatedByCommas text: String) throws -> [Rule] {
    let names = text.split { $0 == "," || $0 == " " }
    guard !names.isEmpty else { throw ValidationError("No rule is named.") }
    return try names.map { try rule(named: String($0)) }
  }

  static func rule(named name: String) throws -> Rule {
    if let rule = Rule(rawValue: name) { return rule }
    let names = Rule.allCases.map(\.rawValue)
    let hint = nearestWord(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "'\(name)' is no rule.\(hint) Rules are \(names.joined(separator: ", ")).")
  }
}
