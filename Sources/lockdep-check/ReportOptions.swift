import ArgumentParser
import LockGraph
import LockGraphRendering

/// How a report is written; shared by `analyze` and `gate`.
struct ReportOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Option(help: "The format of the report: text or json.")
  var format: Format = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write the report to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

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
    for path in [output, svg, dot].compactMap({ $0 }) where !OutputFile.isSpecial(path) {
      if taken.contains(where: { OutputFile.isSame($0, path) }) {
        throw ValidationError("'\(path)' is named twice, as input and output or as two outputs.")
      }
      taken.append(path)
    }
  }

  /// Writes everything that was asked for; nothing at all if a picture cannot be drawn.
  func write(_ analysis: Analysis, _ verdict: GateVerdict) throws {
    // Which files a directory holds is known only now.
    try validate(inputs: analysis.inputs.map(\.name))
    let picture = GraphPicture(
      graph: analysis.graph, findings: analysis.findings, options: PictureOptions())
    var files: [(path: String, bytes: [UInt8])] = []
    if let svg { files.append((svg, try Drawing.bytes(of: picture, as: .svg))) }
    if let dot { files.append((dot, try Drawing.bytes(of: picture, as: .dot))) }
    let report = bytes(of: analysis)
    for (path, bytes) in files { try OutputFile.write(bytes, to: path) }
    try OutputFile.write(report, to: output)
  }

  private func bytes(of analysis: Analysis) -> [UInt8] {
    switch format {
    case .json: return JSONReport(analysis).bytes
    case .text:
      let isTerminal = output == nil && Terminal.isTerminal(1)
      let report = TextReport(
        analysis, width: isTerminal ? Terminal.width : 80,
        isColored: color.isColored(isTerminal: isTerminal))
      return Array(report.text.utf8)
    }
  }
}
