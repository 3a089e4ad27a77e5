extension GraphContent {
  /// What the events of an input say of a cycle, by the fingerprint of its finding.
  struct Verdict {
    var fingerprint: Row<Text> = 0
    var input: Row<Input> = 0
    /// An encoded `CycleVerdict`.
    var verdict: Row<Text> = 0
  }
}

extension GraphContent.Verdict: GraphRow {
  static var section: GraphFile.Section { .verdicts }
  static var noun: String { "verdict on a cycle" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.verdicts }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("fingerprint", &fingerprint, after: last.fingerprint)
    try visit.lastKey("input", &input, after: last.input)
    try visit.row("encoded verdict", &verdict)
  }

  func flaw(in content: GraphContent) -> String? {
    content.flaw(ofText: verdict) { (reader) throws(GraphFileFailure) in
      let _: EncodedVerdict = try reader.value()
    }
  }
}
