import ArgumentParser
import LockGraphEngine

struct WhatIfCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "what-if",
    abstract:
      "Judge inputs as if the program had been changed: what is gone then, and what is new.",
    discussion: """
      The orders that were seen are put together anew as the change would have them, and judged again; what \
      differs is told as diff does. Several changes come one after the other, orders first, then gates, then \
      tries. Only what was recorded is judged: what the change makes run that never ran is not known, nothing \
      is predicted, and what happened (a deadlock that was observed) stays.

      Exit status: 0 if nothing new is found, 1 if there are new findings that are more than notes, 2 if an \
      input cannot be read, or no class or place is meant.
      """)

  @OptionGroup var traces: TraceOptions
  @OptionGroup var messages: MessageOptions
  @OptionGroup var classes: ClassOptions

  @Option(
    help: ArgumentHelp(
      "Wherever A was taken while B was held, it is taken before B. May be repeated.",
      valueName: "A before B"))
  var order: [String] = []

  @Option(
    help: ArgumentHelp(
      """
      A lock of its own is taken before the first of A and B, and given up after both. May be repeated.
      """, valueName: "A and B"))
  var gate: [String] = []

  @Option(
    name: .customLong("try"),
    help: ArgumentHelp(
      "At this function or file:line nobody waits for a lock, but tries. May be repeated.",
      valueName: "place"))
  var attempts: [String] = []

  @Option(help: "How many lock-order inversions of each side are compared.")
  var maxFindings = Limits.inversions

  @Option(help: "The format: text or json.")
  var format: DiffCommand.Format = .text

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"),
    completion: .file())
  var output: String?

  @Option(help: "Colour in text: auto, always or never.")
  var color: ColorChoice = .auto

  func validate() throws {
    if maxFindings < 1 {
      throw ValidationError("--max-findings takes a number from 1 on.")
    }
    if try suppositions().isEmpty {
      throw ValidationError("Say what is to be changed: --order, --gate or --try.")
    }
    try Overwriting.refuse([output], among: traces.inputs)
  }

  func run() throws {
    var options = TraceAnalyzer.Options()
    options.reading = traces.reading
    options.inversionLimit = maxFindings
    options.classBasis = classes.classBy
    var analyzer = TraceAnalyzer(options: options)
    let sources = try traces.sources()
    analyzer.expect(sources)
    try traces.readAll(sources) { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let suppositions = try suppositions()
    let (found, supposed): (Analysis, Analysis)
    do throws(SuppositionError) {
      (found, supposed) = try analyzer.finish(supposing: suppositions)
    } catch {
      Terminal.message("error: \(error.description.withVisibleControls)")
      throw ExitCode(2)
    }
    traces.warn(of: found.inputs)
    // Which files a directory holds is known only now.
    try Overwriting.refuse([output], among: found.inputs.map(\.name))
    let difference = GraphDifference(from: found, to: supposed)
    try OutputFile.write([report(difference, found, supposed)])
    if difference.new.findings.contains(where: { $0.severity != .note }) { throw ExitCode(1) }
  }

  private func report(
    _ difference: GraphDifference, _ found: Analysis, _ supposed: Analysis
  ) -> OutputFile.Part {
    switch format {
    case .json: return .init(DifferenceJSON(difference, old: found, new: supposed), to: output)
    case .text:
      let isTerminal = output == nil && Terminal.isTerminal(1)
      return .init(
        DifferenceText(difference, isColored: color.isColored(isTerminal: isTerminal)), to: output)
    }
  }

  private func suppositions() throws(ValidationError) -> [Supposition] {
    var suppositions: [Supposition] = []
    for text in order {
      let (first, second) = try Self.classes(text, between: " before ", "--order")
      suppositions.append(.order(first: first, second: second))
    }
    for text in gate {
      let (one, other) = try Self.classes(text, between: " and ", "--gate")
      suppositions.append(.gate(one, other))
    }
    for place in attempts {
      if place.isEmpty { throw ValidationError("--try takes a function or file:line.") }
      suppositions.append(.attempt(place: place))
    }
    return suppositions
  }

  private static func classes(
    _ text: String, between word: String, _ option: String
  ) throws(ValidationError) -> (String, String) {

    let parts = text.ranges(of: word).map {
      (String(text[..<$0.lowerBound]), String(text[$0.upperBound...]))
    }
    guard parts.count == 1, let (one, other) = parts.first, !one.isEmpty, !other.isEmpty,
      one != other
    else {
      throw ValidationError("\(option) takes two classes, as in '\(option) \"A\(word)B\"'.")
    }
    return (one, other)
  }
}
