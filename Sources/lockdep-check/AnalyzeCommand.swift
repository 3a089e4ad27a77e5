import ArgumentParser

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Find violations and describe them; succeeds whatever it finds.")

  @OptionGroup var input: InputOptions
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
    let analysis = try setup.apply(to: try input.analysis(), limit: input.maxFindings)
    let verdict = setup.gate.verdict(on: analysis)
    let baseline = try setup.recordBaseline(analysis, verdict)
    let parts = [baseline?.part, try schedule.part(analysis, input.traces.reading)].compactMap(
      \.self)
    try report.write(analysis, verdict, rules: setup.checkedRules, with: parts)
    setup.tell(verdict)
    baseline?.tell()
    if let status = baseline?.status { throw ExitCode(status) }
  }
}
