import ArgumentParser
import LockGraphEngine
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
    help: ArgumentHelp(
      "Policies; - is standard input. Without one, that which a gate would use here.",
      valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var files: [String] = []

  func validate() throws {
    if files.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("Standard input (-) can be read once only.")
    }
  }

  func run() throws {
    let today = try DayArgument.present
    var failure: (any Error)?
    let found = try PolicyFile.reporting { () throws(TraceError) in
      files.isEmpty ? try PolicySearch.find() ?? PolicyFile.defaultName : ""
    }
    for file in files.isEmpty ? [found] : files {
      do { try check(file, today) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func check(_ file: String, _ today: CalendarDate) throws {
    let policy = try PolicyFile.reporting { () throws(TraceError) in try Policy(contentsOf: file) }
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
  @OptionGroup var messages: MessageOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the policy to a file instead of standard output.", valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var output: String?

  func validate() throws { try Overwriting.refuse(output, among: traces.inputs) }

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
    try Overwriting.refuse(output, among: analysis.inputs.map(\.name))
    try OutputFile.write(Array(OrderProposal(analysis.graph).text.utf8), to: output)
  }
}
