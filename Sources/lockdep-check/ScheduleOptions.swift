import ArgumentParser
import LockGraphEngine

/// Writing the order of events that ends in a predicted deadlock.
struct ScheduleOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Write the events of a predicted deadlock as a trace, in the order that ends in it; into a folder, a \
      file FINGERPRINT.trace for each that is predicted.
      """, valueName: "file"),
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
    guard let schedule, !TraceDirectory.isDirectory(schedule) else { return }
    try Overwriting.refuse(schedule, among: inputs)
  }

  /// What is written; nothing if that was not asked for, or there is nothing to write, which is
  /// told.
  func parts(_ analysis: Analysis, _ reading: ReadingOptions) throws -> [OutputFile.Part] {
    guard let path = schedule else { return [] }
    let inputs = analysis.inputs.map(\.name)
    try validate(inputs: inputs)
    let findings: [Finding]
    if let finding {
      guard finding <= analysis.findings.count else {
        throw ValidationError(
          "There is no finding \(finding); there are \(analysis.findings.count).")
      }
      findings = [analysis.findings[finding - 1]]
    } else {
      findings = analysis.findings
    }
    let predicted = findings.filter { $0.schedule != nil }
    guard let first = predicted.first else {
      let which = finding.map { "finding \($0) is not" } ?? "no finding is"
      Terminal.note("warning: \(which) predicted, so there is no schedule to write")
      return []
    }
    guard TraceDirectory.isDirectory(path) else {
      return [.init(try Self.trace(of: first, reading), to: path)]
    }
    let folder = path.hasSuffix("/") ? path : path + "/"
    let paths = predicted.map { "\(folder)\($0.fingerprint).trace" }
    try Overwriting.refuse(paths, among: inputs)
    return try zip(predicted, paths).map { .init(try Self.trace(of: $0, reading), to: $1) }
  }

  private static func trace(of finding: Finding, _ reading: ReadingOptions) throws -> [UInt8] {
    guard let schedule = finding.schedule else { return [] }
    do throws(TraceError) {
      if schedule.input == TraceSource.standardInput.name {
        throw TraceError(
          input: schedule.input, message: "is gone, and --schedule reads it again",
          expected: "a file")
      }
      return try ScheduleTrace(schedule, of: .file(schedule.input), reading: reading).bytes
    } catch {
      Terminal.message(error.description)
      throw ExitCode(2)
    }
  }
}
