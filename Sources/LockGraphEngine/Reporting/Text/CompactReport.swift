/// A finding a line, as compilers tell errors, so that editors lead to the place:
/// `PLACE: SEVERITY: GRADE RULE: CLASSES [FINGERPRINT]`, and behind it `known` or `ignored` where a
/// baseline or policy excuses it. Rules without grades have none.
public struct CompactReport {
  private let subject: JudgedAnalysis

  /// The lines of an analysis and of what the gate makes of it.
  public init(_ subject: JudgedAnalysis) { self.subject = subject }

  /// The lines, in UTF-8, in the order of the analysis; nothing if nothing was found.
  ///
  /// - Complexity: O(length of the report).
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    for judged in subject.findings {
      bytes.append(contentsOf: Self.line(judged).withVisibleControls.utf8)
      bytes.append(UInt8(ascii: "\n"))
    }
    return bytes
  }

  private static func line(_ judged: JudgedFinding) -> String {
    let finding = judged.finding
    let column = judged.place.column.map { ":\($0)" } ?? ""
    let grade = finding.confidence.map { "\($0.rawValue) " } ?? ""
    let standing = judged.standing.isExcused ? " \(judged.standing.name)" : ""
    return "\(judged.place.text)\(column): \(finding.severity.rawValue): \(grade)"
      + "\(finding.rule.rawValue): \(finding.subject) [\(finding.fingerprint)]\(standing)"
  }
}
