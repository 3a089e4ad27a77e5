import ArgumentParser
import LockGraphEngine

struct GateCommand: ParsableCommand, ValidatingCommand, GatingCommand {
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

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions
  @OptionGroup var listing: ListingOptions
  @OptionGroup var prediction: PredictionArguments
  @OptionGroup(title: "Findings") var findings: FindingOptions
  @OptionGroup var gating: GatingOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Report") var schedule: ScheduleOptions

  func validate() throws {
    try gate.validate(inputs: input.inputs)
  }

  func run() throws {
    var setup = try gate.setup(needsEvents: true)
    let (all, statistics) = try input.analysis(for: gate.report, limits: setup.limits)
    let analysis = try setup.apply(to: all, statistics, limit: input.maxFindings)
    try setup.readComments(of: analysis, gate.report)
    try gate.conclude(
      analysis, setup, statistics: statistics, reading: input.traces.reading)
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
