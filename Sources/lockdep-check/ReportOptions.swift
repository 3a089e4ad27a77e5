import ArgumentParser
import LockGraph
import LockGraphRendering

/// How a report is written; shared by `analyze` and `gate`.
struct ReportOptions: ParsableArguments {
  @Option(help: "The format of the report: \(ReportFormat.names).")
  var format: ReportFormat = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the report to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(
    name: .customLong("report"),
    help: ArgumentHelp(
      "Write another report of the same run into a file, as sarif=out.sarif; may be repeated.",
      valueName: "format=file"))
  var reports: [AdditionalReport] = []

  @Option(
    help: ArgumentHelp(
      """
      The folder that paths in reports for CI systems are relative to; the current one if not given. \
      text and json show them as the trace has them.
      """, valueName: "folder"),
    completion: .directory)
  var sourceRoot: String?

  @Option(
    help: ArgumentHelp(
      "Draw findings and their neighbourhood as SVG into a file.", valueName: "file"),
    completion: .file(extensions: ["svg"]))
  var svg: String?

  @Option(
    help: ArgumentHelp("Write the same drawing as DOT into a file.", valueName: "file"),
    completion: .file(extensions: ["dot"]))
  var dot: String?

  @Option(help: "Colour in text: auto, always or never.")
  var color: ColorChoice = .auto

  /// Outputs that would overwrite an input or each other.
  func validate(inputs: [String]) throws {
    var taken = inputs.filter { $0 != "-" }
    let outputs = [output, svg, dot].compactMap { $0 } + reports.map(\.path)
    for path in outputs where path != "-" && !OutputFile.isSpecial(path) {
      if taken.contains(where: { OutputFile.isSame($0, path) }) {
        throw ValidationError("'\(path)' is named twice, as input and output or as two outputs.")
      }
      taken.append(path)
    }
  }

  /// Writes everything that was asked for; nothing at all if a part cannot be made.
  ///
  /// - Parameter rules: those that were looked for.
  func write(_ analysis: Analysis, _ verdict: GateVerdict, rules: [Rule]) throws {
    // Which files a directory holds is known only now.
    try validate(inputs: analysis.inputs.map(\.name))
    var files: [(path: String?, bytes: [UInt8])] = []
    lazy var picture = GraphPicture(
      graph: analysis.graph, findings: analysis.findings, options: PictureOptions())
    if let svg { files.append((svg, try Drawing.bytes(of: picture, as: .svg))) }
    if let dot { files.append((dot, try Drawing.bytes(of: picture, as: .dot))) }
    let root = SourceRoot(sourceRoot)
    var settings = ReportSettings()
    settings.sourceRoots = root.names
    settings.checkedRules = rules
    settings.locate = root.locator()
    // What text and JSON alone do not need.
    lazy var subject = JudgedAnalysis(analysis, verdict, settings: settings)
    func bytes(_ format: ReportFormat, isTerminal: Bool) -> [UInt8] {
      self.bytes(format, analysis, verdict, isTerminal: isTerminal) { subject }
    }
    for report in reports { files.append((report.path, bytes(report.format, isTerminal: false))) }
    files.append((output, bytes(format, isTerminal: output == nil && Terminal.isTerminal(1))))
    try OutputFile.write(files)
  }

  private func bytes(
    _ format: ReportFormat, _ analysis: Analysis, _ verdict: GateVerdict, isTerminal: Bool,
    _ subject: () -> JudgedAnalysis
  ) -> [UInt8] {
    switch format {
    case .text:
      let report = TextReport(
        analysis, verdict: verdict, width: isTerminal ? Terminal.width : 80,
        isColored: color.isColored(isTerminal: isTerminal))
      return Array(report.text.utf8)
    case .json: return JSONReport(analysis, verdict: verdict).bytes
    case .sarif: return SARIFReport(subject()).bytes
    case .junit: return JUnitReport(subject()).bytes
    case .github: return GitHubAnnotations(subject()).bytes
    case .gitlab: return CodeQualityReport(subject()).bytes
    case .markdown: return MarkdownReport(subject()).bytes
    }
  }
}
