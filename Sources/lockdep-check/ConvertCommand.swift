import ArgumentParser
import LockGraphEngine

extension TraceEncoding: ExpressibleByArgument {}

struct ConvertCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert",
    abstract: "Write traces of any format in another encoding.",
    discussion: """
      Several inputs become one trace. Threads and locks that have one name in different inputs get \
      different names. What the encoding cannot say is counted in warnings. Output is written while the \
      input is read; a file is there whole or not at all.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions

  @Option(
    help: ArgumentHelp(
      """
      The encoding: text, or jsonl for JSON Lines. Without it the ending of the output's name decides, \
      and else it is text.
      """, valueName: "encoding"))
  var to: TraceEncoding?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file(extensions: ["trace", "jsonl"]))
  var output: String?

  func validate() throws {
    try Overwriting.refuse(output, among: traces.inputs)
    if let ending, ["gz", "xz", "zst"].contains(ending.lowercased()) {
      throw ValidationError(
        "'\(output ?? "")' would not be compressed; write to standard output and pipe that into gzip, "
          + "xz or zstd.")
    }
  }

  func run() throws {
    let sources = try traces.sources()
    try Overwriting.refuse(output, among: sources.map(\.name))
    let output = try StreamedOutput(output)
    var converter = TraceConverter(
      to: encoding, reading: traces.reading, joinsInputs: sources.count > 1,
      write: { output.write($0) })
    var inputs: [TraceInput] = []
    try traces.readAll(sources) { (source, progress) throws(TraceError) in
      inputs.append(try converter.read(source, progress: progress))
    } cause: {
      output.failure
    }
    converter.finish()
    traces.warn(of: inputs)
    try output.finish()
  }

  private var encoding: TraceEncoding {
    to ?? ending.flatMap { TraceEncoding(fileExtension: $0) } ?? .text
  }

  /// What follows the last dot of the output's name.
  private var ending: String? {
    guard let name = output?.split(separator: "/").last, let dot = name.lastIndex(of: ".") else {
      return nil
    }
    return String(name[name.index(after: dot)...])
  }
}
