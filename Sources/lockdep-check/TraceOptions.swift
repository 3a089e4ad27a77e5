import ArgumentParser
import LockGraphEngine

extension TraceFormat: ExpressibleByArgument {}

private let formatNames = TraceFormat.allCases.map(\.rawValue).joined(separator: ", ")

/// Which traces to read, and how; shared by all commands that take some.
struct TraceOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Traces and graph files, compressed or not, and directories of them; - is standard input, as is none.",
      valueName: "input"),
    completion: .file())
  var names: [String] = []

  @Option(help: "Read the inputs as this format instead of recognising it: \(formatNames).")
  var inputFormat: TraceFormat?

  @Flag(help: "Skip bad lines and report how many there were, instead of stopping at the first.")
  var keepGoing = false

  @Flag(help: "Show the locks of the loader and of allocators, which are left out of recordings.")
  var showSystemLocks = false

  @Option(
    help: ArgumentHelp(
      "How many threads read the inputs; without it, as many as there are processors. The output is the same.",
      valueName: "number"))
  var jobs: Int?

  var inputs: [String] { GatheredNames.spread(names) }

  func validate() throws {
    if let jobs, !(1...256).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 256.")
    }
    if inputs.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  var reading: ReadingOptions {
    var options = ReadingOptions()
    options.keepGoing = keepGoing
    options.format = inputFormat
    options.showsSystemLocks = showSystemLocks
    options.jobs = jobs ?? ReadingOptions.processorCount
    return options
  }

  /// What to read, in order; a directory stands for the traces in it. Reports what is wrong with
  /// one and ends with status 2.
  func sources() throws -> [TraceSource] {
    var sources: [TraceSource] = []
    for input in inputs.isEmpty ? ["-"] : inputs {
      guard input != "-" else {
        if Terminal.isTerminal(0) {
          Terminal.note("note: reads standard input, which is the terminal; Ctrl-D ends it")
        }
        sources.append(.standardInput)
        continue
      }
      guard TraceDirectory.isDirectory(input) else {
        sources.append(.file(input))
        continue
      }
      do throws(TraceError) {
        let directory = try TraceDirectory(input, format: inputFormat)
        sources += directory.traces
        let files = Counted.plain(directory.skipped, "file that is", "files that are")
        if directory.skipped > 0 {
          Terminal.note("\(input.withVisibleControls): note: skipped \(files) no trace")
        }
      } catch {
        Terminal.message(error.description)
        throw ExitCode(2)
      }
    }
    return sources
  }

  /// Hands all inputs to what reads one, or reports what is wrong with one and ends with status 2.
  func readAll(
    _ read: (TraceSource, @escaping (Int) -> Void) throws(TraceError) -> Void
  ) throws {
    try readAll(sources(), with: read)
  }

  /// The same for inputs that were listed before.
  ///
  /// - Parameter cause: tells of a failure that is the reason why an input was not read on.
  func readAll(
    _ sources: [TraceSource],
    with read: (TraceSource, @escaping (Int) -> Void) throws(TraceError) -> Void,
    cause: () -> ExitCode? = { nil }
  ) throws {
    let progress = ProgressReport()
    do throws(TraceError) {
      for source in sources {
        try read(source) { progress.line.update(source.name, bytes: $0) }
      }
    } catch {
      progress.line.clear()
      if let code = cause() { throw code }
      Terminal.message(error.description)
      throw ExitCode(2)
    }
    progress.line.clear()
  }

  /// Says on standard error what a reader of the report should know about the inputs.
  func warn(of inputs: [TraceInput]) {
    for input in inputs {
      let name = input.name.withVisibleControls
      let count = Counted.plain(input.events, "event")
      Terminal.detail("\(name): read as \(input.format), \(count)")
      for warning in input.warnings {
        Terminal.note("\(name): warning: \(warning.withVisibleControls)")
      }
      if input.skipped > 0, let line = input.firstSkipped?.line {
        let lines = Counted.plain(input.skipped, "bad line", "bad lines, the first")
        Terminal.note("\(name): warning: skipped \(lines) at line \(line)")
      }
      // Of the processes of a run most have no locks.
      if input.isEmpty, input.format != TraceFormat.recording.rawValue || inputs.count == 1 {
        Terminal.note("\(name): warning: no events")
      }
    }
  }
}

extension TraceOptions {
  /// The options of a command that names its inputs otherwise. Set one by one: what an initializer
  /// assigns would be the default of something that was not parsed.
  static func reading(
    _ input: String, format: TraceFormat?, keepGoing: Bool, jobs: Int?
  ) -> TraceOptions {
    var options = TraceOptions()
    options.names = [input]
    options.inputFormat = format
    options.keepGoing = keepGoing
    options.showSystemLocks = false
    options.jobs = jobs
    return options
  }
}

private final class ProgressReport {
  var line = ProgressLine()
}
