/// Reads the columns of rows, and refuses numbers that lead nowhere and rows that are out of order.
struct ColumnReader: ColumnVisitor {
  var bytes: BinaryReader
  /// How many rows each table has.
  private let rows: SectionNumbers
  /// How many held locks belong to rows that were read.
  private(set) var claimed: UInt32
  /// What came of the keys is that of the row before.
  private var isSame = false
  /// The bits of the last byte that no column has yet, and how many columns have.
  private var rest: UInt8 = 0
  private var used: UInt8 = 0

  init(_ bytes: BinaryReader, rows: SectionNumbers, claimed: UInt32) {
    self.bytes = bytes
    self.rows = rows
    self.claimed = claimed
  }

  @inline(__always)
  mutating func begin(isFirst: Bool) { isSame = !isFirst }

  @inline(__always)
  mutating func owner<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) throws(GraphFileFailure) {
    try key(name, &row, after: last)
  }

  @inline(__always)
  mutating func key<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) throws(GraphFileFailure) {
    try key(name, &row.number, after: last.number)
    try check(row)
  }

  @inline(__always)
  mutating func key(
    _ name: StaticString, _ number: inout UInt32, after last: UInt32
  ) throws(GraphFileFailure) {
    number = try bytes.number(after: isSame ? last : 0)
    isSame = isSame && number == last
  }

  @inline(__always)
  mutating func key(
    _ name: StaticString, _ number: inout UInt64, after last: UInt64
  ) throws(GraphFileFailure) {
    let base = isSame ? last : 0
    let step = try bytes.number()
    guard step <= .max - base else { throw bytes.failure("a \(name) that is too great") }
    number = base + step
    isSame = isSame && step == 0
  }

  @inline(__always)
  mutating func lastKey<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) throws(GraphFileFailure) {
    try lastKey(name, &row.number, after: last.number)
    try check(row)
  }

  @inline(__always)
  mutating func lastKey(
    _ name: StaticString, _ number: inout UInt32, after last: UInt32
  ) throws(GraphFileFailure) {
    number = try bytes.number(after: isSame ? last + 1 : 0)
  }

  mutating func lastKey(
    _ name: StaticString, _ digest: inout ContentDigest.Value, after last: ContentDigest.Value
  ) throws(GraphFileFailure) {
    digest = try bytes.digest()
    guard !isSame || last < digest else { throw bytes.failure("a row that is out of order") }
  }

  @inline(__always)
  mutating func row<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>
  ) throws(GraphFileFailure) {
    row.number = try bytes.number(below: Int(rows[Table.section]), Table.noun)
  }

  @inline(__always)
  mutating func optional<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>
  ) throws(GraphFileFailure) {
    // One less than nothing is none.
    row.number = try bytes.number(below: Int(rows[Table.section]) + 1, Table.noun) &- 1
  }

  @inline(__always)
  private func check<Table: GraphTable>(_ row: Row<Table>) throws(GraphFileFailure) {
    guard row.number < rows[Table.section] else {
      throw bytes.failure(
        "\(Table.noun) number \(row.number) where there are \(rows[Table.section])")
    }
  }

  mutating func span(
    _ name: StaticString, _ span: inout RowSpan<GraphContent.Held>
  ) throws(GraphFileFailure) {
    let count = try bytes.number()
    guard count <= UInt64(EvidenceStore.heldLimit) else {
      throw bytes.failure("\(count) locks held, more than are kept")
    }
    span = try claim(UInt32(count))
  }

  mutating func source(
    _ name: StaticString, _ source: inout GraphContent.Witness.Source
  ) throws(GraphFileFailure) {
    let number = try bytes.number(below: EvidenceStore.heldLimit + 1, GraphContent.Held.noun)
    source =
      number > 0
      ? GraphContent.Witness.Source(place: number - 1)
      : GraphContent.Witness.Source(own: try claim(1).start)
  }

  /// The next held locks that belong to no row yet.
  private mutating func claim(
    _ count: UInt32
  ) throws(GraphFileFailure) -> RowSpan<GraphContent.Held> {
    guard count <= rows[.held] - claimed else {
      throw bytes.failure("more held locks than there are")
    }
    defer { claimed += count }
    return RowSpan(start: Row(claimed), count: count)
  }

  @inline(__always)
  mutating func number(
    _ name: StaticString, _ number: inout UInt32
  ) throws(GraphFileFailure) {
    number = try bytes.number(after: 0)
  }

  mutating func number(
    _ name: StaticString, _ number: inout UInt32, before other: UInt32
  ) throws(GraphFileFailure) {
    try optional(name, &number, before: other)
    guard number != GraphContent.none else { throw bytes.failure("a \(name) that is itself") }
  }

  mutating func optional(
    _ name: StaticString, _ number: inout UInt32, before other: UInt32
  ) throws(GraphFileFailure) {
    let back = try bytes.number()
    guard back <= other else { throw bytes.failure("a \(name) before the first") }
    number = back == 0 ? GraphContent.none : other - UInt32(back)
  }

  @inline(__always)
  mutating func line(
    _ name: StaticString, _ number: inout UInt64
  ) throws(GraphFileFailure) {
    number = try bytes.number()
  }

  @inline(__always)
  mutating func count(
    _ name: StaticString, _ count: inout UInt64
  ) throws(GraphFileFailure) {
    count = try bytes.quantity()
  }

  mutating func set(
    _ name: StaticString, _ bits: inout UInt16, of count: Int
  ) throws(GraphFileFailure) {
    let number = try bytes.number()
    guard number < 1 << UInt64(count) else { throw bytes.failure("unknown \(name)") }
    bits = UInt16(number)
  }

  @inline(__always)
  mutating func bits<Value: BitColumn>(
    _ name: StaticString, _ value: inout Value
  ) throws(GraphFileFailure) {
    var raw: UInt8 = 0
    try bits(name, &raw, width: Value.width)
    guard let known = Value(bits: raw) else { throw bytes.failure("an unknown \(name)") }
    value = known
  }

  @inline(__always)
  mutating func bits(
    _ name: StaticString, _ value: inout UInt8, width: UInt8
  ) throws(GraphFileFailure) {
    if used == 0 { rest = try bytes.byte() }
    value = rest & UInt8(truncatingIfNeeded: (1 << Int(width)) - 1)
    rest >>= width
    used += width
  }

  @inline(__always)
  mutating func endByte() throws(GraphFileFailure) {
    guard rest == 0 else { throw bytes.failure("a bit that means nothing") }
    used = 0
  }
}
