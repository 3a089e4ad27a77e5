/// Writes the columns of canonical rows as `ColumnReader` reads them.
struct ColumnWriter: ColumnVisitor {
  var bytes = BinaryWriter()
  /// What came of the keys is that of the row before.
  private var isSame = false
  /// The byte that columns share, and how many of its bits they have.
  private var byte: UInt8 = 0
  private var used: UInt8 = 0

  init() {}

  @inline(__always)
  mutating func begin(isFirst: Bool) { isSame = !isFirst }

  @inline(__always)
  mutating func owner<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    key(name, &row.number, after: last.number)
  }

  @inline(__always)
  mutating func key<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    key(name, &row.number, after: last.number)
  }

  @inline(__always)
  mutating func key(_ name: StaticString, _ number: inout UInt32, after last: UInt32) {
    bytes.number(number - (isSame ? last : 0))
    isSame = isSame && number == last
  }

  @inline(__always)
  mutating func key(_ name: StaticString, _ number: inout UInt64, after last: UInt64) {
    bytes.number(number - (isSame ? last : 0))
    isSame = isSame && number == last
  }

  @inline(__always)
  mutating func lastKey<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    lastKey(name, &row.number, after: last.number)
  }

  @inline(__always)
  mutating func lastKey(_ name: StaticString, _ number: inout UInt32, after last: UInt32) {
    bytes.number(number - (isSame ? last + 1 : 0))
  }

  mutating func lastKey(
    _ name: StaticString, _ digest: inout ContentDigest.Value, after last: ContentDigest.Value
  ) {
    bytes.digest(digest)
  }

  @inline(__always)
  mutating func row<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    bytes.number(row.number)
  }

  @inline(__always)
  mutating func optional<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    bytes.number(row.number &+ 1)
  }

  mutating func span(_ name: StaticString, _ rows: inout RowSpan<GraphContent.Held>) {
    bytes.number(rows.count)
  }

  mutating func source(_ name: StaticString, _ source: inout GraphContent.Witness.Source) {
    bytes.number(source.own == nil ? source.place + 1 : 0)
  }

  @inline(__always)
  mutating func number(_ name: StaticString, _ number: inout UInt32) { bytes.number(number) }

  mutating func number(_ name: StaticString, _ number: inout UInt32, before other: UInt32) {
    bytes.number(other - number)
  }

  mutating func optional(_ name: StaticString, _ number: inout UInt32, before other: UInt32) {
    bytes.number(number == GraphContent.none ? 0 : other - number)
  }

  @inline(__always)
  mutating func line(_ name: StaticString, _ number: inout UInt64) { bytes.number(number) }

  @inline(__always)
  mutating func count(_ name: StaticString, _ count: inout UInt64) {
    bytes.number(min(count, GraphFile.greatestCount))
  }

  mutating func set(_ name: StaticString, _ bits: inout UInt16, of count: Int) {
    bytes.number(bits)
  }

  @inline(__always)
  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value) {
    var raw = value.bits
    bits(name, &raw, width: Value.width)
  }

  @inline(__always)
  mutating func bits(_ name: StaticString, _ value: inout UInt8, width: UInt8) {
    byte |= value << used
    used += width
  }

  @inline(__always)
  mutating func endByte() {
    bytes.byte(byte)
    (byte, used) = (0, 0)
  }
}
