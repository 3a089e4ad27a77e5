import ArgumentParser
import LockGraphEngine
import LockGraphRecording

struct ConfirmCommand: ParsableCommand, ValidatingCommand {
  static let configuration = CommandConfiguration(
    commandName: "confirm",
    abstract: "Run a program once more, and steer it into a deadlock that was found.",
    usage: "lockdep-check confirm [<input> ...] [<options>] -- <command> ...",
    discussion: """
      The command runs under the recorder, which keeps its threads at the locks of a circle until others \
      have theirs. That changes when the program does something, never what, so a circle that closes is one \
      of the program. It is reported as a deadlock that was observed, and the command is ended. That none \
      closes means nothing.

      Inputs are what analyze reads, of this program, or a file that --save wrote. Without INPUT the command \
      is recorded first. What is steered to is the surest potential deadlock, or the one that --finding \
      names. The report goes to standard error. The command runs several times, each time with longer pauses.

      Exit status: 0 confirmed; 1 not confirmed; 2 it could not be tried; 64 wrong usage.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions
  @OptionGroup var listing: ListingOptions
  @OptionGroup var prediction: PredictionArguments

  @Option(
    help: ArgumentHelp(
      "Which finding: its number in the report of analyze, or its fingerprint.",
      valueName: "number|fingerprint"))
  var finding: String?

  @Option(
    help: """
      How often the command is run. Threads are kept for 0.1 s in the first run, 1 s in the second and 10 s in \
      further ones.
      """)
  var tries = 3

  @Option(
    help: ArgumentHelp(
      "How long threads are kept in one run, all pauses together.", valueName: "seconds"))
  var patience = 5.0

  @Option(
    help: ArgumentHelp("End a run that takes longer.", valueName: "seconds"))
  var timeout: Double?

  @Option(
    help: ArgumentHelp(
      "Write where the program is kept into a file, which is an input of this command.",
      valueName: "file"),
    completion: .file())
  var save: String?

  @OptionGroup(title: "Report") var report: ReportOptions

  func validate() throws {
    if TerminatedCommand.words.isEmpty {
      throw ValidationError(
        "There is no command to run: it goes behind inputs and options, and behind --.")
    }
    if tries < 1 { throw ValidationError("--tries takes a number from 1 on.") }
    guard patience.isFinite, (0.001...1e6).contains(patience) else {
      throw ValidationError("--patience takes a number of seconds.")
    }
    if let timeout, !timeout.isFinite || !(0.001...1e9).contains(timeout) {
      throw ValidationError("--timeout takes a number of seconds.")
    }
    if save == "" || save == "-" { throw ValidationError("--save takes the name of a file.") }
    if finding?.isEmpty == true {
      throw ValidationError("--finding takes a number or fingerprint.")
    }
    try Overwriting.refuse(save, among: input.inputs)
    try report.validate(inputs: input.inputs + [save].compactMap(\.self))
  }

  func run() throws {
    let runs = ConfirmationRuns(
      command: TerminatedCommand.words, patience: .seconds(patience),
      timeout: timeout.map { .seconds($0) })
    let plan = ConfirmationPlan(input: input, finding: finding, runs: runs)
    switch try plan.outcome() {
    case .happened(let analysis, let steering):
      Terminal.note("confirmed: it happened in the run that was recorded")
      if let save {
        if let steering {
          try OutputFile.write(Array(steering.text.utf8), to: save)
        } else {
          Terminal.note("'\(save.withVisibleControls)' is not written: its places are not known")
        }
      }
      try conclude(analysis)
    case .steering(let steering):
      if let save { try OutputFile.write(Array(steering.text.utf8), to: save) }
      try confirm(steering, runs)
    }
  }

  private func confirm(_ saved: Steering, _ runs: ConfirmationRuns) throws {
    var course = ConfirmationCourse(saved)
    var steering = saved
    for number in 1...tries {
      let pause = min(SteeredTry.pause(ofTry: number), .seconds(patience))
      Terminal.note(
        "try \(number) of \(tries): \(steering.title.withVisibleControls), with pauses of "
          + ConfirmationCourse.text(pause))
      let run = try runs.run(steering, pause: pause)
      defer { run.remove() }
      course.add(run)
      guard let analysis = try run.deadlocks() else {
        if number < tries { steering = run.learning(steering) }
        continue
      }
      Terminal.note(course.confirmation(inTry: number))
      if let save, steering != saved { try OutputFile.write(Array(steering.text.utf8), to: save) }
      try conclude(analysis)
      return
    }
    Terminal.note(course.failure(afterTries: tries))
    throw ExitCode(course.hasTried ? 1 : 2)
  }

  private func conclude(_ analysis: Analysis) throws {
    var gate = Gate(today: try DayArgument.present)
    gate.rules = [.deadlock]
    try report.write(
      analysis, gate.verdict(on: analysis), rules: [.deadlock], with: [],
      standard: "/dev/stderr")
  }
}

/// The command behind `--`, where there are inputs before it: the parser has no two lists, so it is
/// given what comes before.
enum TerminatedCommand {
  /// The arguments before `--`, and those behind, of a command line that has both.
  private static let parts: (own: [String], words: [String]) = {
    let all = Array(CommandLine.arguments.dropFirst())
    guard all.first == ConfirmCommand.configuration.commandName,
      let end = all.firstIndex(of: "--")
    else { return (all, []) }
    return (Array(all[..<end]), Array(all[(end + 1)...]))
  }()

  /// What the parser is given.
  static var ownArguments: [String] { parts.own }
  /// What is run.
  static var words: [String] { parts.words }
}
