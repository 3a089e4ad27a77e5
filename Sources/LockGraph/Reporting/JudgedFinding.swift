/// A finding with what the gate makes of it and where it is, for formats that others read: names are short enough for
/// them, and paths relative to the source root.
struct JudgedFinding {
  /// From 1, in the order of the analysis.
  let number: Int
  let finding: Finding
  let standing: GateVerdict.Standing
  /// The finding's, or where another finding of the report has the same, made different from it.
  let fingerprint: String
  /// What each thread does in it; empty where nothing is known.
  let paths: [FindingPath]
  /// Where to show it.
  let place: ReportPlace

  /// All that the report for people says of it, without a newline at its end.
  var evidence: String {
    var text = TextReport(self).text
    while text.last == "\n" { text.removeLast() }
    return text
  }

  /// All findings of an analysis, in its order.
  static func all(
    _ analysis: Analysis, _ verdict: GateVerdict, _ settings: ReportSettings
  ) -> [JudgedFinding] {
    precondition(
      analysis.findings.count == verdict.standings.count, "every finding needs a standing")
    var names = UniqueNames()
    let elsewhere = settings.place(of: analysis.inputs)
    return zip(analysis.findings, verdict.standings).enumerated().map { number, judged in
      let finding = ReportedTexts(settings).finding(judged.0)
      let paths = FindingPath.paths(of: finding, settings)
      return JudgedFinding(
        number: number + 1, finding: finding, standing: judged.1,
        fingerprint: names.unique(finding.fingerprint), paths: paths,
        place: paths.primaryPlace ?? elsewhere)
    }
  }
}

extension Finding {
  /// The rule, and the confidence if it has one.
  var tag: String {
    confidence.map { "\(rule.rawValue), \($0.rawValue)" } ?? rule.rawValue
  }
}
