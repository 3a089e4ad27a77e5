import ArgumentParser
import LockGraphEngine

/// When a gate has enough to judge, and whether it tidies up; shared by `gate` and `run`.
struct GatingOptions: ParsableArguments {
  @Flag(help: "Take findings that are gone out of the file of --baseline.")
  var prune = false

  @Flag(
    help: """
      Take findings as known that a baseline knows by other names of classes: at the same places, where the \
      old names are gone and the new ones are new.
      """)
  var acceptRenames = false

  @Flag(help: "Let inputs without any events pass.")
  var allowEmpty = false

  @Option(
    help: ArgumentHelp(
      "Let inputs pass only if they have so many events in all, since a recording can be cut off.",
      valueName: "number"))
  var minEvents: UInt64?

  func validate() throws {
    if minEvents == 0 {
      throw ValidationError("--min-events takes a number from 1 on.")
    }
    if allowEmpty, minEvents != nil {
      throw ValidationError("--allow-empty and --min-events cannot be given together.")
    }
  }
}

/// A command that judges; it has all groups of options itself, as a `ValidatingCommand` has.
protocol GatingCommand {
  var findings: FindingOptions { get }
  var gating: GatingOptions { get }
  var report: ReportOptions { get }
  var schedule: ScheduleOptions { get }
}

extension GatingCommand {
  var gate: GateOptions {
    GateOptions(findings: findings, gating: gating, report: report, schedule: schedule)
  }
}

/// What a gate judges by, and where it says so.
struct GateOptions {
  let findings: FindingOptions
  let gating: GatingOptions
  let report: ReportOptions
  let schedule: ScheduleOptions

  /// Refuses what does not go together, and outputs that would take the place of an input.
  func validate(inputs: [String]) throws {
    if gating.prune, findings.baseline == nil {
      throw ValidationError("--prune goes with --baseline.")
    }
    if gating.prune, findings.writeBaseline != nil {
      throw ValidationError(
        "--prune and --write-baseline cannot be given together: what is written has nothing that is gone."
      )
    }
    if gating.acceptRenames, findings.baseline == nil, findings.writeBaseline == nil {
      throw ValidationError("--accept-renames goes with --baseline or --write-baseline.")
    }
    try findings.validate(inputs: inputs)
    try report.validate(inputs: inputs + findings.files)
    try schedule.validate(inputs: inputs + findings.files)
  }

  /// The policy and the baseline, read before the inputs are.
  ///
  /// - Parameter needsEvents: whether inputs without any pass only with `--allow-empty`.
  func setup(needsEvents: Bool) throws -> GateSetup {
    let passesEmpty = gating.allowEmpty || !needsEvents && gating.minEvents == nil
    return try GateSetup(
      findings, findsPolicy: true, minimumEvents: passesEmpty ? 0 : gating.minEvents,
      acceptsRenames: gating.acceptRenames)
  }

  /// Writes the reports and the baseline, and says how it went; ends with the status of what
  /// failed.
  ///
  /// - Parameters:
  ///   - analysis: with what the setup added to it.
  ///   - statistics: how locks were used, if that was measured.
  ///   - reading: how the inputs were read.
  ///   - standard: where the report goes that no option names; `nil` is standard output.
  func conclude(
    _ analysis: Analysis, _ setup: GateSetup, statistics: LockStatistics?, reading: ReadingOptions,
    standard: String? = nil
  ) throws {
    let verdict = setup.gate.verdict(on: analysis)
    let baseline =
      try setup.recordBaseline(analysis, verdict)
      ?? (gating.prune ? setup.pruneBaseline(analysis, verdict) : nil)
    let parts = [baseline?.part].compactMap(\.self) + (try schedule.parts(analysis, reading))
    try report.write(
      analysis, verdict, statistics: statistics, rules: setup.checkedRules, with: parts,
      standard: standard)
    setup.tell(verdict)
    baseline?.tell()
    if let status = baseline?.status { throw ExitCode(status) }
    guard findings.writeBaseline == nil else { return }
    Terminal.note(GateSummary.text(verdict))
    guard verdict.isPassed else { throw ExitCode(verdict.isUndecided ? 2 : 1) }
  }
}
