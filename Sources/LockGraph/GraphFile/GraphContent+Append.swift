extension GraphContent {
  /// Puts the rows of another content behind those that are there, under numbers that are free. What is there twice
  /// stays so until the content is made canonical.
  ///
  /// - Complexity: O(rows and texts of the other).
  mutating func append(_ other: GraphContent) {
    if isEmpty {
      self = other
      return
    }
    var textNumbers = [UInt32](repeating: 0, count: other.texts.count)
    for number in textNumbers.indices {
      textNumbers[number] = other.texts.withBytes(UInt32(number)) { texts.intern($0).id }
    }
    func text(_ number: UInt32) -> UInt32 {
      number == Self.none ? number : textNumbers[Int(number)]
    }
    let input = UInt32(inputs.count)
    let lockClass = UInt32(classes.count)
    let lock = UInt32(locks.count)
    let thread = UInt32(threads.count)
    let row = UInt32(held.count)
    let record = UInt32(records.count)
    let edge = UInt32(edges.count)
    let finding = UInt32(found.count)

    Self.append(other.inputs, to: &inputs) {
      $0.name = text($0.name)
      $0.format = text($0.format)
      $0.remarks = text($0.remarks)
    }
    Self.append(other.classes, to: &classes) { $0.name = text($0.name) }
    Self.append(other.classCounts, to: &classCounts) {
      $0.lockClass += lockClass
      $0.input += input
    }
    Self.append(other.locks, to: &locks) {
      $0.input += input
      $0.name = text($0.name)
      $0.lockClass += lockClass
    }
    Self.append(other.threads, to: &threads) {
      $0.input += input
      $0.name = text($0.name)
    }
    Self.append(other.guards, to: &guards) {
      $0.thread += thread
      $0.lock += lock
    }
    let source = sources
    Self.append(other.epochs, to: &epochs) {
      $0.source += source
      $0.input += input
    }
    sources += other.sources
    Self.append(other.held, to: &held) {
      $0.lock += lock
      $0.lockClass += lockClass
      $0.place = text($0.place)
      $0.stack = text($0.stack)
    }
    Self.append(other.records, to: &records) {
      $0.thread += thread
      $0.wanted += lock
      $0.wantedClass += lockClass
      $0.place = text($0.place)
      $0.stack = text($0.stack)
      $0.heldStart += row
    }
    Self.append(other.edges, to: &edges) {
      $0.from += lockClass
      $0.to += lockClass
    }
    Self.append(other.edgeCounts, to: &edgeCounts) {
      $0.edge += edge
      $0.input += input
    }
    Self.append(other.witnesses, to: &witnesses) {
      $0.edge += edge
      $0.record += record
      if $0.hasOwnSource { $0.source += row }
    }
    Self.append(other.statements, to: &statements) {
      $0.edge += edge
      $0.input += input
      $0.heldPlace = text($0.heldPlace)
      $0.heldStack = text($0.heldStack)
      $0.place = text($0.place)
      $0.stack = text($0.stack)
    }
    Self.append(other.marks, to: &marks) {
      $0.lockClass += lockClass
      $0.thread += thread
      $0.lock += lock
      $0.place = text($0.place)
      $0.stack = text($0.stack)
    }
    Self.append(other.statedMarks, to: &statedMarks) {
      $0.lockClass += lockClass
      $0.input += input
    }
    Self.append(other.found, to: &found) {
      $0.fingerprint = text($0.fingerprint)
      $0.input += input
      $0.finding = text($0.finding)
    }
    Self.append(other.foundCounts, to: &foundCounts) {
      $0.found += finding
      $0.input += input
    }
    isBounded = isBounded || other.isBounded
    isDepthBounded = isDepthBounded || other.isDepthBounded
    isFoundBounded = isFoundBounded || other.isFoundBounded
  }

  private static func append<Row>(
    _ rows: [Row], to table: inout [Row], _ renumber: (inout Row) -> Void
  ) {
    for row in rows {
      var row = row
      renumber(&row)
      table.append(row)
    }
  }
}
