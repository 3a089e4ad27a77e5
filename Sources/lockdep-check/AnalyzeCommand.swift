import ArgumentParser

struct AnalyzeCommand: ParsableCommand, ValidatingCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Find violations and describe them; succeeds whatever it finds.")

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions
  @OptionGroup var listing: ListingOptions
  @OptionGroup var prediction: PredictionArguments
  @OptionGroup(title: "Findings") var findings: FindingOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Report") var schedule: ScheduleOptions

  func validate() throws {
    try findings.validate(inputs: input.inputs)
    try report.validate(inputs: input.inputs + findings.files)
    try schedule.validate(inputs: input.inputs + findings.files)
  }

  func run() throws {
    var setup = try GateSetup(findings, findsPolicy: false, minimumEvents: 0)
    let (all, statistics) = try input.analysis(for: report, limits: setup.limits)
    let analysis = try setup.apply(to: all, statistics, limit: input.maxFindings)
    try setup.readComments(of: analysis, report)
    let verdict = setup.gate.verdict(on: analysis)
    let baseline = try setup.recordBaseline(analysis, verdict)
    let parts =
      [baseline?.part].compactMap(\.self) + (try schedule.parts(analysis, input.traces.reading))
    try report.write(
      analysis, verdict, statistics: statistics, rules: setup.checkedRules, with: parts)
    setup.tell(verdict)
    baseline?.tell()
    if let status = baseline?.status { throw ExitCode(status) }
  }
}
