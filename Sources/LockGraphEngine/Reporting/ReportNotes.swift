/// What a reader of the findings should know beside them: the verdict's remarks, what the inputs
/// lacked, and what still waits.
struct ReportNotes {
  /// How many roots of waits are told.
  private static let waitLimit = 50

  /// One line each.
  private(set) var all: [GateVerdict.Remark]

  init(_ subject: JudgedAnalysis) {
    let analysis = subject.analysis
    all = subject.verdict.remarks
    for input in analysis.inputs {
      for warning in input.warnings { add("\(input.name): warning: \(warning)") }
      if let skipped = Self.skipped(input) { add(skipped) }
    }
    if analysis.summary.omittedFindings > 0 {
      let count = Counted.grouped(analysis.summary.omittedFindings, "more cycle")
      add("\(count) of one or two classes not listed")
    }
    if analysis.summary.uncoveredDependencies > 0 {
      let count = Counted.grouped(
        analysis.summary.uncoveredDependencies, "dependency", "dependencies")
      add("\(count) may lie on cycles that are not listed")
    }
    for group in analysis.waiting.prefix(Self.waitLimit) { add(group.line) }
    if analysis.waiting.count > Self.waitLimit {
      let waits = analysis.waiting.dropFirst(Self.waitLimit).reduce(0) { $0 + $1.waits.count }
      add("\(Counted.grouped(waits, "more wait")) not listed")
    }
    for index in all.indices {
      all[index].text = all[index].text.withVisibleControls.shortened(to: Limits.remark)
    }
  }

  /// How many bad lines of an input were left out.
  static func skipped(_ input: TraceInput) -> String? {
    guard input.skipped > 0 else { return nil }
    let first = input.firstSkipped?.line.map { ", the first at line \($0)" } ?? ""
    return "\(input.name): \(Counted.grouped(input.skipped, "bad line")) skipped\(first)"
  }

  private mutating func add(_ text: String) {
    all.append(GateVerdict.Remark(isViolation: false, text: text))
  }
}

/// Gives a name that was there before another ending.
struct UniqueNames {
  private var counts: [String: Int] = [:]

  mutating func unique(_ name: String) -> String {
    let count = counts[name, default: 0] + 1
    counts[name] = count
    return count == 1 ? name : unique("\(name)-\(count)")
  }
}
