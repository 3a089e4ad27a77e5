extension GraphContent {
  /// A finding that needs no other input: a violation, a deadlock that happened, or what another
  /// validator reported.
  struct Found {
    var fingerprint: Row<Text> = 0
    var isReport = false
    /// Of findings that are alike the least is kept.
    var rank = FindingRank(bits: 0)
    var input: Row<Input> = 0
    /// An encoded `Finding`.
    var finding: Row<Text> = 0
  }

  struct FoundCount {
    var found: Row<Found> = 0
    var input: Row<Input> = 0
    var occurrences: UInt64 = 0
  }
}

extension GraphContent.Found: GraphRow {
  static var section: GraphFile.Section { .found }
  static var noun: String { "finding" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.found }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.lastKey("fingerprint", &fingerprint, after: last.fingerprint)
    try visit.bits("reported by another validator", &isReport)
    try visit.bits("rank", &rank)
    try visit.endByte()
    try visit.row("input", &input)
    try visit.row("encoded finding", &finding)
  }

  func flaw(in content: GraphContent) -> String? {
    let name = content.texts.string(fingerprint)
    return content.flaw(ofText: finding) { (reader) throws(GraphFileFailure) in
      let finding: Finding = try reader.value()
      guard finding.fingerprint == name else {
        throw reader.failure("a finding of another fingerprint")
      }
    }
  }
}

extension GraphContent.FoundCount: GraphRow {
  static var section: GraphFile.Section { .foundCounts }
  static var noun: String { "count of a finding" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.foundCounts }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.owner("finding", &found, after: last.found)
    try visit.lastKey("input", &input, after: last.input)
    try visit.count("occurrences", &occurrences)
  }
}
