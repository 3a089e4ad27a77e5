import ArgumentParser
import LockGraphEngine

extension StatisticsOrder: ExpressibleByArgument {}

struct StatsCommand: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, json, csv
  }

  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show contention, wait and hold times of each lock class, as /proc/lock_stat does.",
    discussion: """
      Times need a trace that has them; without, there are counts only. Under a class stand the places \
      that waited for its locks, and those from which locks that were waited for were held.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions

  @Option(
    help: ArgumentHelp(
      """
      The most first by: contentions, wait-total, wait-max, hold-total, hold-max or acquisitions; \
      or by name.
      """, valueName: "order"))
  var sort: StatisticsOrder = .contentions

  @Option(help: "Only so many classes.")
  var top: Int?

  @Option(help: "How many places of either sort to show for a class.")
  var points = 4

  @Option(help: "The format: table, json or csv.")
  var format: Format = .table

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top takes a number from 1 on.") }
    if points < 0 { throw ValidationError("--points takes a number from 0 on.") }
    try Overwriting.refuse(output, among: traces.inputs)
  }

  func run() throws {
    var analyzer = StatisticsAnalyzer(options: traces.reading, classBasis: classes.classBy)
    let sources = try traces.sources()
    analyzer.expect(sources)
    try traces.readAll(sources) { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let statistics = analyzer.finish()
    traces.warn(of: statistics.inputs)
    try Overwriting.refuse(output, among: statistics.inputs.map(\.name))
    if !statistics.hasTimes, statistics.events > 0 {
      Terminal.note("note: no event has a time, so there are counts only")
    }
    try OutputFile.write([report(of: statistics)])
  }

  private func report(of statistics: LockStatistics) -> OutputFile.Part {
    var selection = StatisticsSelection()
    selection.order = sort
    selection.top = top
    selection.points = points
    switch format {
    case .json: return .init(StatisticsJSON(statistics, selection: selection), to: output)
    case .csv:
      return .init(Array(StatisticsCSV(statistics, selection: selection).text.utf8), to: output)
    case .table:
      let width = output == nil && Terminal.isTerminal(1) ? Terminal.width : nil
      let table = StatisticsTable(statistics, selection: selection, width: width)
      return .init(Array(table.text.utf8), to: output)
    }
  }
}
