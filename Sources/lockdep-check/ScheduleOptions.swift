import ArgumentParser
import LockGraphEngine

/// Writing the order of events that ends in a predicted deadlock.
struct ScheduleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write the events of a predicted deadlock as a trace, in the order that ends in it.",
      valueName: "file"),
    completion: .file())
  var schedule: String?

  @Option(
    help: ArgumentHelp(
      "Of which finding, by its number in the report; the first that is predicted.",
      valueName: "number"))
  var finding: Int?

  func validate() throws {
    if finding != nil, schedule == nil {
      throw ValidationError("--finding goes with --schedule.")
    }
    if let finding, finding < 1 {
      throw ValidationError("--finding takes a number from 1 on.")
    }
  }

  /// Refuses to put the schedule in the place of an input.
  func validate(inputs: [String]) throws {
    try Overwriting.refuse(schedule, among: inputs)
  }

  /// What is written; `nil` if that was not asked for, or there is nothing to write, which is told.
  func part(_ analysis: Analysis, _ reading: ReadingOptions) throws -> OutputFile.Part? {
    guard let path = schedule else { return nil }
    try validate(inputs: analysis.inputs.map(\.name))
    let chosen: Finding?
    if let finding {
      guard finding <= analysis.findings.count else {
        throw ValidationError(
          "There is no finding \(finding); there are \(analysis.findings.count).")
      }
      chosen = analysis.findings[finding - 1]
    } else {
      chosen = analysis.findings.first { $0.schedule != nil }
    }
    guard let schedule = chosen?.schedule else {
      let which = finding.map { "finding \($0) is not" } ?? "no finding is"
      Terminal.note("warning: \(which) predicted, so there is no schedule to write")
      return nil
    }
    do throws(TraceError) {
      let source = TraceSource.file(schedule.input)
      return .init(
        try ScheduleTrace(schedule, of: source, reading: reading).bytes, to: path)
    } catch {
      Terminal.message(error.description)
      throw ExitCode(2)
    }
  }
}
