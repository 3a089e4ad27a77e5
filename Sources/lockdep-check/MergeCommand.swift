import ArgumentParser
import LockGraphEngine

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Fold traces and graph files into one graph file.",
    discussion: """
      A graph file holds lock classes, their orders with evidence, and what single inputs have shown; all \
      commands that validate read it like a trace. It does not matter in which order, in which groups or \
      how often inputs are merged: the same inputs give the same bytes.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var classes: ClassOptions

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
    var merger = GraphMerger(reading: traces.reading, classBasis: classes.classBy)
    var inputs: [TraceInput] = []
    try traces.readAll { (source, progress) throws(TraceError) in
      inputs.append(try merger.read(source, progress: progress))
    }
    traces.warn(of: inputs)
    let output = try StreamedOutput(output)
    _ = merger.finish { output.write($0) }
    try output.finish()
  }
}
