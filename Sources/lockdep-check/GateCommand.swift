import ArgumentParser
import LockGraph

struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "The same as a verdict: exit status 1 if there are violations.",
    discussion: """
      Findings that are excused do not fail: those that --baseline records, until they are gone, and those \
      that the policy ignores. An exception that has expired fails. With --write-baseline the exit status \
      is 0 once the file is written with all of them.

      A gate that has nothing to judge passes nothing: inputs without events end with exit status 2 unless \
      --allow-empty is given, and so do inputs that are no traces. Then no baseline is written or pruned.
      """)

  @OptionGroup var input: InputOptions
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
    try findings.validate(inputs: input.inputs)
    try report.validate(inputs: input.inputs + findings.files)
    try schedule.validate(inputs: input.inputs + findings.files)
  }

  func run() throws {
    var setup = try GateSetup(
      findings, findsPolicy: true, minimumEvents: allowEmpty ? 0 : minEvents)
    let analysis = try setup.apply(to: try input.analysis(), limit: input.maxFindings)
    let verdict = setup.gate.verdict(on: analysis)
    let baseline =
      try setup.recordBaseline(analysis, verdict)
      ?? (prune ? setup.pruneBaseline(analysis, verdict) : nil)
    let parts = [baseline?.part, try schedule.part(analysis, input.traces)].compactMap(\.self)
    try report.write(analysis, verdict, rules: setup.checkedRules, with: parts)
    setup.tell(verdict)
    baseline?.tell()
    if let status = baseline?.status { throw ExitCode(status) }
    guard findings.writeBaseline == nil else { return }
    Terminal.note(GateSummary.text(verdict))
    guard verdict.isPassed else { throw ExitCode(verdict.isUndecided ? 2 : 1) }
  }
}

/// The last line of a gate.
enum GateSummary {
  static func text(_ verdict: GateVerdict) -> String {
    var (failing, expired, known, ignored, below) = (0, 0, 0, 0, 0)
    for standing in verdict.standings {
      switch standing {
      case .failing: failing += 1
      case .expired: expired += 1
      case .known: known += 1
      case .ignored: ignored += 1
      case .belowThreshold: below += 1
      }
    }
    let others = [(known, "known"), (ignored, "ignored"), (below, "below --fail-on")]
      .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    let rest = others.isEmpty ? "" : "; " + others
    guard !verdict.isPassed else { return "gate: passed" + rest }
    let count = failing + expired
    let what =
      count > 0
      ? Counted.plain(count, "violation")
        + (expired > 0 ? ", \(expired) of them expired" : "")
      : verdict.remarks.filter(\.isViolation).map(\.text).joined(separator: ", ")
    return "gate: failed, \(what)\(rest)"
  }
}
