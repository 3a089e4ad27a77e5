/// Visits of all columns only those that are rows of other tables.
protocol ReferenceVisitor: ColumnVisitor where Failure == Never {
  mutating func reference<Table: GraphTable>(_ row: inout Row<Table>)
  /// The row that this one goes with.
  mutating func ownerReference<Table: GraphTable>(_ row: inout Row<Table>)
}

extension ReferenceVisitor {
  @inline(__always)
  mutating func owner<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    ownerReference(&row)
  }

  @inline(__always)
  mutating func key<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    reference(&row)
  }

  @inline(__always)
  mutating func lastKey<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    reference(&row)
  }

  @inline(__always)
  mutating func row<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    reference(&row)
  }

  @inline(__always)
  mutating func optional<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    if row != .none { reference(&row) }
  }

  @inline(__always)
  mutating func span(_ name: StaticString, _ rows: inout RowSpan<GraphContent.Held>) {
    reference(&rows.start)
  }

  @inline(__always)
  mutating func source(_ name: StaticString, _ source: inout GraphContent.Witness.Source) {
    guard var own = source.own else { return }
    reference(&own)
    source = GraphContent.Witness.Source(own: own)
  }

  mutating func key(_ name: StaticString, _ number: inout UInt32, after last: UInt32) {}
  mutating func key(_ name: StaticString, _ number: inout UInt64, after last: UInt64) {}
  mutating func lastKey(_ name: StaticString, _ number: inout UInt32, after last: UInt32) {}
  mutating func lastKey(
    _ name: StaticString, _ digest: inout ContentDigest.Value, after last: ContentDigest.Value
  ) {}
  mutating func number(_ name: StaticString, _ number: inout UInt32) {}
  mutating func number(_ name: StaticString, _ number: inout UInt32, before other: UInt32) {}
  mutating func optional(_ name: StaticString, _ number: inout UInt32, before other: UInt32) {}
  mutating func line(_ name: StaticString, _ number: inout UInt64) {}
  mutating func count(_ name: StaticString, _ count: inout UInt64) {}
  mutating func set(_ name: StaticString, _ bits: inout UInt16, of count: Int) {}
  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value) {}
  mutating func bits(_ name: StaticString, _ value: inout UInt8, width: UInt8) {}
  mutating func endByte() {}
}

extension GraphRow {
  /// Visits what the row refers to.
  @inline(__always)
  mutating func references<Visitor: ReferenceVisitor>(_ visitor: inout Visitor) {
    columns(after: Self(), &visitor)
  }

  /// Whether rows of this table have a column of rows of another.
  static func refers<Other: GraphTable>(to other: Other.Type) -> Bool {
    var probe = ReferenceProbe(section: Other.section)
    var row = Self()
    row.references(&probe)
    return probe.isFound
  }
}

private struct ReferenceProbe: ReferenceVisitor {
  let section: GraphFile.Section
  var isFound = false

  mutating func reference<Table: GraphTable>(_ row: inout Row<Table>) {
    if Table.section == section { isFound = true }
  }

  mutating func ownerReference<Table: GraphTable>(_ row: inout Row<Table>) { reference(&row) }

  // Columns that have nothing now may have something in other rows.
  mutating func optional<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    reference(&row)
  }

  mutating func source(_ name: StaticString, _ source: inout GraphContent.Witness.Source) {
    if GraphContent.Held.section == section { isFound = true }
  }
}
