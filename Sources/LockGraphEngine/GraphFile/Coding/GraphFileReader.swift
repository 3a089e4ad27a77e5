/// Reads the sections of a graph file into a content.
///
/// It refuses what the writer does not write: numbers that lead nowhere, rows out of order,
/// dependencies without evidence. So what was read can be used as it is, and only its bounds are
/// those of whoever wrote it.
struct GraphFileReader {
  private(set) var content = GraphContent()
  /// How many rows each table has that was read.
  private var rows = SectionNumbers()
  /// How many held locks belong to acquisitions and witnesses.
  private var claimed: UInt32 = 0

  mutating func read(
    _ section: GraphFile.Section, from reader: inout BinaryReader
  ) throws(GraphFileFailure) {
    switch section {
    case .texts:
      try readTexts(&reader)
      rows[.texts] = UInt32(content.texts.count)
    case .end:
      break
    default:
      var reading = SectionReading(
        section: section, columns: ColumnReader(reader, rows: rows, claimed: claimed))
      if section == .bounds {
        try content.bounds(&reading.columns)
      } else {
        try content.visitTables(&reading)
      }
      rows[section] = reading.count
      claimed = reading.columns.claimed
      reader = reading.columns.bytes
    }
    if section != .end { try reader.expectEnd() }
  }

  private mutating func readTexts(_ reader: inout BinaryReader) throws(GraphFileFailure) {
    var last: UnsafeRawBufferPointer?
    for _ in 0..<(try reader.count()) {
      let text = try reader.raw(try reader.count())
      if let last, !last.precedes(text) { throw reader.failure("a text that is out of order") }
      _ = content.texts.intern(text)
      last = text
    }
  }

  /// What is wrong with tables that are right one by one, once all are read.
  var flaw: String? {
    if claimed < rows[.held] { return "a held lock that belongs to nothing" }
    var (witnesses, statements) = (content.witnesses[...], content.statements[...])
    for (number, edge) in content.edges.enumerated() {
      let hasWitness = witnesses.first?.edge == Row(number)
      let isStated = statements.first?.edge == Row(number)
      guard edge.basis == .events ? hasWitness : !hasWitness && isStated else {
        return "a dependency without its evidence"
      }
      witnesses = witnesses.drop { $0.edge == Row(number) }
      statements = statements.drop { $0.edge == Row(number) }
    }
    return nil
  }
}

private struct SectionReading: TableVisitor {
  let section: GraphFile.Section
  var columns: ColumnReader
  private(set) var count: UInt32 = 0

  init(section: GraphFile.Section, columns: ColumnReader) {
    self.section = section
    self.columns = columns
  }

  mutating func visit<Table: GraphRow>(
    _ table: Table.Type, of content: inout GraphContent
  ) throws(GraphFileFailure) {
    guard Table.section == section else { return }
    let count = try columns.bytes.count(eachOf: Table.leastSize)
    guard count < Int(GraphContent.Witness.Source.limit) else {
      throw columns.bytes.failure("\(count) rows, more than are numbered")
    }
    var rows: [Table] = []
    rows.reserveCapacity(count)
    var last = Table()
    for number in 0..<count {
      columns.begin(isFirst: number == 0)
      var row = Table()
      try row.columns(after: last, &columns)
      if let flaw = row.flaw(in: content) { throw columns.bytes.failure(flaw) }
      rows.append(row)
      last = row
    }
    content[keyPath: Table.rows] = rows
    self.count = UInt32(count)
  }
}

extension GraphContent {
  /// What is known of the whole.
  mutating func bounds<Visitor: ColumnVisitor>(
    _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.bits("more dependencies", &isBounded)
    try visit.bits("more held locks", &isDepthBounded)
    try visit.bits("more findings", &isFoundBounded)
    try visit.endByte()
  }
}
