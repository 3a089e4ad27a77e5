// Numbers of rows that change, and rows that something refers to.
extension GraphContent {
  /// Gives what refers to the rows of a table their new numbers. What is part of a row that is
  /// there no more goes.
  ///
  /// - Parameter numbers: the new number of each old row, or none.
  /// - Complexity: O(rows of the tables that refer to this one).
  mutating func renumber<Table: GraphTable>(
    _ table: Table.Type, _ numbers: [Row<Table>]
  ) {
    var renumbering = TableRenumbering(renumbering: Renumbering(numbers: numbers))
    visitTables(&renumbering)
  }

  /// Which rows of a table others refer to, but for those that are part of them.
  ///
  /// - Complexity: O(rows of the tables that refer to this one).
  mutating func referredRows<Table: GraphTable>(
    of table: Table.Type, count: Int
  ) -> [Bool] {
    var marking = TableMarking(
      marking: Marking<Table>(isReferred: [Bool](repeating: false, count: count)))
    visitTables(&marking)
    return marking.marking.isReferred
  }

  /// Keeps some rows of a table, and what belongs to them.
  mutating func keep<Table: GraphRow>(_ table: Table.Type, where isKept: [Bool]) {
    renumber(table, Self.keep(&self[keyPath: Table.rows], where: isKept))
  }

  /// Leaves out the rows of a table that nothing refers to.
  mutating func compact<Table: GraphRow>(_ table: Table.Type) {
    keep(table, where: referredRows(of: table, count: self[keyPath: Table.rows].count))
  }
}

private struct Renumbering<Target: GraphTable>: ReferenceVisitor {
  let numbers: [Row<Target>]
  /// The row is part of one that is gone.
  var isGone = false

  init(numbers: [Row<Target>]) { self.numbers = numbers }

  @inline(__always)
  mutating func reference<Table: GraphTable>(_ row: inout Row<Table>) {
    guard Table.section == Target.section else { return }
    row.number = numbers[Int(row)].number
  }

  @inline(__always)
  mutating func ownerReference<Table: GraphTable>(_ row: inout Row<Table>) {
    guard Table.section == Target.section else { return }
    row.number = numbers[Int(row)].number
    isGone = row == .none
  }
}

private struct TableRenumbering<Target: GraphTable>: TableVisitor {
  var renumbering: Renumbering<Target>

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    guard Table.refers(to: Target.self) else { return }
    renumber(&content[keyPath: Table.rows])
  }

  private mutating func renumber<Table: GraphRow>(_ rows: inout [Table]) {
    var count = 0
    for number in rows.indices {
      renumbering.isGone = false
      rows[number].references(&renumbering)
      if renumbering.isGone { continue }
      if count < number { rows[count] = rows[number] }
      count += 1
    }
    rows.removeLast(rows.count - count)
  }
}

private struct Marking<Target: GraphTable>: ReferenceVisitor {
  var isReferred: [Bool]

  @inline(__always)
  mutating func reference<Table: GraphTable>(_ row: inout Row<Table>) {
    if Table.section == Target.section { isReferred[Int(row)] = true }
  }

  mutating func ownerReference<Table: GraphTable>(_ row: inout Row<Table>) {}
}

private struct TableMarking<Target: GraphTable>: TableVisitor {
  var marking: Marking<Target>

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    guard Table.refers(to: Target.self) else { return }
    for var row in content[keyPath: Table.rows] { row.references(&marking) }
  }
}
