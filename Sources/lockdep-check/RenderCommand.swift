import ArgumentParser
import LockGraphEngine
import LockGraphRendering

extension PictureFormat: ExpressibleByArgument {}
extension ClassWeights.Measure: ExpressibleByArgument {}

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw the lock-order graph through Graphviz.",
    discussion: """
      Findings and their neighbourhood are drawn unless --all or --around asks for something else. What \
      was left out to keep the picture readable is said in it. Threads that still wait where the traces \
      end are drawn with what they wait for. With --weight, the longest held or the \
      most contended classes are drawn too and stand out, with what was measured of them.
      """)

  @OptionGroup var input: InputOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the picture to a file; its extension is its format.", valueName: "file"),
    completion: .file(extensions: ["svg", "dot", "png", "pdf"]))
  var output: String?

  @Option(help: "The format of the picture: svg, dot, png or pdf.")
  var format: PictureFormat?

  @Flag(help: "Draw all classes and dependencies.")
  var all = false

  @Option(help: ArgumentHelp("Draw this class and those around it.", valueName: "class"))
  var around: String?

  @Option(help: "How many steps around the class.")
  var depth: Int?

  @Option(
    help: "Make classes stand out by how long they were held or waited for: hold or contention.")
  var weight: ClassWeights.Measure?

  func validate() throws {
    if all, around != nil {
      throw ValidationError("--all and --around cannot be given together.")
    }
    if depth != nil, around == nil {
      throw ValidationError("--depth goes with --around.")
    }
    if let depth, depth < 0 {
      throw ValidationError("--depth takes a number from 0 on.")
    }
    try Overwriting.refuse(output, among: input.inputs)
    _ = try chosenFormat()
  }

  func run() throws {
    var options = PictureOptions()
    let analysis = try weight.map { try weighedAnalysis($0, &options) } ?? input.analysis()
    try Overwriting.refuse(output, among: analysis.inputs.map(\.name))
    if all { options.scope = .all }
    if let around { options.scope = .around(lockClass: around, depth: depth ?? 1) }
    let picture = GraphPicture(
      graph: analysis.graph, findings: analysis.findings, waiting: analysis.waiting,
      options: options)
    try OutputFile.write(Drawing.bytes(of: picture, as: chosenFormat()), to: output)
  }

  private func weighedAnalysis(
    _ measure: ClassWeights.Measure, _ options: inout PictureOptions
  ) throws -> Analysis {
    let (analysis, statistics) = try input.measuredAnalysis()
    guard let weights = ClassWeights(statistics, measure: measure) else {
      Terminal.message("error: --weight hold needs times, and no event of the inputs has one")
      throw ExitCode(2)
    }
    options.weights = weights
    return analysis
  }

  private func chosenFormat() throws -> PictureFormat {
    if let format { return format }
    guard let output, !OutputFile.isSpecial(output) else { return .svg }
    let name = output.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else {
      throw ValidationError(
        "'\(output)' has no extension to tell the format; use .svg, .dot, .png, .pdf or --format.")
    }
    let ending = String(name[name.index(after: dot)...])
    guard let format = PictureFormat(fileExtension: ending) else {
      throw ValidationError(
        "'.\(ending)' is no picture format; use .svg, .dot, .png, .pdf or --format.")
    }
    return format
  }
}
