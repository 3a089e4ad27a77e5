/// The number of a row in a table. That of one table is none in another.
struct Row<Table>: Hashable, Comparable, Sendable {
  var number: UInt32

  init(_ number: UInt32) { self.number = number }
  init(_ index: Int) { number = UInt32(index) }

  /// No row.
  static var none: Row { Row(UInt32.max) }

  static func < (one: Row, other: Row) -> Bool { one.number < other.number }
}

extension Row: ExpressibleByIntegerLiteral {
  init(integerLiteral number: UInt32) { self.number = number }
}

extension Int {
  /// Where the row stands in the array that is its table.
  @inline(__always)
  init<Table>(_ row: Row<Table>) { self = Int(row.number) }
}

/// Rows of a table that follow one another.
struct RowSpan<Table>: Sendable {
  var start: Row<Table> = 0
  var count: UInt32 = 0

  var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}
