// What a report begins with where it has many findings, and what it says of those that are excused.

/// A finding as a report counts it.
struct NumberedFinding {
  /// From 1, in the order of the analysis.
  let number: Int
  let finding: Finding
  let standing: GateVerdict.Standing?

  init(_ number: Int, _ finding: Finding, _ standing: GateVerdict.Standing?) {
    self.number = number
    self.finding = finding
    self.standing = standing
  }

  /// It is excused, and so told in a line.
  var isFolded: Bool { standing?.isExcused == true }
}

extension TextReport {
  /// So many findings can be kept in view without a list of them.
  private static var indexFloor: Int { 3 }
  /// So many lines are still looked through.
  private static var indexLimit: Int { 60 }

  /// A list of the findings, one line each, where there are more than one sees at once.
  mutating func addIndex(_ findings: [NumberedFinding], _ folded: Int) {
    guard findings.count > Self.indexFloor else { return }
    line(style.paint(Counted.grouped(findings.count, "finding"), .strong))
    let digits = String(findings.last?.number ?? 0).count
    for entry in findings.prefix(Self.indexLimit) {
      let finding = entry.finding
      let number = String(entry.number)
      let grade = finding.confidence.map { " (\($0.rawValue))" } ?? ""
      let place = finding.firstPlace.map { " \(TextLayout.whole("at \($0)"))" } ?? ""
      let text =
        "#\(number) \(finding.severity.rawValue): \(finding.title.withVisibleControls)\(grade)"
      wrapped(
        text + place, indent: 2 + digits - number.count, hanging: digits + 2)
    }
    let rest = findings.count - Self.indexLimit
    if rest > 0 { wrapped("… \(Counted.grouped(rest, "more finding")) …", indent: 2) }
    if folded > 0 {
      wrapped("and \(Counted.grouped(folded, "excused one")), at the end", indent: 2)
    }
    line()
  }

  /// What is excused, in a line each.
  mutating func addFolded(_ findings: [NumberedFinding]) {
    guard !findings.isEmpty else { return }
    line(style.paint(Counted.grouped(findings.count, "excused finding"), .strong))
    for entry in findings {
      let finding = entry.finding
      let standing = entry.standing.map { "; \($0.name): \($0.exception?.text ?? "")" } ?? ""
      wrapped(
        "#\(entry.number) \(finding.severity.rawValue): \(finding.title.withVisibleControls) "
          + "\(TextLayout.whole("[\(finding.tag)]"))\(standing); fingerprint \(finding.fingerprint)",
        indent: 2, hanging: 3
      )
    }
    line()
  }
}

extension Finding {
  /// Where a reader looks first: the place in the source that the reports for CI systems show, with
  /// its name as the input has it; where none is known, the line of the input.
  fileprivate var firstPlace: String? {
    FindingPath.paths(of: self, ReportSettings()).primaryPlace?.text.withVisibleControls
  }
}
