/// A table of a content, which other tables refer to.
protocol GraphTable {
  /// The section of graph files that holds it.
  static var section: GraphFile.Section { get }
  /// What one row is, for messages.
  static var noun: String { get }
}

/// A row of a table, with everything that a new column must be told to: what describes the columns
/// here is what reads, writes, joins and compacts tables.
protocol GraphRow: GraphTable, Sendable {
  static var rows: WritableKeyPath<GraphContent, [Self]> { get }

  init()

  /// Goes over the columns.
  ///
  /// - Parameter last: the row before, or any for the first one.
  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure)

  /// What is wrong with a row of numbers that all exist; the tables before its own are complete.
  func flaw(in content: GraphContent) -> String?
}

extension GraphRow {
  func flaw(in content: GraphContent) -> String? { nil }
}
