import ArgumentParser
import LockGraphEngine
import LockGraphRecording

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run a program as it is, and judge how its threads took locks.",
    discussion: """
      The same as record and gate: the command runs as it would without, and what its locks tell is judged \
      when it has ended. The report goes to standard error, so that the command's output stays its own. \
      Ctrl-C ends the command, and is answered with the report.

      While the command runs, orders that can deadlock are told as they are seen, one line each, and what \
      hangs is explained.

      Exit status: 1 if there are violations, else the command's; 2 if it cannot be recorded or judged; \
      124 if --timeout ended it; 126 if it cannot be started, 127 if it is not there.
      """)

  @Option(
    help: ArgumentHelp(
      "Keep the traces: FILE.lgt, with those of children beside it, or a folder.",
      valueName: "file.lgt|folder"),
    completion: .file(extensions: ["lgt"]))
  var trace: String?

  @OptionGroup(title: "Recording") var recording: RecordingOptions
  @OptionGroup(title: "Watching") var watching: WatchingOptions
  @OptionGroup var classes: ClassOptions

  @Option(help: "How many lock-order inversions are listed; the rest is counted.")
  var maxFindings = Limits.inversions

  @Flag(help: "Show the locks of the loader and of allocators, which are left out otherwise.")
  var showSystemLocks = false

  @OptionGroup var prediction: PredictionArguments
  @OptionGroup var gate: GateOptions

  @Option(
    help: ArgumentHelp(
      "The exit status if there are violations, instead of 1.", valueName: "status"))
  var errorExitcode: Int32?

  @OptionGroup var messages: MessageOptions
  @OptionGroup var command: CommandOptions

  func validate() throws {
    if trace == "" || trace == "-" {
      throw ValidationError("--trace takes the name of a file or folder.")
    }
    if maxFindings < 1 {
      throw ValidationError("--max-findings takes a number from 1 on.")
    }
    if let errorExitcode, !(0...255).contains(errorExitcode) {
      throw ValidationError("--error-exitcode takes a status from 0 to 255.")
    }
    try gate.validate(inputs: trace.map { [$0] } ?? [])
  }

  func run() throws {
    var setup = try gate.setup(needsEvents: false)
    let traces = try KeptTraces(trace)
    let program = try RecordedProgram(
      command.command, recording.settings, place: traces.place, keepsOthers: false)
    let running = try program.start()
    var watch = RunWatch(traces.place, watching, reading, color: gate.report.color)
    let end = watch.wait(for: running)
    traces.place.nameOwnTrace(of: running.identifier)
    do {
      let names = traces.place.traces()
      guard !names.isEmpty else {
        Terminal.message("\(program.name.withVisibleControls): error: nothing of it was recorded")
        throw ExitCode(2)
      }
      let sum = RecordedTraces.seal(names)
      for failure in sum.failures { Terminal.message(failure.description) }
      if trace != nil { Terminal.note(sum.text(in: traces.place)) }
      let analysis = try setup.apply(to: try analysis(of: names), limit: maxFindings)
      defer { RecordedTraces.tellCoverage(analysis, sum) }
      try gate.conclude(analysis, setup, reading: reading, standard: "/dev/stderr")
    } catch let status as ExitCode {
      // What could not be judged can be looked at.
      if status.rawValue == 2 { traces.keep() }
      traces.remove()
      throw status.rawValue == 1 ? ExitCode(errorExitcode ?? 1) : status
    }
    traces.remove()
    if watch.hasTimedOut { throw ExitCode(124) }
    end.repeatByThisProcess()
  }

  private var reading: ReadingOptions {
    var options = ReadingOptions()
    options.showsSystemLocks = showSystemLocks
    options.namesProcesses = trace == nil
    return options
  }

  private func analysis(of names: [String]) throws -> Analysis {
    var options = TraceAnalyzer.Options()
    options.reading = reading
    options.inversionLimit = maxFindings
    options.classBasis = classes.classBy
    options.prediction = prediction.options
    var analyzer = TraceAnalyzer(options: options)
    do throws(TraceError) {
      for name in names { try analyzer.read(.file(name)) }
    } catch {
      Terminal.message(error.description)
      throw ExitCode(2)
    }
    let analysis = analyzer.finish()
    // The report in text tells the warnings itself.
    if gate.report.output != nil || gate.report.format != .text {
      RecordedTraces.warn(of: analysis.inputs)
    }
    return analysis
  }
}

/// The traces of a run, in a folder of their own unless they are to be kept.
private final class KeptTraces {
  let place: RecordingPlace
  private var isKept: Bool

  init(_ path: String?) throws {
    isKept = path != nil
    if let path {
      place = RecordingPlace(path)
      return
    }
    guard let folder = TemporaryFolder.make(named: "lockgraph-run") else {
      Terminal.message(
        "error: there is no room for a trace: \(TemporaryFolder.parent) cannot be written")
      throw ExitCode(2)
    }
    place = RecordingPlace(folder)
  }

  func keep() {
    guard !isKept else { return }
    isKept = true
    Terminal.message("the traces are in \(place.path.withVisibleControls)")
  }

  func remove() {
    guard !isKept else { return }
    TemporaryFolder.remove(place)
  }
}
