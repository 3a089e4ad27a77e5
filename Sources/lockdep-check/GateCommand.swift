import ArgumentParser
import LockGraph

struct GateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "The same as a verdict: exit status 1 if there are violations.")

  @OptionGroup var input: InputOptions
  @OptionGroup(title: "Findings") var findings: FindingOptions
  @OptionGroup(title: "Report") var report: ReportOptions

  func run() throws {
    let analysis = findings.selecting(try input.analysis())
    try report.write(analysis)
    let failing = analysis.findings.filter(findings.fails).count
    guard failing > 0 || analysis.summary.omittedFindings > 0 else {
      Terminal.message("gate: passed")
      return
    }
    let count = failing == 1 ? "1 violation" : "\(failing) violations"
    Terminal.message("gate: failed, \(count)")
    throw ExitCode(1)
  }
}
