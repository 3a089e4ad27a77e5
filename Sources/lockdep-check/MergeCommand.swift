import ArgumentParser
import LockGraphEngine

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Fold traces and graph files into one graph file.",
    discussion: """
      A graph file holds lock classes, their orders with evidence, and what single inputs have shown; all \
      commands that validate read it like a trace. It does not matter in which order, in which groups or \
      how often inputs are merged: the same inputs give the same bytes. What the events of an input say of \
      its potential deadlocks, predicted or excluded, is kept too. The output may be one of the inputs; \
      commands that add to one file at the same time wait for each other.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions
  @OptionGroup var prediction: PredictionArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file(extensions: ["graph"]))
  var output: String?

  func validate() throws {
    if output == nil || output == "-", Terminal.isTerminal(1) {
      throw ValidationError(
        "A graph file is no text for a terminal; name a file with -o, or redirect the output.")
    }
  }

  func run() throws {
    var merger = GraphMerger(
      reading: traces.reading, classBasis: classes.classBy, prediction: prediction.options)
    var inputs: [TraceInput] = []
    let sources = try traces.sources()
    let lock = lock(among: sources)
    merger.expect(sources)
    try traces.readAll(sources) { (source, progress) throws(TraceError) in
      inputs.append(try merger.read(source, progress: progress))
    }
    traces.warn(of: inputs)
    let output = try StreamedOutput(output)
    _ = merger.finish { output.write($0) }
    try output.finish()
    withExtendedLifetime(lock) {}
  }

  /// Of a file that is read and replaced.
  private func lock(among sources: [TraceSource]) -> OutputLock? {
    guard let output, !OutputFile.isSpecial(output) else { return nil }
    let isInput = sources.contains { source in
      if case .file(let path) = source { OutputFile.isSame(path, output) } else { false }
    }
    return isInput ? OutputLock(output) : nil
  }
}
