extension GraphContent {
  /// One that was read. Two are the same if name, format and digest are.
  struct Input {
    var name: Row<Text> = 0
    var format: Row<Text> = 0
    var digest = ContentDigest.Value(first: 0, second: 0)
    var events: UInt64 = 0
    var facts: UInt64 = 0
    var threads: UInt64 = 0
    var locks: UInt64 = 0
    /// Deadlocks that were not kept.
    var omitted: UInt64 = 0
    var skipped: UInt64 = 0
    /// An encoded `InputRemarks`, or none.
    var remarks = Row<Text>.none
  }
}

extension GraphContent.Input: GraphRow {
  static var section: GraphFile.Section { .inputs }
  static var noun: String { "input" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.inputs }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("name", &name, after: last.name)
    try visit.key("format", &format, after: last.format)
    try visit.lastKey("digest", &digest, after: last.digest)
    try visit.count("events", &events)
    try visit.count("facts", &facts)
    try visit.count("threads", &threads)
    try visit.count("locks", &locks)
    try visit.count("omitted deadlocks", &omitted)
    try visit.count("skipped lines", &skipped)
    try visit.optional("remarks", &remarks)
  }

  func flaw(in content: GraphContent) -> String? {
    guard remarks != .none else { return nil }
    return content.flaw(ofText: remarks) { (reader) throws(GraphFileFailure) in
      let _: InputRemarks = try reader.value()
    }
  }
}

extension GraphContent {
  /// What is wrong with a text that is not what is expected.
  func flaw(
    ofText text: Row<Text>,
    _ read: (inout BinaryReader) throws(GraphFileFailure) -> Void
  ) -> String? {
    texts.withBytes(text) { bytes in
      var reader = BinaryReader(bytes, at: 0)
      do throws(GraphFileFailure) {
        try read(&reader)
        try reader.expectEnd()
        return nil
      } catch {
        return "text \(text.number), at its byte \(error.offset): \(error.message)"
      }
    }
  }
}
