/// Does something with one table after the other.
protocol TableVisitor {
  associatedtype Failure: Error

  mutating func visit<Table: GraphRow>(
    _ table: Table.Type, of content: inout GraphContent
  ) throws(Failure)
}

extension GraphContent {
  /// Visits all tables but that of texts.
  mutating func visitTables<Visitor: TableVisitor>(
    _ visitor: inout Visitor
  ) throws(Visitor.Failure) {
    try visitor.visit(Input.self, of: &self)
    try visitor.visit(LockClass.self, of: &self)
    try visitor.visit(ClassCount.self, of: &self)
    try visitor.visit(Lock.self, of: &self)
    try visitor.visit(Thread.self, of: &self)
    try visitor.visit(Guard.self, of: &self)
    try visitor.visit(Epoch.self, of: &self)
    try visitor.visit(Held.self, of: &self)
    try visitor.visit(Record.self, of: &self)
    try visitor.visit(Edge.self, of: &self)
    try visitor.visit(EdgeCount.self, of: &self)
    try visitor.visit(Witness.self, of: &self)
    try visitor.visit(Statement.self, of: &self)
    try visitor.visit(Mark.self, of: &self)
    try visitor.visit(StatedMark.self, of: &self)
    try visitor.visit(Found.self, of: &self)
    try visitor.visit(FoundCount.self, of: &self)
    try visitor.visit(Verdict.self, of: &self)
  }
}

/// A number for each section.
struct SectionNumbers {
  private var numbers = [UInt32](repeating: 0, count: 1 << 7)

  subscript(section: GraphFile.Section) -> UInt32 {
    @inline(__always) get { numbers[Int(section.rawValue)] }
    set { numbers[Int(section.rawValue)] = newValue }
  }
}

extension GraphContent {
  /// How many rows each table has.
  var rowCounts: SectionNumbers {
    var content = self
    var counting = RowCounting()
    content.visitTables(&counting)
    counting.counts[.texts] = UInt32(texts.count)
    return counting.counts
  }

  /// About how many bytes it takes.
  var weight: Int {
    var content = self
    var weighing = Weighing(bytes: texts.byteCount + 24 * texts.count)
    content.visitTables(&weighing)
    return weighing.bytes
  }
}

private struct RowCounting: TableVisitor {
  var counts = SectionNumbers()

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    counts[Table.section] = UInt32(content[keyPath: Table.rows].count)
  }
}

private struct Weighing: TableVisitor {
  var bytes: Int

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    bytes += MemoryLayout<Table>.stride * content[keyPath: Table.rows].count
  }
}
