/// Describes tables, a line each.
struct TableDescribing: TableVisitor {
  private(set) var text = ""
  var columns = ColumnDescribing()

  mutating func begin(_ section: GraphFile.Section) {
    text += "\(section.letter) \(section.name): "
    columns = ColumnDescribing()
  }

  mutating func end() { text += columns.words.joined(separator: ", ") + "\n" }

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    begin(Table.section)
    var row = Table()
    row.columns(after: Table(), &columns)
    end()
  }
}

/// Tells names and types of columns, and how many bytes they take at least.
struct ColumnDescribing: ColumnVisitor {
  typealias Failure = Never

  /// Else only their sizes are of interest.
  let hasWords: Bool
  private(set) var words: [String] = []
  private(set) var leastSize = 0
  private var hasBits = false

  init(hasWords: Bool = true) { self.hasWords = hasWords }

  private mutating func column(
    _ name: StaticString, _ type: @autoclosure () -> String, size: Int = 1
  ) {
    if hasWords { words.append("\(name): \(type())") }
    leastSize += size
  }

  mutating func owner<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    column(name, "\(Table.section.letter) delta")
  }

  mutating func key<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    column(name, "\(Table.section.letter) delta")
  }

  mutating func key(_ name: StaticString, _ number: inout UInt32, after last: UInt32) {
    column(name, "number delta")
  }

  mutating func key(_ name: StaticString, _ number: inout UInt64, after last: UInt64) {
    column(name, "line delta")
  }

  mutating func lastKey<Table: GraphTable>(
    _ name: StaticString, _ row: inout Row<Table>, after last: Row<Table>
  ) {
    column(name, "\(Table.section.letter) rising")
  }

  mutating func lastKey(_ name: StaticString, _ number: inout UInt32, after last: UInt32) {
    column(name, "number rising")
  }

  mutating func lastKey(
    _ name: StaticString, _ digest: inout ContentDigest.Value, after last: ContentDigest.Value
  ) {
    column(name, "\(GraphFile.digestLength) bytes", size: GraphFile.digestLength)
  }

  mutating func row<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    column(name, "\(Table.section.letter)")
  }

  mutating func optional<Table: GraphTable>(_ name: StaticString, _ row: inout Row<Table>) {
    column(name, "\(Table.section.letter)?")
  }

  mutating func span(_ name: StaticString, _ rows: inout RowSpan<GraphContent.Held>) {
    column(name, "so many of \(GraphContent.Held.section.letter)")
  }

  mutating func source(_ name: StaticString, _ source: inout GraphContent.Witness.Source) {
    column(name, "held or one of \(GraphContent.Held.section.letter)")
  }

  mutating func number(_ name: StaticString, _ number: inout UInt32) { column(name, "number") }

  mutating func number(_ name: StaticString, _ number: inout UInt32, before other: UInt32) {
    column(name, "number back")
  }

  mutating func optional(_ name: StaticString, _ number: inout UInt32, before other: UInt32) {
    column(name, "number? back")
  }

  mutating func line(_ name: StaticString, _ number: inout UInt64) { column(name, "line") }

  mutating func count(_ name: StaticString, _ count: inout UInt64) { column(name, "count") }

  mutating func set(_ name: StaticString, _ bits: inout UInt16, of count: Int) {
    column(name, "set of \(count)")
  }

  mutating func bits<Value: BitColumn>(_ name: StaticString, _ value: inout Value) {
    var raw: UInt8 = 0
    bits(name, &raw, width: Value.width)
  }

  mutating func bits(_ name: StaticString, _ value: inout UInt8, width: UInt8) {
    let start = hasBits ? "" : "byte of "
    column(name, start + (width == 1 ? "1 bit" : "\(width) bits"), size: hasBits ? 0 : 1)
    hasBits = true
  }

  mutating func endByte() { hasBits = false }
}

extension GraphRow {
  /// How many bytes one takes at least.
  static var leastSize: Int {
    var columns = ColumnDescribing(hasWords: false)
    var row = Self()
    row.columns(after: Self(), &columns)
    return columns.leastSize
  }
}
