/// Making a content canonical, so that equal contents are equal rows whatever they were put together from.
///
/// 1. Texts get their ranks, and then table by table the rows are sorted, those of one key joined, and what refers
///    to them renumbered. Joining takes the least or the greatest of each part, so order does not matter.
/// 2. Of counts, witnesses, statements and findings the first so many by a total order are kept. What is among
///    the first of all is among the first of every part, so it does not matter when the rest is dropped.
/// 3. What nothing refers to any more goes: records, threads, locks, nodes of fork and join orders, texts. Inputs and
///    classes stay.
extension GraphContent {
  /// - Complexity: O(rows × log rows).
  consuming func canonical() -> GraphContent {
    var content = self
    let ranks = content.rankTexts()
    content.sortInputs()
    content.sortClasses()
    content.sortLocks()
    content.sortThreads()
    content.sortRecords()
    content.sortEdges()
    content.selectWitnesses()
    content.selectStatements()
    content.selectMarks()
    content.selectFound()
    content.compactRecords()
    content.reduceEpochs()
    content.compactThreadsAndLocks()
    content.compactTexts(ranks)
    content.sources = 1
    return content
  }

  /// Sorts rows and joins those that are alike.
  ///
  /// - Returns: the new number of each old row.
  static func sort<Row>(
    _ rows: inout [Row], by precedes: (Row, Row) -> Bool, join: (inout Row, Row) -> Void
  ) -> [UInt32] {
    let old = rows
    var order = (0..<UInt32(old.count)).map { $0 }
    order.sort { precedes(old[Int($0)], old[Int($1)]) }
    var numbers = [UInt32](repeating: 0, count: old.count)
    rows = []
    rows.reserveCapacity(old.count)
    for number in order {
      let row = old[Int(number)]
      if let last = rows.last, !precedes(last, row) {
        join(&rows[rows.count - 1], row)
      } else {
        rows.append(row)
      }
      numbers[Int(number)] = UInt32(rows.count - 1)
    }
    return numbers
  }

  /// Keeps some of sorted rows.
  ///
  /// - Returns: the new number of each old row, or none.
  static func keep<Row>(_ rows: inout [Row], where isKept: [Bool]) -> [UInt32] {
    var numbers = [UInt32](repeating: none, count: rows.count)
    var count = 0
    for number in rows.indices where isKept[number] {
      rows[count] = rows[number]
      numbers[number] = UInt32(count)
      count += 1
    }
    rows.removeLast(rows.count - count)
    return numbers
  }

  private mutating func sortInputs() {
    let numbers = Self.sort(&inputs) {
      ($0.name, $0.format, $0.digest) < ($1.name, $1.format, $1.digest)
    } join: {
      $0.events = max($0.events, $1.events)
      $0.facts = max($0.facts, $1.facts)
      $0.threads = max($0.threads, $1.threads)
      $0.locks = max($0.locks, $1.locks)
      $0.omitted = max($0.omitted, $1.omitted)
      $0.skipped = max($0.skipped, $1.skipped)
      $0.remarks = min($0.remarks, $1.remarks)
    }
    for row in classCounts.indices {
      classCounts[row].input = numbers[Int(classCounts[row].input)]
    }
    for row in locks.indices { locks[row].input = numbers[Int(locks[row].input)] }
    for row in threads.indices { threads[row].input = numbers[Int(threads[row].input)] }
    for row in epochs.indices { epochs[row].input = numbers[Int(epochs[row].input)] }
    for row in edgeCounts.indices {
      edgeCounts[row].input = numbers[Int(edgeCounts[row].input)]
    }
    for row in statements.indices {
      statements[row].input = numbers[Int(statements[row].input)]
    }
    for row in statedMarks.indices {
      statedMarks[row].input = numbers[Int(statedMarks[row].input)]
    }
    for row in found.indices { found[row].input = numbers[Int(found[row].input)] }
    for row in foundCounts.indices {
      foundCounts[row].input = numbers[Int(foundCounts[row].input)]
    }
  }

  private mutating func sortClasses() {
    let numbers = Self.sort(&classes) {
      $0.name < $1.name
    } join: {
      $0.kinds |= $1.kinds
      $0.level = max($0.level, $1.level)
      $0.isListed = $0.isListed || $1.isListed
      $0.nestsByInstance = $0.nestsByInstance || $1.nestsByInstance
    }
    for row in classCounts.indices {
      classCounts[row].lockClass = numbers[Int(classCounts[row].lockClass)]
    }
    for row in locks.indices { locks[row].lockClass = numbers[Int(locks[row].lockClass)] }
    for row in held.indices { held[row].lockClass = numbers[Int(held[row].lockClass)] }
    for row in records.indices {
      records[row].wantedClass = numbers[Int(records[row].wantedClass)]
    }
    for row in edges.indices {
      edges[row].from = numbers[Int(edges[row].from)]
      edges[row].to = numbers[Int(edges[row].to)]
    }
    for row in marks.indices { marks[row].lockClass = numbers[Int(marks[row].lockClass)] }
    for row in statedMarks.indices {
      statedMarks[row].lockClass = numbers[Int(statedMarks[row].lockClass)]
    }
    limitClassCounts()
  }

  private mutating func limitClassCounts() {
    _ = Self.sort(&classCounts) {
      ($0.lockClass, $0.input) < ($1.lockClass, $1.input)
    } join: {
      $0.acquisitions = max($0.acquisitions, $1.acquisitions)
      $0.instances = max($0.instances, $1.instances)
    }
    Self.limit(&classCounts, of: \.lockClass) {
      ($1.acquisitions, $1.instances, $0.input) < ($0.acquisitions, $0.instances, $1.input)
    }
  }

  /// Keeps of each owner's rows as many as are kept, those that come first in another order.
  private static func limit<Row>(
    _ rows: inout [Row], of owner: KeyPath<Row, UInt32>, by precedes: (Row, Row) -> Bool
  ) {
    var isKept = [Bool](repeating: true, count: rows.count)
    var start = 0
    while start < rows.count {
      let number = rows[start][keyPath: owner]
      var end = start + 1
      while end < rows.count, rows[end][keyPath: owner] == number { end += 1 }
      if end - start > countLimit {
        let order = (start..<end).sorted { precedes(rows[$0], rows[$1]) }
        for row in order.dropFirst(countLimit) { isKept[row] = false }
      }
      start = end
    }
    _ = keep(&rows, where: isKept)
  }

  private mutating func sortLocks() {
    let numbers = Self.sort(&locks) {
      ($0.input, $0.number) < ($1.input, $1.number)
    } join: {
      $0.name = min($0.name, $1.name)
      $0.lockClass = min($0.lockClass, $1.lockClass)
    }
    renumberLocks(numbers)
  }

  private mutating func renumberLocks(_ numbers: [UInt32]) {
    for row in guards.indices { guards[row].lock = numbers[Int(guards[row].lock)] }
    for row in held.indices { held[row].lock = numbers[Int(held[row].lock)] }
    for row in records.indices { records[row].wanted = numbers[Int(records[row].wanted)] }
    for row in marks.indices { marks[row].lock = numbers[Int(marks[row].lock)] }
  }

  private mutating func sortThreads() {
    let numbers = Self.sort(&threads) {
      ($0.input, $0.number, $0.life) < ($1.input, $1.number, $1.life)
    } join: {
      $0.name = min($0.name, $1.name)
    }
    renumberThreads(numbers)
    _ = Self.sort(&guards) {
      ($0.thread, $0.lock, $0.holderNumber, $0.holderLife)
        < ($1.thread, $1.lock, $1.holderNumber, $1.holderLife)
    } join: { _, _ in
    }
  }

  private mutating func renumberThreads(_ numbers: [UInt32]) {
    for row in guards.indices { guards[row].thread = numbers[Int(guards[row].thread)] }
    for row in records.indices { records[row].thread = numbers[Int(records[row].thread)] }
    for row in marks.indices { marks[row].thread = numbers[Int(marks[row].thread)] }
  }

  private mutating func sortRecords() {
    let held = held
    let numbers = Self.sort(&records) {
      Record.precedes($0, $1, holding: held)
    } join: { _, _ in
    }
    for row in witnesses.indices {
      witnesses[row].record = numbers[Int(witnesses[row].record)]
    }
  }

  private mutating func sortEdges() {
    let numbers = Self.sort(&edges) {
      ($0.from, $0.to) < ($1.from, $1.to)
    } join: {
      $0.kinds.formUnion($1.kinds)
      $0.basis = max($0.basis, $1.basis)
      $0.isEvidenceBounded = $0.isEvidenceBounded || $1.isEvidenceBounded
      $0.isThreadBounded = $0.isThreadBounded || $1.isThreadBounded
    }
    for row in edgeCounts.indices { edgeCounts[row].edge = numbers[Int(edgeCounts[row].edge)] }
    for row in witnesses.indices { witnesses[row].edge = numbers[Int(witnesses[row].edge)] }
    for row in statements.indices { statements[row].edge = numbers[Int(statements[row].edge)] }
    if edges.count > LockOrderGraph.limit { dropLastEdges() }
    _ = Self.sort(&edgeCounts) {
      ($0.edge, $0.input) < ($1.edge, $1.input)
    } join: {
      $0.count = max($0.count, $1.count)
    }
    Self.limit(&edgeCounts, of: \.edge) { ($1.count, $0.input) < ($0.count, $1.input) }
  }

  private mutating func dropLastEdges() {
    let limit = UInt32(LockOrderGraph.limit)
    isBounded = true
    edges.removeLast(edges.count - Int(limit))
    edgeCounts.removeAll { $0.edge >= limit }
    witnesses.removeAll { $0.edge >= limit }
    statements.removeAll { $0.edge >= limit }
  }

  private mutating func selectStatements() {
    _ = Self.sort(&statements) {
      ($0.edge, $0.input, $0.basis) < ($1.edge, $1.input, $1.basis)
    } join: { one, other in
      one.kinds.formUnion(other.kinds)
      if other.places < one.places { one.places = other.places }
    }
    var isKept = [Bool](repeating: true, count: statements.count)
    var (edge, count) = (Self.none, 0)
    for row in statements.indices {
      if statements[row].edge != edge { (edge, count) = (statements[row].edge, 0) }
      count += 1
      isKept[row] = count <= Self.statementLimit
    }
    _ = Self.keep(&statements, where: isKept)
  }

  private mutating func selectFound() {
    let numbers = Self.sort(&found) {
      $0.fingerprint < $1.fingerprint
    } join: { one, other in
      let key = (one.isReport ? 1 : 0, one.input, one.finding)
      if (other.isReport ? 1 : 0, other.input, other.finding) < key { one = other }
    }
    for row in foundCounts.indices {
      foundCounts[row].found = numbers[Int(foundCounts[row].found)]
    }
    if found.count > Self.foundLimit {
      isFoundBounded = true
      found.removeLast(found.count - Self.foundLimit)
      foundCounts.removeAll { $0.found >= UInt32(Self.foundLimit) }
    }
    _ = Self.sort(&foundCounts) {
      ($0.found, $0.input) < ($1.found, $1.input)
    } join: {
      $0.occurrences = max($0.occurrences, $1.occurrences)
    }
    Self.limit(&foundCounts, of: \.found) {
      ($1.occurrences, $0.input) < ($0.occurrences, $1.input)
    }
  }

  /// Leaves out the records that no witness needs, and what they held.
  private mutating func compactRecords() {
    var isKept = [Bool](repeating: false, count: records.count)
    for witness in witnesses { isKept[Int(witness.record)] = true }
    let numbers = Self.keep(&records, where: isKept)
    var rows: [Held] = []
    for row in records.indices {
      let start = Int(records[row].heldStart)
      let count = Int(records[row].heldCount)
      records[row].heldStart = UInt32(rows.count)
      rows += held[start..<start + count]
    }
    for row in witnesses.indices {
      if witnesses[row].hasOwnSource {
        let source = held[Int(witnesses[row].source - Witness.ownSource)]
        witnesses[row].source = Witness.ownSource + UInt32(rows.count)
        rows.append(source)
      }
      witnesses[row].record = numbers[Int(witnesses[row].record)]
    }
    held = rows
  }

  private mutating func compactThreadsAndLocks() {
    var isKept = [Bool](repeating: false, count: threads.count)
    for record in records { isKept[Int(record.thread)] = true }
    for mark in marks { isKept[Int(mark.thread)] = true }
    guards.removeAll { !isKept[Int($0.thread)] }
    renumberThreads(Self.keep(&threads, where: isKept))

    isKept = [Bool](repeating: false, count: locks.count)
    for record in records { isKept[Int(record.wanted)] = true }
    for row in held { isKept[Int(row.lock)] = true }
    for row in guards { isKept[Int(row.lock)] = true }
    for mark in marks { isKept[Int(mark.lock)] = true }
    renumberLocks(Self.keep(&locks, where: isKept))
  }
}

extension GraphContent.Statement {
  /// Where it is stated, to choose between two of one input.
  fileprivate var places: GraphContent.StatedPlaces {
    get {
      GraphContent.StatedPlaces(
        line: line, place: place, stack: stack, heldLine: heldLine, heldPlace: heldPlace,
        heldStack: heldStack)
    }
    set {
      (line, place, stack) = (newValue.line, newValue.place, newValue.stack)
      (heldLine, heldPlace, heldStack) = (
        newValue.heldLine, newValue.heldPlace, newValue.heldStack
      )
    }
  }
}

extension GraphContent {
  fileprivate struct StatedPlaces {
    var line: UInt64
    var place: UInt32
    var stack: UInt32
    var heldLine: UInt64
    var heldPlace: UInt32
    var heldStack: UInt32

    static func < (one: StatedPlaces, other: StatedPlaces) -> Bool {
      one.line != other.line || one.heldLine != other.heldLine
        ? (one.line, one.heldLine) < (other.line, other.heldLine)
        : (one.place, one.stack, one.heldPlace, one.heldStack)
          < (other.place, other.stack, other.heldPlace, other.heldStack)
    }
  }
}
