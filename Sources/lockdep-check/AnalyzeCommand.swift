import ArgumentParser

struct AnalyzeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Find violations and describe them; succeeds whatever it finds.")

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Findings") var findings: FindingOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws { try report.validate(inputs: input.inputs) }

  func run() throws {
    let analysis = findings.selecting(try input.analysis())
    try report.write(
      analysis, findings.verdict(on: analysis), rules: findings.checkedRules)
  }
}
