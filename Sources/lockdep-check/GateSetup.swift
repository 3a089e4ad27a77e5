import ArgumentParser
import LockGraphEngine
import LockGraphPolicy

/// The policy and the baseline that options name, read before the inputs are, so that what is wrong
/// with them is told at once.
struct GateSetup {
  private let options: FindingOptions
  private let policy: Policy?
  private(set) var gate: Gate

  /// Ends with status 2 if something cannot be read.
  ///
  /// - Parameters:
  ///   - findsPolicy: whether the policy where the command runs is used if none is named.
  ///   - minimumEvents: the gate's.
  ///   - acceptsRenames: whether a baseline knows findings by other names of classes.
  init(
    _ options: FindingOptions, findsPolicy: Bool, minimumEvents: UInt64?,
    acceptsRenames: Bool = false
  ) throws {
    self.options = options
    policy = try PolicyFile.load(options.policy, findsPolicy: findsPolicy)
    gate = Gate(today: try options.today ?? DayArgument.present)
    gate.failOn = options.failOn
    gate.minimumEvents = minimumEvents
    gate.acceptsRenames = acceptsRenames
    if let policy {
      gate.ignores = policy.ignores
      gate.grades = policy.grades
    }
    // A baseline that is written records findings; what is unused is none.
    gate.failsOnUnused = options.strictPolicy && options.writeBaseline == nil
    if let rules = options.rules { gate.rules.formIntersection(rules) }
    if policy?.order.isEmpty ?? true { gate.rules.remove(.declaredOrder) }
    if policy?.limits.isEmpty ?? true { gate.rules.subtract([.longHold, .longWait]) }
    if options.failOnWaits {
      gate.rules.insert(.stillWaiting)
    } else {
      gate.rules.remove(.stillWaiting)
    }
    gate.baseline = try options.baseline.map {
      try Self.baseline($0, mayLack: options.writeBaseline)
    }
    for rule in options.rules ?? [] {
      if !rule.isChecked {
        Terminal.note("warning: traces do not tell of '\(rule.rawValue)'")
      } else if rule == .declaredOrder, !gate.rules.contains(rule) {
        Terminal.note(
          "warning: no policy declares an order, so 'declared-order' finds nothing")
      } else if rule == .longHold || rule == .longWait, !gate.rules.contains(rule) {
        Terminal.note(
          "warning: no policy declares limits, so '\(rule.rawValue)' finds nothing")
      } else if rule == .stillWaiting, !gate.rules.contains(rule) {
        Terminal.note("warning: without --fail-on-waits 'still-waiting' finds nothing")
      }
    }
  }

  /// The rules that are looked for.
  var checkedRules: [Rule] { Rule.allCases.filter { $0.isChecked && gate.rules.contains($0) } }

  /// For how long locks may be held and waited for, if that is declared and looked for.
  var limits: DurationLimits.Source? {
    looksForDurations ? policy?.limits.source : nil
  }

  /// The same for programs that validate their locks themselves, as `LOCKGRAPH_LIMITS` says it;
  /// `nil` where nothing is said.
  var limitsOfPrograms: String? {
    guard looksForDurations, let limits = policy?.limits, !limits.isEmpty else { return nil }
    return limits.text
  }

  private var looksForDurations: Bool {
    gate.rules.contains(.longHold) || gate.rules.contains(.longWait)
  }

  /// A file that is about to be written need not be there, or can be empty.
  private static func baseline(_ path: String, mayLack written: String?) throws -> Baseline {
    if let written, OutputFile.isSame(path, written), !OutputFile.hasContent(path) {
      return Baseline(name: path)
    }
    return try PolicyFile.reporting { () throws(TraceError) in try Baseline(contentsOf: path) }
  }

  /// The analysis with the violations of what is declared, and the chosen rules only.
  ///
  /// - Parameter statistics: what was measured, where there are limits.
  mutating func apply(
    to analysis: Analysis, _ statistics: LockStatistics?, limit: Int
  ) throws -> Analysis {
    try options.validate(inputs: analysis.inputs.map(\.name))
    var analysis = analysis
    if let policy, gate.rules.contains(.declaredOrder) {
      gate.omittedDeclaredOrders = try PolicyFile.reporting { () throws(TraceError) in
        try policy.addViolations(to: &analysis, limit: limit)
      }
    }
    if looksForDurations, let statistics {
      gate.omittedOverruns = analysis.addOverruns(
        statistics.overruns, rules: gate.rules, limit: limit)
      if !statistics.hasTimes, statistics.events > 0 {
        Terminal.note("note: no event has a time, so the policy's limits find nothing")
      }
    }
    if let policy {
      gate.unusedDeclarations = policy.unusedDeclarations(
        in: analysis.graph, ofOrders: gate.rules.contains(.declaredOrder),
        ofLimits: looksForDurations)
    }
    if gate.rules.contains(.stillWaiting) { analysis.addStillWaitingFindings() }
    return options.selecting(analysis)
  }

  /// Reads the comments in the source that let findings through, where it is said where that is.
  /// Ends with status 2 if one is wrong.
  mutating func readComments(of analysis: Analysis, _ report: ReportOptions) throws {
    guard let folder = report.sourceRoot else { return }
    let root = SourceRoot(folder)
    var settings = ReportSettings()
    settings.sourceRoots = root.names
    settings.locate = root.locator()
    gate.comments = try PolicyFile.reporting { [settings] () throws(TraceError) in
      try SourceComments(of: analysis, below: root.names[0]) { settings.sourcePath($0) }
    }
  }

  /// Tells what the verdict is about besides findings.
  func tell(_ verdict: GateVerdict) {
    for remark in verdict.remarks {
      if remark.isViolation {
        Terminal.message("error: " + remark.text)
      } else {
        Terminal.note("note: " + remark.text)
      }
    }
  }

  /// What becomes of the baseline, with the reports.
  struct BaselineUpdate {
    /// The file that is written; `nil` if it stays as it is.
    var part: OutputFile.Part?
    /// What is told.
    var text: String
    /// With which status the command ends because of it.
    var status: Int32?

    func tell() {
      if status == nil { Terminal.note(text) } else { Terminal.message("error: " + text) }
    }
  }

  /// Records what would fail, if that was asked for.
  func recordBaseline(_ analysis: Analysis, _ verdict: GateVerdict) throws -> BaselineUpdate? {
    guard let path = options.writeBaseline else { return nil }
    let name = path.withVisibleControls
    guard verdict.coverage == .checked else {
      return BaselineUpdate(text: "\(name): not written: \(Self.lack(verdict))", status: 2)
    }
    var recording = gate
    if gate.baseline == nil, OutputFile.hasContent(path), !OutputFile.isSpecial(path) {
      recording.baseline = try Self.baseline(path, mayLack: nil)
    }
    let baseline = recording.baseline(recording: analysis, name: path)
    let recorded = "\(name): recorded \(Counted.plain(baseline.entries.count, "finding"))"
    let omissions = verdict.remarks.filter(\.isViolation).map(\.text)
    guard omissions.isEmpty else {
      return BaselineUpdate(
        part: .init(baseline, to: path),
        text: "\(recorded), and not all: \(omissions.joined(separator: ", "))", status: 1)
    }
    return BaselineUpdate(part: .init(baseline, to: path), text: recorded)
  }

  /// Takes what is gone out of the baseline, if anything is.
  func pruneBaseline(_ analysis: Analysis, _ verdict: GateVerdict) -> BaselineUpdate? {
    guard let path = options.baseline, let all = gate.baseline else { return nil }
    let name = path.withVisibleControls
    guard verdict.coverage == .checked else {
      return BaselineUpdate(text: "note: \(name): not pruned: \(Self.lack(verdict))")
    }
    guard let pruned = gate.prunedBaseline(after: analysis) else { return nil }
    let count = all.entries.count - pruned.entries.count
    return BaselineUpdate(
      part: .init(pruned, to: path),
      text: "\(name): took out \(Counted.plain(count, "fixed finding"))")
  }

  private static func lack(_ verdict: GateVerdict) -> String {
    verdict.coverage == .nothing ? "nothing was checked" : "too little was checked"
  }
}
