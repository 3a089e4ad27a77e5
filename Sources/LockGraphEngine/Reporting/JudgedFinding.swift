/// A finding with what the gate makes of it and where it is, for formats that others read: names
/// are short enough for them, and paths relative to the source root.
struct JudgedFinding {
  /// From 1, in the order of the analysis.
  let number: Int
  let finding: Finding
  let standing: GateVerdict.Standing
  /// The finding's, or where another finding of the report has the same, made different from it.
  let fingerprint: String
  /// What each thread does in it; empty where nothing is known.
  let paths: [FindingPath]
  /// Where to show it.
  let place: ReportPlace
}

extension Finding {
  /// The rule, and the confidence if it has one.
  var tag: String {
    confidence.map { "\(rule.rawValue), \($0.rawValue)" } ?? rule.rawValue
  }

  /// What it is about, without the threads that its title may name.
  var subject: String {
    guard let first = edges.first else { return classes.joined(separator: ", ") }
    let path = ([first.from] + edges.map(\.to)).prefix(20).joined(separator: " -> ")
    return edges.count < 20 ? path : path + " -> …"
  }
}
