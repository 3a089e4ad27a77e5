// Making a content canonical, so that equal contents are equal rows whatever they were put
// together from.
//
// 1. Texts get their ranks, and then table by table the rows are sorted, those of one key joined,
//    and what refers to them renumbered. Joining takes the least or the greatest of each part, so
//    order does not matter.
// 2. Of counts, witnesses, statements and findings the first so many by a total order are kept.
//    What is among the first of all is among the first of every part, so it does not matter when
//    the rest is dropped.
// 3. What nothing refers to any more goes: records, threads, locks, nodes of fork and join orders,
//    texts. Inputs and classes stay.
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
    content.selectVerdicts()
    content.compactRecords()
    content.reduceEpochs()
    content.compact(Thread.self)
    content.compact(Lock.self)
    content.compactTexts(ranks)
    content.sources = 1
    return content
  }

  /// Sorts the rows of a table, joins those that are alike, and renumbers what refers to them.
  mutating func sort<Table: GraphRow>(
    _ table: Table.Type, by precedes: (Table, Table) -> Bool,
    join: (inout Table, Table) -> Void
  ) {
    renumber(table, Self.sort(&self[keyPath: Table.rows], by: precedes, join: join))
  }

  /// - Returns: the new number of each old row.
  private static func sort<Table>(
    _ rows: inout [Table], by precedes: (Table, Table) -> Bool,
    join: (inout Table, Table) -> Void
  ) -> [Row<Table>] {
    let old = rows
    var order = (0..<UInt32(old.count)).map { $0 }
    order.sort { precedes(old[Int($0)], old[Int($1)]) }
    var numbers = [Row<Table>](repeating: 0, count: old.count)
    rows = []
    rows.reserveCapacity(old.count)
    for number in order {
      let row = old[Int(number)]
      if let last = rows.last, !precedes(last, row) {
        join(&rows[rows.count - 1], row)
      } else {
        rows.append(row)
      }
      numbers[Int(number)] = Row(rows.count - 1)
    }
    return numbers
  }

  /// Keeps some of sorted rows.
  ///
  /// - Returns: the new number of each old row, or none.
  static func keep<Table>(_ rows: inout [Table], where isKept: [Bool]) -> [Row<Table>] {
    var numbers = [Row<Table>](repeating: .none, count: rows.count)
    var count = 0
    for number in rows.indices where isKept[number] {
      rows[count] = rows[number]
      numbers[number] = Row(count)
      count += 1
    }
    rows.removeLast(rows.count - count)
    return numbers
  }

  /// Keeps the first rows of a table, and what belongs to them.
  private mutating func keepFirst<Table: GraphRow>(_ table: Table.Type, _ limit: Int) {
    let count = self[keyPath: Table.rows].count
    keep(table, where: (0..<count).map { $0 < limit })
  }

  private mutating func sortInputs() {
    sort(Input.self) {
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
  }

  private mutating func sortClasses() {
    sort(LockClass.self) {
      $0.name < $1.name
    } join: {
      $0.kinds |= $1.kinds
      $0.level = max($0.level, $1.level)
      $0.isListed = $0.isListed || $1.isListed
      $0.nestsByInstance = $0.nestsByInstance || $1.nestsByInstance
      $0.isHeldMasked = $0.isHeldMasked || $1.isHeldMasked
      if $1.origin.bits > $0.origin.bits { $0.origin = $1.origin }
      $0.derived = min($0.derived, $1.derived)
    }
    limitClassCounts()
  }

  private mutating func limitClassCounts() {
    sort(ClassCount.self) {
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
  private static func limit<Table, Owner>(
    _ rows: inout [Table], of owner: KeyPath<Table, Row<Owner>>,
    by precedes: (Table, Table) -> Bool
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
    sort(Lock.self) {
      ($0.input, $0.number) < ($1.input, $1.number)
    } join: {
      $0.name = min($0.name, $1.name)
      $0.lockClass = min($0.lockClass, $1.lockClass)
    }
  }

  private mutating func sortThreads() {
    sort(Thread.self) {
      ($0.input, $0.life) < ($1.input, $1.life)
    } join: {
      $0.name = min($0.name, $1.name)
    }
    sort(Guard.self) {
      ($0.thread, $0.lock, $0.holder) < ($1.thread, $1.lock, $1.holder)
    } join: { _, _ in
    }
  }

  private mutating func sortRecords() {
    let held = held
    sort(Record.self) {
      Record.precedes($0, $1, holding: held)
    } join: { _, _ in
    }
  }

  private mutating func sortEdges() {
    sort(Edge.self) {
      ($0.from, $0.to) < ($1.from, $1.to)
    } join: {
      $0.kinds.formUnion($1.kinds)
      $0.basis = max($0.basis, $1.basis)
      $0.isEvidenceBounded = $0.isEvidenceBounded || $1.isEvidenceBounded
      $0.isThreadBounded = $0.isThreadBounded || $1.isThreadBounded
    }
    if edges.count > LockOrderGraph.limit {
      isBounded = true
      keepFirst(Edge.self, LockOrderGraph.limit)
    }
    sort(EdgeCount.self) {
      ($0.edge, $0.input) < ($1.edge, $1.input)
    } join: {
      $0.count = max($0.count, $1.count)
    }
    Self.limit(&edgeCounts, of: \.edge) { ($1.count, $0.input) < ($0.count, $1.input) }
  }

  private mutating func selectStatements() {
    sort(Statement.self) {
      ($0.edge, $0.input, $0.basis) < ($1.edge, $1.input, $1.basis)
    } join: { one, other in
      one.kinds.formUnion(other.kinds)
      if other.places < one.places { one.places = other.places }
    }
    var isKept = [Bool](repeating: true, count: statements.count)
    var (edge, count) = (Row<Edge>.none, 0)
    for row in statements.indices {
      if statements[row].edge != edge { (edge, count) = (statements[row].edge, 0) }
      count += 1
      isKept[row] = count <= Self.statementLimit
    }
    keep(Statement.self, where: isKept)
  }

  private mutating func selectFound() {
    sort(Found.self) {
      $0.fingerprint < $1.fingerprint
    } join: { one, other in
      let key = (one.isReport ? 1 : 0, one.rank.bits, one.input, one.finding)
      if (other.isReport ? 1 : 0, other.rank.bits, other.input, other.finding) < key { one = other }
    }
    if found.count > Self.foundLimit {
      isFoundBounded = true
      keepFirst(Found.self, Self.foundLimit)
    }
    sort(FoundCount.self) {
      ($0.found, $0.input) < ($1.found, $1.input)
    } join: {
      $0.occurrences = max($0.occurrences, $1.occurrences)
    }
    Self.limit(&foundCounts, of: \.found) {
      ($1.occurrences, $0.input) < ($0.occurrences, $1.input)
    }
  }

  private mutating func selectVerdicts() {
    sort(Verdict.self) {
      ($0.fingerprint, $0.input) < ($1.fingerprint, $1.input)
    } join: {
      $0.verdict = min($0.verdict, $1.verdict)
    }
    if verdicts.count > Self.verdictLimit { keepFirst(Verdict.self, Self.verdictLimit) }
  }

  /// Leaves out the records that no witness needs, and what they held. What is left is in the order
  /// in which records and witnesses have it.
  private mutating func compactRecords() {
    compact(Record.self)
    var rows: [Held] = []
    for row in records.indices {
      let span = records[row].held
      records[row].held.start = Row(rows.count)
      rows += held[span.indices]
    }
    for row in witnesses.indices {
      guard let own = witnesses[row].source.own else { continue }
      witnesses[row].source = Witness.Source(own: Row(rows.count))
      rows.append(held[Int(own)])
    }
    held = rows
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
    var place: Row<Text>
    var stack: Row<Text>
    var heldLine: UInt64
    var heldPlace: Row<Text>
    var heldStack: Row<Text>

    static func < (one: StatedPlaces, other: StatedPlaces) -> Bool {
      one.line != other.line || one.heldLine != other.heldLine
        ? (one.line, one.heldLine) < (other.line, other.heldLine)
        : (one.place, one.stack, one.heldPlace, one.heldStack)
          < (other.place, other.stack, other.heldPlace, other.heldStack)
    }
  }
}
