import ArgumentParser
import LockGraph

extension TraceFormat: ExpressibleByArgument {}

/// What to read; shared by all commands that take traces.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp("Traces; - is standard input, as is none.", valueName: "input"),
    completion: .file())
  var inputs: [String] = []

  @Option(help: "Read the inputs as this format instead of recognising it: text or ftrace.")
  var inputFormat: TraceFormat?

  @Flag(help: "Skip bad lines and report how many there were, instead of stopping at the first.")
  var keepGoing = false

  @Option(help: "How many lock-order inversions are listed; the rest is counted.")
  var maxFindings = 1000

  func validate() throws {
    if inputs.filter({ $0 == "-" }).count > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
    if maxFindings < 1 {
      throw ValidationError("--max-findings takes a number from 1 on.")
    }
  }

  /// Reads and validates all inputs, or reports what is wrong with one and ends with status 2.
  func analysis() throws -> Analysis {
    var options = TraceAnalyzer.Options()
    options.reading.keepGoing = keepGoing
    options.reading.format = inputFormat
    options.inversionLimit = maxFindings
    var analyzer = TraceAnalyzer(options: options)
    var progress = ProgressLine()
    do throws(TraceError) {
      for input in inputs.isEmpty ? ["-"] : inputs {
        let source: TraceSource = input == "-" ? .standardInput : .file(input)
        try analyzer.read(source) { progress.update(source.name, bytes: $0) }
      }
    } catch {
      progress.clear()
      Terminal.message(error.description)
      throw ExitCode(2)
    }
    progress.clear()
    let analysis = analyzer.finish()
    for input in analysis.inputs {
      let name = input.name.withVisibleControls
      for warning in input.warnings { Terminal.message("\(name): warning: \(warning)") }
      if input.skipped > 0, let line = input.firstSkipped?.line {
        let lines = input.skipped == 1 ? "1 bad line" : "\(input.skipped) bad lines, the first"
        Terminal.message("\(name): warning: skipped \(lines) at line \(line)")
      }
      if input.events == 0 { Terminal.message("\(name): warning: no events") }
    }
    return analysis
  }
}
