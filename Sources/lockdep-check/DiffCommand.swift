import ArgumentParser
import LockGraphEngine
import LockGraphRendering

struct DiffCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what one graph has and another has not: classes, dependencies, findings.",
    discussion: """
      OLD and NEW are graph files that merge wrote, traces, or directories of either. Classes are compared \
      by name, dependencies by the names of their classes, findings by fingerprint.
      """)

  @Argument(
    help: ArgumentHelp("What was there before; - is standard input.", valueName: "old"),
    completion: .file())
  var old: String

  @Argument(
    help: ArgumentHelp("What is there now; - is standard input.", valueName: "new"),
    completion: .file())
  var new: String

  @Option(help: "Read both as this format instead of recognising it.")
  var inputFormat: TraceFormat?

  @Flag(help: "Skip bad lines and report how many there were, instead of stopping at the first.")
  var keepGoing = false

  @Option(
    help: ArgumentHelp(
      "How many threads read the inputs; without it, as many as there are processors. The output is the same.",
      valueName: "number"))
  var jobs: Int?

  @Option(help: "How many lock-order inversions of each are compared.")
  var maxFindings = Limits.inversions

  @OptionGroup var classes: ClassOptions

  @Flag(help: "Exit with status 1 if there are new dependencies.")
  var failOnNewEdges = false

  @Flag(help: "Exit with status 1 if there are new findings that are more than notes.")
  var failOnNewFindings = false

  @Option(help: "The format: text or json.")
  var format: Format = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "Draw the new graph as SVG into a file, with what is new marked.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  @Option(help: "Colour in text: auto, always or never.")
  var color: ColorChoice = .auto

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if old == "-", new == "-" {
      throw ValidationError("Standard input (-) can be read once only.")
    }
    if let jobs, !(1...256).contains(jobs) {
      throw ValidationError("--jobs takes a number from 1 to 256.")
    }
    if maxFindings < 1 {
      throw ValidationError("--max-findings takes a number from 1 on.")
    }
    try Overwriting.refuse([output, svg], among: [old, new])
  }

  func run() throws {
    // Of the old one no more is told, and it waits while the new one is read.
    let old = try analysis(of: old, keepsOneWitness: true)
    let new = try analysis(of: new)
    // Which files a directory holds is known only now.
    try Overwriting.refuse([output, svg], among: (old.inputs + new.inputs).map(\.name))
    let difference = GraphDifference(from: old, to: new)
    var parts: [OutputFile.Part] = []
    if let svg { parts.append(.init(try picture(of: new, difference), to: svg)) }
    parts.append(report(difference, old, new))
    try OutputFile.write(parts)
    try refuseNothing(new)
    try fail(difference.new)
  }

  private func analysis(of input: String, keepsOneWitness: Bool = false) throws -> Analysis {
    let options = InputOptions(
      traces: .reading(input, format: inputFormat, keepGoing: keepGoing, jobs: jobs),
      classes: classes, maxFindings: maxFindings, prediction: .standard)
    return try options.analysis(keepsOneWitness: keepsOneWitness)
  }

  private func picture(of new: Analysis, _ difference: GraphDifference) throws -> [UInt8] {
    var options = PictureOptions()
    options.novelties = GraphNovelties(
      classes: Set(difference.new.classes.map(\.position)),
      dependencies: Set(difference.new.dependencies.map(\.position)))
    let picture = GraphPicture(graph: new.graph, findings: new.findings, options: options)
    return try Drawing.bytes(of: picture, as: .svg)
  }

  private func report(
    _ difference: GraphDifference, _ old: Analysis, _ new: Analysis
  ) -> OutputFile.Part {
    switch format {
    case .json: return .init(DifferenceJSON(difference, old: old, new: new), to: output)
    case .text:
      let isTerminal = output == nil && Terminal.isTerminal(1)
      return .init(
        DifferenceText(difference, isColored: color.isColored(isTerminal: isTerminal)), to: output)
    }
  }

  /// In what was not seen there is nothing new.
  private func refuseNothing(_ new: Analysis) throws {
    guard failOnNewEdges || failOnNewFindings else { return }
    let verdict = Gate().verdict(on: new)
    guard verdict.coverage == .insufficient else { return }
    for remark in verdict.remarks where remark.isViolation {
      Terminal.message("error: " + remark.text)
    }
    throw ExitCode(2)
  }

  private func fail(_ new: GraphDifference.Side) throws {
    var reasons: [String] = []
    let dependencies = new.dependencies.count
    if failOnNewEdges, dependencies > 0 {
      reasons.append(Counted.plain(dependencies, "new dependency", "new dependencies"))
    }
    let findings = new.findings.count { $0.severity != .note }
    if failOnNewFindings, findings > 0 {
      reasons.append(Counted.plain(findings, "new finding"))
    }
    guard !reasons.isEmpty else { return }
    Terminal.note("diff: failed, " + reasons.joined(separator: " and "))
    throw ExitCode(1)
  }
}
