import ArgumentParser
import LockGraph
import LockGraphPolicy

/// The policy and the baseline that options name, read before the inputs are, so that what is wrong
/// with them is told at once.
struct GateSetup {
  private let options: FindingOptions
  private let policy: Policy?
  private(set) var gate: Gate

  /// Ends with status 2 if something cannot be read.
  ///
  /// - Parameter findsPolicy: whether the policy where the command runs is used if none is named.
  init(_ options: FindingOptions, findsPolicy: Bool) throws {
    self.options = options
    policy = try PolicyFile.load(options.policy, findsPolicy: findsPolicy)
    gate = Gate(today: try options.today ?? DayArgument.present)
    gate.failOn = options.failOn
    if let policy {
      gate.ignores = policy.ignores
      gate.grades = policy.grades
    }
    if let rules = options.rules { gate.rules.formIntersection(rules) }
    if policy?.order.isEmpty ?? true { gate.rules.remove(.declaredOrder) }
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
      } else if rule == .stillWaiting, !gate.rules.contains(rule) {
        Terminal.note("warning: without --fail-on-waits 'still-waiting' finds nothing")
      }
    }
  }

  /// The rules that are looked for.
  var checkedRules: [Rule] { Rule.allCases.filter { $0.isChecked && gate.rules.contains($0) } }

  /// A file that is about to be written need not be there, or can be empty.
  private static func baseline(_ path: String, mayLack written: String?) throws -> Baseline {
    if let written, OutputFile.isSame(path, written), !OutputFile.hasContent(path) {
      return Baseline(name: path)
    }
    return try PolicyFile.reporting { () throws(TraceError) in try Baseline(contentsOf: path) }
  }

  /// The analysis with the violations of declared orders, and the chosen rules only.
  mutating func apply(to analysis: Analysis, limit: Int) throws -> Analysis {
    try options.validate(inputs: analysis.inputs.map(\.name))
    var analysis = analysis
    if let policy, gate.rules.contains(.declaredOrder) {
      gate.omittedDeclaredOrders = try PolicyFile.reporting { () throws(TraceError) in
        try policy.addViolations(to: &analysis, limit: limit)
      }
    }
    if gate.rules.contains(.stillWaiting) { analysis.addStillWaitingFindings() }
    return options.selecting(analysis)
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

  /// A baseline that is written with the reports, and what is told then.
  struct WrittenBaseline {
    var part: OutputFile.Part
    var note: String
  }

  /// The baseline that was asked for.
  func recordedBaseline(_ analysis: Analysis) throws -> WrittenBaseline? {
    guard let path = options.writeBaseline else { return nil }
    var recording = gate
    if gate.baseline == nil, OutputFile.hasContent(path), !OutputFile.isSpecial(path) {
      recording.baseline = try Self.baseline(path, mayLack: nil)
    }
    let baseline = recording.baseline(recording: analysis, name: path)
    let count = baseline.entries.count
    return WrittenBaseline(
      part: .init(baseline, to: path),
      note: "\(path.withVisibleControls): recorded \(Counted.plain(count, "finding"))")
  }

  /// The baseline without what is gone, if anything is.
  func prunedBaseline(_ analysis: Analysis) -> WrittenBaseline? {
    guard let path = options.baseline, let all = gate.baseline,
      let pruned = gate.prunedBaseline(after: analysis)
    else { return nil }
    let count = all.entries.count - pruned.entries.count
    return WrittenBaseline(
      part: .init(pruned, to: path),
      note: "\(path.withVisibleControls): took out \(Counted.plain(count, "fixed finding"))")
  }
}
