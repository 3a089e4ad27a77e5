extension GraphContent {
  /// Puts the rows of another content behind those that are there, under numbers that are free.
  /// What is there twice stays so until the content is made canonical.
  ///
  /// - Complexity: O(rows and texts of the other).
  mutating func append(_ other: GraphContent) {
    if isEmpty {
      self = other
      return
    }
    var textNumbers = [Row<Text>](repeating: 0, count: other.texts.count)
    for number in textNumbers.indices {
      textNumbers[number] = other.texts.withBytes(UInt32(number)) { Row(texts.intern($0).id) }
    }
    let firstEpoch = epochs.count
    var appending = Appending(other: other, shift: Shift(texts: textNumbers, rows: rowCounts))
    visitTables(&appending)
    for row in epochs.indices[firstEpoch...] { epochs[row].source += sources }
    sources += other.sources
    isBounded = isBounded || other.isBounded
    isDepthBounded = isDepthBounded || other.isDepthBounded
    isFoundBounded = isFoundBounded || other.isFoundBounded
  }
}

private struct Appending: TableVisitor {
  let other: GraphContent
  var shift: Shift

  mutating func visit<Table: GraphRow>(_ table: Table.Type, of content: inout GraphContent) {
    append(other[keyPath: Table.rows], to: &content[keyPath: Table.rows])
  }

  private mutating func append<Table: GraphRow>(_ rows: [Table], to table: inout [Table]) {
    for var row in rows {
      row.references(&shift)
      table.append(row)
    }
  }
}

/// Moves references to the rows that come behind those that are there.
private struct Shift: ReferenceVisitor {
  let texts: [Row<GraphContent.Text>]
  /// How many rows were there.
  let rows: SectionNumbers

  @inline(__always)
  mutating func reference<Table: GraphTable>(_ row: inout Row<Table>) {
    if Table.section == .texts {
      row.number = texts[Int(row)].number
    } else {
      row.number += rows[Table.section]
    }
  }

  @inline(__always)
  mutating func ownerReference<Table: GraphTable>(_ row: inout Row<Table>) { reference(&row) }
}
