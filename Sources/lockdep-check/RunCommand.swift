import ArgumentParser
import LockGraphEngine
import LockGraphRecording

struct RunCommand: ParsableCommand, GatingCommand {
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

  @OptionGroup var listing: ListingOptions

  @Flag(help: "Show the locks of the loader and of allocators, which are left out otherwise.")
  var showSystemLocks = false

  @OptionGroup var prediction: PredictionArguments
  @OptionGroup(title: "Findings") var findings: FindingOptions
  @OptionGroup var gating: GatingOptions
  @OptionGroup(title: "Report") var report: ReportOptions
  @OptionGroup(title: "Report") var schedule: ScheduleOptions

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
    if let errorExitcode, !(0...255).contains(errorExitcode) {
      throw ValidationError("--error-exitcode takes a status from 0 to 255.")
    }
    if let output = report.output, output.hasSuffix(".lgt") {
      // As `record -o` has it.
      throw ValidationError(
        "--output is for the report; what is recorded is kept by --trace \(output).")
    }
    try gate.validate(inputs: trace.map { [$0] } ?? [])
  }

  func run() throws {
    var setup = try gate.setup(needsEvents: false)
    let traces = try KeptTraces(trace)
    let program = try RecordedProgram(
      command.command, settings(for: setup), place: traces.place, keepsOthers: false,
      limits: setup.limitsOfPrograms)
    let running = try program.start()
    let (end, hasTimedOut) = wait(for: running, traces.place)
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
      var (analysis, statistics) = try analysis(of: names, limits: setup.limits)
      if !hasTimedOut { leaveOutIdleThreads(&analysis) }
      analysis = try setup.apply(to: analysis, statistics, limit: listing.maxFindings)
      try setup.readComments(of: analysis, gate.report)
      defer {
        RecordedTraces.tellCoverage(analysis, sum)
        RecordedTraces.tellLeftBehind(SupervisedCommand.leftBehind())
      }
      try gate.conclude(
        analysis, setup, statistics: statistics, reading: reading, standard: "/dev/stderr")
    } catch let status as ExitCode {
      // What could not be judged can be looked at.
      if status.rawValue == 2 { traces.keep() }
      traces.remove()
      throw status.rawValue == 1 ? ExitCode(errorExitcode ?? 1) : status
    }
    traces.remove()
    if hasTimedOut { throw ExitCode(124) }
    end.repeatByThisProcess()
  }

  /// How it is recorded: with times where they are held against limits.
  private func settings(for setup: GateSetup) -> RecorderSettings {
    var settings = recording.settings
    guard setup.limitsOfPrograms != nil else { return settings }
    settings.recordsTimes = true
    if settings.level != .all {
      Terminal.note(
        "note: limits are held against what is recorded; --level all records every acquisition")
    }
    return settings
  }

  /// Waits for the end, and says whether it took too long.
  private func wait(
    for running: SupervisedCommand, _ place: RecordingPlace
  ) -> (end: CommandEnd, hasTimedOut: Bool) {
    var watch = RunWatch(place, watching, reading, color: gate.report.color)
    let end = watch.wait(for: running)
    return (end, watch.hasTimedOut)
  }

  /// Who waited to be told of something to do when the command was ended is no part of a hang.
  private func leaveOutIdleThreads(_ analysis: inout Analysis) {
    guard !gate.findings.failOnWaits else { return }
    analysis.waiting.removeAll { $0.root.kind == .signal || $0.root.kind == .barrier }
  }

  private var reading: ReadingOptions {
    var options = ReadingOptions()
    options.showsSystemLocks = showSystemLocks
    options.namesProcesses = trace == nil
    options.sumsOmissions = true
    return options
  }

  private func analysis(
    of names: [String], limits: DurationLimits.Source?
  ) throws -> (Analysis, LockStatistics?) {
    var options = TraceAnalyzer.Options()
    options.durationLimits = limits
    options.reading = reading
    options.inversionLimit = listing.maxFindings
    options.classBasis = classes.classBy
    options.prediction = prediction.options
    let (analysis, statistics) = try result(of: names, options)
    // The report in text tells the warnings itself.
    if gate.report.output != nil || gate.report.format != .text {
      RecordedTraces.warn(of: analysis.inputs)
    }
    return (analysis, statistics)
  }

  /// What a page shows of the use of locks is measured only for one, and for limits.
  private func result(
    of names: [String], _ options: TraceAnalyzer.Options
  ) throws -> (Analysis, LockStatistics?) {
    do throws(TraceError) {
      if gate.report.hasPage || options.durationLimits != nil {
        var analyzer = MeasuringAnalyzer(options: options)
        for name in names { try analyzer.read(.file(name)) }
        return analyzer.finish()
      }
      var analyzer = TraceAnalyzer(options: options)
      for name in names { try analyzer.read(.file(name)) }
      return (analyzer.finish(), nil)
    } catch {
      Terminal.message(error.description)
      throw ExitCode(2)
    }
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
    place.admitOtherUsers()
  }

  func keep() {
    guard !isKept else { return }
    isKept = true
    TemporaryFolder.keep(place.path)
    Terminal.message("the traces are in \(place.path.withVisibleControls)")
  }

  func remove() {
    guard !isKept else { return }
    TemporaryFolder.remove(place)
  }
}
