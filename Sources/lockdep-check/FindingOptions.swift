import ArgumentParser
import LockGraphEngine
import LockGraphPolicy

extension Confidence: ExpressibleByArgument {}

/// Which findings matter, and which are excused; shared by `analyze` and `gate`.
struct FindingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The least certain deadlock that fails a gate: observed, predicted, feasible, ordering or excluded. "
        + "It goes before what the policy says; without either, ordering.",
      valueName: "confidence"))
  var failOn: Confidence?

  @Flag(
    help: """
      Make violations of what still waits where the inputs end, as rule still-waiting. A recording that \
      was cut off has some.
      """)
  var failOnWaits = false

  @Option(
    help: ArgumentHelp(
      "Look for these rules only, separated by commas.", valueName: "rule,..."),
    transform: RuleArgument.rules(separatedByCommas:))
  var rules: [Rule]?

  @Option(
    help: ArgumentHelp(
      "Declared orders, limits, ignores and grades. A gate uses .lockgraph.yml or .lockgraph.yaml of the folder "
        + "where it runs, or of the nearest one above it in the repository; none uses no policy.",
      valueName: "file"),
    completion: .file(extensions: ["yml", "yaml"]))
  var policy: String?

  @Flag(
    help: """
      Fail if the policy has something that is of no use: an ignore of what was not found, a pattern that \
      matches no class.
      """)
  var strictPolicy = false

  @Option(
    help: ArgumentHelp(
      "Let findings through that this file records, and tell which are gone.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "Record everything that would fail in this file, and succeed. Reasons, owners and days of expiry "
        + "of findings that stay are kept.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var writeBaseline: String?

  @Option(
    help: ArgumentHelp(
      "The day on which exceptions hold or have expired, as YYYY-MM-DD; SOURCE_DATE_EPOCH, or today.",
      valueName: "day"),
    transform: DayArgument.day)
  var today: CalendarDate?

  func validate() throws {
    for (option, path) in [("--write-baseline", writeBaseline), ("--baseline", baseline)]
    where path == "-" || path == "" {
      throw ValidationError("\(option) takes the name of a file.")
    }
    if let writeBaseline, let policy, OutputFile.isSame(writeBaseline, policy) {
      throw ValidationError("'\(writeBaseline)' is named twice, as policy and output.")
    }
  }

  /// Refuses to put the baseline in the place of an input.
  func validate(inputs: [String]) throws {
    try Overwriting.refuse(writeBaseline, among: inputs)
  }

  /// What a report must not overwrite.
  var files: [String] {
    var files = [PolicyFile.path(policy), baseline].compactMap(\.self)
    if let writeBaseline, !files.contains(where: { OutputFile.isSame($0, writeBaseline) }) {
      files.append(writeBaseline)
    }
    return files
  }

  /// The analysis with the findings of the chosen rules only.
  func selecting(_ analysis: Analysis) -> Analysis {
    guard let rules else { return analysis }
    var selected = analysis
    selected.findings.removeAll {
      !rules.contains($0.rule) && !(failOnWaits && $0.rule == .stillWaiting)
    }
    if !rules.contains(.lockOrderInversion) {
      selected.summary.uncoveredDependencies = 0
      if !rules.contains(.recursiveAcquisition) { selected.summary.omittedFindings = 0 }
    }
    return selected
  }
}

enum RuleArgument {
  /// No rule at all would let everything pass, and is more likely a variable that is not set.
  static func rules(separatedByCommas text: String) throws -> [Rule] {
    let names = text.split { $0 == "," || $0 == " " }
    guard !names.isEmpty else { throw ValidationError("No rule is named.") }
    return try names.map { try rule(named: String($0)) }
  }

  static func rule(named name: String) throws -> Rule {
    if let rule = Rule(rawValue: name) { return rule }
    let names = Rule.allCases.map(\.rawValue)
    let hint = nearestWord(to: name, among: names).map { " Did you mean '\($0)'?" } ?? ""
    throw ValidationError(
      "'\(name)' is no rule.\(hint) Rules are \(names.joined(separator: ", ")).")
  }
}

enum DayArgument {
  static func day(_ text: String) throws -> CalendarDate {
    if let day = CalendarDate(text) { return day }
    throw ValidationError("'\(text)' is no day of the calendar, as YYYY-MM-DD.")
  }

  /// The day that the environment sets for reproducible runs, or that it is.
  static var present: CalendarDate {
    get throws { try moment?.day ?? .today }
  }

  /// The seconds since 1970 that the environment sets for reproducible runs; `nil` if it does not.
  static var reproducibleTime: Int64? {
    get throws { try moment?.seconds }
  }

  private static var moment: (seconds: Int64, day: CalendarDate)? {
    get throws {
      guard let text = Terminal.environment("SOURCE_DATE_EPOCH"), !text.isEmpty else { return nil }
      guard let seconds = Int64(text), let day = CalendarDate(secondsSinceEpoch: seconds) else {
        throw ValidationError("SOURCE_DATE_EPOCH is '\(text)', and not a number of seconds.")
      }
      return (seconds, day)
    }
  }
}
