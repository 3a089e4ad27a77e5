/// An analysis with what the gate makes of it, as the reports for CI systems show it; made once for
/// all of them.
public struct JudgedAnalysis {
  let analysis: Analysis
  let verdict: GateVerdict
  let settings: ReportSettings
  /// In the order of the analysis.
  let findings: [JudgedFinding]

  /// Takes an analysis and a verdict with one standing for each of its findings.
  ///
  /// - Complexity: O(findings).
  public init(
    _ analysis: Analysis, _ verdict: GateVerdict, settings: ReportSettings = ReportSettings()
  ) {
    precondition(
      analysis.findings.count == verdict.standings.count, "every finding needs a standing")
    self.analysis = analysis
    self.verdict = verdict
    self.settings = settings
    var names = UniqueNames()
    let elsewhere = settings.place(of: analysis.inputs)
    findings = zip(analysis.findings, verdict.standings).enumerated().map { number, judged in
      let finding = ReportedTexts(settings).finding(judged.0)
      let paths = FindingPath.paths(of: finding, settings)
      return JudgedFinding(
        number: number + 1, finding: finding, standing: judged.1,
        fingerprint: names.unique(finding.fingerprint), paths: paths,
        place: paths.primaryPlace ?? elsewhere)
    }
  }
}
