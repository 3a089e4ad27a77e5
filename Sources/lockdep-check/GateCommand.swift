import ArgumentParser
import LockGraph

struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "The same as a verdict: exit status 1 if there are violations.")

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Findings") var findings: FindingOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws { try report.validate(inputs: input.inputs) }

  func run() throws {
    let analysis = findings.selecting(try input.analysis())
    let verdict = findings.verdict(on: analysis)
    try report.write(analysis, verdict, rules: findings.checkedRules)
    let failing = verdict.standings.filter(\.isViolation).count
    let others = analysis.findings.count - failing
    let rest = others == 0 ? "" : "; \(count(others, "finding")) below --fail-on"
    guard !verdict.isPassed else {
      Terminal.message("gate: passed" + rest)
      return
    }
    let what =
      failing > 0
      ? count(failing, "violation")
      : verdict.remarks.filter(\.isViolation).map(\.text).joined(separator: ", ")
    Terminal.message("gate: failed, \(what)\(rest)")
    throw ExitCode(1)
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
