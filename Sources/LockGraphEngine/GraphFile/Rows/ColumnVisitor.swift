/// Goes over the columns of rows, of each in the same order.
///
/// A row type describes its columns once, in `columns`; whatever is done to columns is a visitor:
/// reading and writing them, moving references to other numbers, marking what is referred to,
/// describing the layout.
protocol ColumnVisitor {
  associatedtype Failure: Error

  /// The row of which this one is a part. Rows are sorted by it first, and go when it goes.
  mutating func owner<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) throws(Failure)

  /// A part of what rows are sorted by, after those that came before.
  mutating func key<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) throws(Failure)
  mutating func key(
    _ name: StaticString, _ number: inout UInt32, after last: UInt32
  ) throws(Failure)
  mutating func key(
    _ name: StaticString, _ number: inout UInt64, after last: UInt64
  ) throws(Failure)

  /// The last part of what rows are sorted by, of which no two have the same.
  mutating func lastKey<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) throws(Failure)
  mutating func lastKey(
    _ name: StaticString, _ number: inout UInt32, after last: UInt32
  ) throws(Failure)
  mutating func lastKey(
    _ name: StaticString, _ digest: inout ContentDigest.Value, after last: ContentDigest.Value
  ) throws(Failure)

  /// A row of another table.
  mutating func row<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>
  ) throws(Failure)
  /// A row of another table, or none.
  mutating func optional<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>
  ) throws(Failure)
  /// Rows that belong to this row alone: the next ones that belong to none before.
  mutating func span(
    _ name: StaticString, _ rows: inout RowSpan<GraphContent.Held>
  ) throws(Failure)
  /// A row of what another row holds, or the next one that belongs to none before.
  mutating func source(
    _ name: StaticString, _ source: inout GraphContent.Witness.Source
  ) throws(Failure)

  mutating func number(_ name: StaticString, _ number: inout UInt32) throws(Failure)
  /// A smaller number than another column's.
  mutating func number(
    _ name: StaticString, _ number: inout UInt32, before other: UInt32
  ) throws(Failure)
  /// A smaller number than another column's, or `GraphContent.none`.
  mutating func optional(
    _ name: StaticString, _ number: inout UInt32, before other: UInt32
  ) throws(Failure)
  /// The number of a line, which may be any.
  mutating func line(_ name: StaticString, _ number: inout UInt64) throws(Failure)
  /// How often something happened.
  mutating func count(_ name: StaticString, _ count: inout UInt64) throws(Failure)
  /// One bit for each of so many things.
  mutating func set(_ name: StaticString, _ bits: inout UInt16, of count: Int) throws(Failure)

  /// Some bits of a byte, the lowest that no column before has.
  mutating func bits<Value: BitColumn>(
    _ name: StaticString, _ value: inout Value
  ) throws(Failure)
  mutating func bits(_ name: StaticString, _ value: inout UInt8, width: UInt8) throws(Failure)
  /// Ends the byte that columns share.
  mutating func endByte() throws(Failure)
}
