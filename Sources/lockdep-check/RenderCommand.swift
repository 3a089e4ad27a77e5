import ArgumentParser
import LockGraphEngine
import LockGraphPage
import LockGraphRendering

extension PictureFormat: ExpressibleByArgument {}
extension ClassWeights.Measure: ExpressibleByArgument {}

struct RenderCommand: ParsableCommand, ValidatingCommand {
  static let configuration = CommandConfiguration(
    commandName: "render",
    abstract: "Draw the lock-order graph through Graphviz.",
    discussion: """
      Findings and their neighbourhood are drawn unless --all, --around or --finding asks for something else. What \
      was left out to keep the picture readable is said in it, and on standard error if it is findings. Threads that still wait where the traces \
      end are drawn with what they wait for. With --weight, the longest held or the \
      most contended classes are drawn too and stand out, with what was measured of them.

      With a file that ends in .html the picture is part of a page for a browser, with all findings.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions
  @OptionGroup var listing: ListingOptions
  @OptionGroup var prediction: PredictionArguments

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Write the picture to a file; its extension is its format, .html a page around it.",
      valueName: "file"),
    completion: .file(extensions: ["svg", "dot", "png", "pdf", "html"]))
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
    help: ArgumentHelp("Draw this finding alone, by its number in the report.", valueName: "n"))
  var finding: Int?

  @Option(
    help: ArgumentHelp(
      "Draw at most so many classes, from 4 to 1000; 48 if not given, 400 with --all.",
      valueName: "n"))
  var maxClasses: Int?

  @Flag(
    help:
      "Say at each order how locks were held and asked for (EN, ER, SN, SR), and lockdep's characters for interrupts."
  )
  var kinds = false

  @Option(
    help: "Make classes stand out by how long they were held or waited for: hold or contention.")
  var weight: ClassWeights.Measure?

  @Option(
    help: ArgumentHelp(
      "The folder below which a page reads lines of the source; the current one if not given.",
      valueName: "folder"),
    completion: .directory)
  var sourceRoot: String?

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
    if let finding {
      if finding < 1 { throw ValidationError("--finding takes a number from 1 on.") }
      if all || around != nil {
        throw ValidationError("--finding cannot be given together with --all or --around.")
      }
    }
    if let maxClasses, !(4...1_000).contains(maxClasses) {
      throw ValidationError("--max-classes takes a number from 4 to 1000.")
    }
    try Overwriting.refuse(output, among: input.inputs)
    if !isPage { _ = try chosenFormat() }
  }

  func run() throws {
    var options = PictureOptions()
    let (analysis, statistics) = try analysis(&options)
    try Overwriting.refuse(output, among: analysis.inputs.map(\.name))
    if all { options.scope = .all }
    if let around { options.scope = .around(lockClass: around, depth: depth ?? 1) }
    if let finding { options.scope = .finding(finding) }
    options.maxClasses = maxClasses
    options.saysKinds = kinds
    options.creationTime = try DayArgument.reproducibleTime
    let picture = GraphPicture(
      graph: analysis.graph, findings: analysis.findings, waiting: analysis.waiting,
      options: options)
    guard isPage else {
      let bytes = try Drawing.bytes(
        of: picture, as: chosenFormat(), saysOmitted: finding == nil && around == nil)
      return try OutputFile.write(bytes, to: output)
    }
    let root = SourceRoot(sourceRoot)
    var settings = ReportSettings()
    settings.sourceRoots = root.names
    settings.locate = root.locator()
    let page = PageReport(
      analysis, statistics: statistics,
      picture: try Drawing.bytes(of: picture, as: .svg, isNeeded: false), settings: settings,
      sources: root.names[0])
    try OutputFile.write(page, to: output)
  }

  /// Whether the picture is to be part of a page.
  private var isPage: Bool {
    format == nil && output.map { $0.hasSuffix(".html") || $0.hasSuffix(".htm") } ?? false
  }

  private func analysis(
    _ options: inout PictureOptions
  ) throws -> (Analysis, LockStatistics?) {
    if let weight { return try weighedAnalysis(weight, &options) }
    return isPage ? try input.measuredAnalysis(readsGraphFiles: true) : (try input.analysis(), nil)
  }

  private func weighedAnalysis(
    _ measure: ClassWeights.Measure, _ options: inout PictureOptions
  ) throws -> (Analysis, LockStatistics?) {
    let (analysis, statistics) = try input.measuredAnalysis()
    guard let weights = ClassWeights(statistics, measure: measure) else {
      Terminal.message("error: --weight hold needs times, and no event of the inputs has one")
      throw ExitCode(2)
    }
    options.weights = weights
    return (analysis, statistics)
  }

  private func chosenFormat() throws -> PictureFormat {
    if let format { return format }
    guard let output, !OutputFile.isSpecial(output) else { return .svg }
    let name = output.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else {
      throw ValidationError(
        "'\(output)' has no extension to tell the format; use .svg, .dot, .png, .pdf, .html or --format."
      )
    }
    let ending = String(name[name.index(after: dot)...])
    guard let format = PictureFormat(fileExtension: ending) else {
      throw ValidationError(
        "'.\(ending)' is no picture format; use .svg, .dot, .png, .pdf, .html or --format.")
    }
    return format
  }
}
