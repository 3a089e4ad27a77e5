import ArgumentParser
import LockGraph
import LockGraphPolicy

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Check a policy file, or propose one from what was seen.",
    subcommands: [CheckPolicyCommand.self, InferPolicyCommand.self])
}

struct CheckPolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Say what is wrong with a policy file, and where: exit status 2 if something is.")

  @Argument(
    help: ArgumentHelp("The policy; - is standard input.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var file = PolicyFile.defaultName

  func run() throws {
    let policy = try PolicyFile.reporting { () throws(TraceError) in try Policy(contentsOf: file) }
    let today = try DayArgument.present
    for ignore in policy.ignores where ignore.expires.map({ $0 < today }) ?? false {
      Terminal.message("note: \(ignore.exception.source): expired on \(ignore.expires!)")
    }
    Terminal.message("\(file == "-" ? "<stdin>" : file.withVisibleControls): is valid")
  }
}

struct InferPolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "infer",
    abstract: "Propose an order of all classes that were seen, as a policy to be edited.")

  @OptionGroup var traces: TraceOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the policy to a file instead of standard output.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var output: String?

  func validate() throws { try TraceOptions.refuse(output: output, among: traces.inputs) }

  func run() throws {
    var options = TraceAnalyzer.Options()
    options.reading = traces.reading
    // The order is wanted, not the circles in it.
    options.inversionLimit = 0
    var analyzer = TraceAnalyzer(options: options)
    try traces.readAll { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let analysis = analyzer.finish()
    traces.warn(of: analysis.inputs)
    try TraceOptions.refuse(output: output, among: analysis.inputs.map(\.name))
    try OutputFile.write(Array(OrderProposal(analysis.graph).text.utf8), to: output)
  }
}
