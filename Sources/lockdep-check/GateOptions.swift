import ArgumentParser
import LockGraphEngine

/// What a gate judges by, and where it says so; shared by `gate` and `run`.
struct GateOptions: ParsableArguments {
  @OptionGroup(title: "Findings") var findings: FindingOptions

  @Flag(help: "Take findings that are gone out of the file of --baseline.")
  var prune = false

  @Flag(help: "Let inputs without any events pass.")
  var allowEmpty = false

  @Option(
    help: ArgumentHelp(
      "Let inputs pass only if they have so many events in all, since a recording can be cut off.",
      valueName: "number"))
  var minEvents: UInt64?

  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Report") var schedule: ScheduleOptions

  func validate() throws {
    if prune, findings.baseline == nil {
      throw ValidationError("--prune goes with --baseline.")
    }
    if prune, findings.writeBaseline != nil {
      throw ValidationError(
        "--prune and --write-baseline cannot be given together: what is written has nothing that is gone."
      )
    }
    if minEvents == 0 {
      throw ValidationError("--min-events takes a number from 1 on.")
    }
    if allowEmpty, minEvents != nil {
      throw ValidationError("--allow-empty and --min-events cannot be given together.")
    }
  }

  /// Refuses outputs that would take the place of an input.
  func validate(inputs: [String]) throws {
    try findings.validate(inputs: inputs)
    try report.validate(inputs: inputs + findings.files)
    try schedule.validate(inputs: inputs + findings.files)
  }

  /// The policy and the baseline, read before the inputs are.
  ///
  /// - Parameter needsEvents: whether inputs without any pass only with `--allow-empty`.
  func setup(needsEvents: Bool) throws -> GateSetup {
    let passesEmpty = allowEmpty || !needsEvents && minEvents == nil
    return try GateSetup(findings, findsPolicy: true, minimumEvents: passesEmpty ? 0 : minEvents)
  }

  /// Writes the reports and the baseline, and says how it went; ends with the status of what
  /// failed.
  ///
  /// - Parameters:
  ///   - analysis: with what the setup added to it.
  ///   - reading: how the inputs were read.
  ///   - standard: where the report goes that no option names; `nil` is standard output.
  func conclude(
    _ analysis: Analysis, _ setup: GateSetup, reading: ReadingOptions, standard: String? = nil
  ) throws {
    let verdict = setup.gate.verdict(on: analysis)
    let baseline =
      try setup.recordBaseline(analysis, verdict)
      ?? (prune ? setup.pruneBaseline(analysis, verdict) : nil)
    let parts = [baseline?.part, try schedule.part(analysis, reading)].compactMap(\.self)
    try report.write(
      analysis, verdict, rules: setup.checkedRules, with: parts, standard: standard)
    setup.tell(verdict)
    baseline?.tell()
    if let status = baseline?.status { throw ExitCode(status) }
    guard findings.writeBaseline == nil else { return }
    Terminal.note(GateSummary.text(verdict))
    guard verdict.isPassed else { throw ExitCode(verdict.isUndecided ? 2 : 1) }
  }
}
