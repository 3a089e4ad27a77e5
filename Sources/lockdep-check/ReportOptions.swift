import ArgumentParser
import LockGraphEngine
import LockGraphPage
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
      valueName: "format=file"), completion: .file(), transform: AdditionalReport.init)
  var reports: [AdditionalReport] = []

  @Option(
    help: ArgumentHelp(
      "Write one page for a browser, with the code and the graph in it: short for --report html=FILE.",
      valueName: "file"),
    completion: .file(extensions: ["html"]))
  var html: String?

  @Option(
    help: ArgumentHelp(
      """
      The folder that paths in reports for CI systems are relative to, and below which html and markdown \
      read lines of the source; the current one if not given. If it is given, text shows lines too, and comments lockgraph:ignore are read. text \
      and json show paths as the trace has them.
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
    try Overwriting.refuse([output, html, svg, dot] + reports.map(\.path), among: inputs)
  }

  /// Whether a page is written, which tells how locks were used too.
  var hasPage: Bool { html != nil || format == .html || reports.contains { $0.format == .html } }

  /// Whether something is written that is none of some formats: another one, or a picture.
  func needsAnalysis(besides formats: Set<ReportFormat>) -> Bool {
    svg != nil || dot != nil || html != nil || !formats.contains(format)
      || !reports.allSatisfy { formats.contains($0.format) }
  }

  /// Writes everything that was asked for; nothing at all if a part cannot be made.
  ///
  /// - Parameters:
  ///   - statistics: how locks were used, if that was measured.
  ///   - rules: those that were looked for.
  ///   - others: what else is to be written, together with the reports.
  ///   - standard: where the report goes that no option names; `nil` is standard output.
  ///   - own: a report that takes the place of the usual one of a format.
  func write(
    _ analysis: Analysis, _ verdict: GateVerdict, statistics: LockStatistics? = nil,
    rules: [Rule], with others: [OutputFile.Part],
    standard: String? = nil,
    own: (ReportFormat, String?) -> OutputFile.Part? = { _, _ in nil }
  ) throws {
    // Which files a directory holds is known only now.
    try validate(inputs: analysis.inputs.map(\.name))
    var parts = others
    lazy var picture = GraphPicture(
      graph: analysis.graph, findings: analysis.findings, waiting: analysis.waiting,
      options: PictureOptions())
    let drawn =
      svg != nil || hasPage ? try Drawing.bytes(of: picture, as: .svg, isNeeded: svg != nil) : nil
    if let svg, let drawn { parts.append(.init(drawn, to: svg)) }
    if let dot {
      parts.append(
        .init(try Drawing.bytes(of: picture, as: .dot, saysOmitted: svg == nil), to: dot))
    }
    let root = SourceRoot(sourceRoot)
    var settings = ReportSettings()
    settings.sourceRoots = root.names
    settings.checkedRules = rules
    settings.locate = root.locator()
    settings.sources = root.names[0]
    // What text and JSON by themselves do not need.
    lazy var subject = JudgedAnalysis(analysis, verdict, settings: settings)
    func add(_ format: ReportFormat, to path: String?) {
      if let part = own(format, path) {
        parts.append(part)
        return
      }
      let isTerminal: Bool
      if case .descriptor(let number) = OutputFile.destination(path), output == nil {
        isTerminal = Terminal.isTerminal(number)
      } else {
        isTerminal = false
      }
      let part: OutputFile.Part =
        switch format {
        case .text:
          .init(Array(text(analysis, verdict, settings, isTerminal: isTerminal).utf8), to: path)
        case .compact: .init(CompactReport(subject).bytes, to: path)
        case .json: .init(JSONReport(analysis, verdict: verdict), to: path)
        case .sarif: .init(SARIFReport(subject), to: path)
        case .junit: .init(JUnitReport(subject).bytes, to: path)
        case .checkstyle: .init(CheckstyleReport(subject).bytes, to: path)
        case .xcode: .init(XcodeReport(subject).bytes, to: path)
        case .github: .init(GitHubAnnotations(subject).bytes, to: path)
        case .gitlab: .init(CodeQualityReport(subject), to: path)
        case .markdown: .init(MarkdownReport(subject, page: pageLink(from: path)).bytes, to: path)
        case .html:
          .init(
            PageReport(
              analysis, verdict: verdict, statistics: statistics, picture: drawn,
              settings: settings, sources: root.names[0]), to: path)
        }
      parts.append(part)
    }
    if let html { add(.html, to: html) }
    for report in reports { add(report.format, to: report.path) }
    add(format, to: output ?? standard)
    try OutputFile.write(parts)
  }

  /// Where the first page that is written can be opened from another report.
  private func pageLink(from report: String?) -> MarkdownReport.Page? {
    let page = html ?? reports.first { $0.format == .html }?.path
    return page.map { PageLink.page($0, from: report) }
  }

  private func text(
    _ analysis: Analysis, _ verdict: GateVerdict, _ settings: ReportSettings, isTerminal: Bool
  ) -> String {
    var settings = settings
    // Where it runs need not be where the code is.
    if sourceRoot == nil { settings.sources = nil }
    return TextReport(
      analysis, verdict: verdict, settings: settings, width: isTerminal ? Terminal.width : 80,
      isColored: color.isColored(isTerminal: isTerminal)
    ).text
  }
}
