// Which evidence is kept, by total orders that nothing but the evidence itself decides.
extension GraphContent {
  /// Sorts the witnesses and keeps of each dependency the first ones, beside the first of each
  /// kind, and the first of each kind that takes one lock twice.
  ///
  /// What is part of a feasible deadlock comes first: all of it is in one input, and no other input
  /// gives it back. Then every input's first witness comes before any input's second one.
  mutating func selectWitnesses() {
    let content = self
    sort(Witness.self) {
      content.precedes($0, $1)
    } join: { _, _ in
    }
    var isKept = [Bool](repeating: true, count: witnesses.count)
    var (edge, count) = (Row<Edge>.none, 0)
    var kinds: DependencyKinds = []
    var kindsOfOneLock: DependencyKinds = []
    for (row, witness) in witnesses.enumerated() {
      if witness.edge != edge { (edge, count, kinds, kindsOfOneLock) = (witness.edge, 0, [], []) }
      let isFirst = kinds.insert(witness.kind).inserted
      let isOneLock = source(of: witness).lock == records[Int(witness.record)].wanted
      let isFirstOfOneLock = isOneLock && kindsOfOneLock.insert(witness.kind).inserted
      count += 1
      guard count > Self.witnessLimit, !isFirst, !isFirstOfOneLock else { continue }
      isKept[row] = false
      edges[Int(edge)].isEvidenceBounded = true
    }
    keep(Witness.self, where: isKept)
  }

  private func precedes(_ one: Witness, _ other: Witness) -> Bool {
    if one.edge != other.edge { return one.edge < other.edge }
    if one.isPinned != other.isPinned { return one.isPinned }
    if one.rank != other.rank { return one.rank < other.rank }
    // Records are sorted by threads, and those by inputs.
    if one.record != other.record { return one.record < other.record }
    if one.kind != other.kind { return one.kind.rawValue < other.kind.rawValue }
    if one.source == other.source { return false }
    return Held.precedes(source(of: one), source(of: other))
  }

  /// Keeps for each mark of a class the first event that shows it.
  mutating func selectMarks() {
    // Events that show several marks may have kept different ones of them in different contents.
    sort(Mark.self) {
      Mark.precedes($0, $1)
    } join: {
      $0.marks.formUnion($1.marks)
    }
    var lockClass = Row<LockClass>.none
    var seen: ContextMarks = []
    for row in marks.indices {
      if marks[row].lockClass != lockClass { (lockClass, seen) = (marks[row].lockClass, []) }
      marks[row].marks.subtract(seen)
      seen.formUnion(marks[row].marks)
    }
    marks.removeAll { $0.marks.isEmpty }

    sort(StatedMark.self) {
      ($0.lockClass, $0.input) < ($1.lockClass, $1.input)
    } join: {
      $0.marks.formUnion($1.marks)
      $0.line = min($0.line, $1.line)
    }
    var isKept = [Bool](repeating: true, count: statedMarks.count)
    var count = 0
    lockClass = .none
    for (row, mark) in statedMarks.enumerated() {
      if mark.lockClass != lockClass { (lockClass, count) = (mark.lockClass, 0) }
      count += 1
      isKept[row] = count <= Self.statementLimit
    }
    keep(StatedMark.self, where: isKept)
  }
}

extension GraphContent.Mark {
  /// By class, then by event. Threads are numbered by inputs.
  fileprivate static func precedes(
    _ one: GraphContent.Mark, _ other: GraphContent.Mark
  ) -> Bool {
    if one.lockClass != other.lockClass { return one.lockClass < other.lockClass }
    if one.thread != other.thread || one.line != other.line {
      return (one.thread, one.line) < (other.thread, other.line)
    }
    if one.lock != other.lock || one.mode != other.mode {
      return (one.lock, one.mode.rawValue) < (other.lock, other.mode.rawValue)
    }
    return (one.unmaskedLine, one.place, one.stack)
      < (other.unmaskedLine, other.place, other.stack)
  }
}

extension GraphContent.Held {
  fileprivate static func precedes(
    _ one: GraphContent.Held, _ other: GraphContent.Held
  ) -> Bool {
    if one.position != other.position || one.lock != other.lock || one.line != other.line {
      return (one.position, one.lock, one.line) < (other.position, other.lock, other.line)
    }
    if one.lockClass != other.lockClass || one.mode != other.mode || one.isGate != other.isGate {
      return (one.lockClass, one.mode.rawValue, one.isGate ? 1 : 0)
        < (other.lockClass, other.mode.rawValue, other.isGate ? 1 : 0)
    }
    return (one.place, one.stack) < (other.place, other.stack)
  }
}

extension GraphContent.Record {
  /// By thread, and so by input, then by line, then by everything else.
  static func precedes(
    _ one: GraphContent.Record, _ other: GraphContent.Record, holding held: [GraphContent.Held]
  ) -> Bool {
    if one.thread != other.thread { return one.thread < other.thread }
    if one.line != other.line { return one.line < other.line }
    if one.wanted != other.wanted || one.wantedClass != other.wantedClass {
      return (one.wanted, one.wantedClass) < (other.wanted, other.wantedClass)
    }
    let (facts, otherFacts) = (one.facts, other.facts)
    if facts != otherFacts { return facts < otherFacts }
    if one.place != other.place || one.stack != other.stack || one.epoch != other.epoch {
      return (one.place, one.stack, one.epoch) < (other.place, other.stack, other.epoch)
    }
    if one.held.count != other.held.count { return one.held.count < other.held.count }
    if one.held.start == other.held.start { return false }
    for (row, otherRow) in zip(held[one.held.indices], held[other.held.indices]) {
      if GraphContent.Held.precedes(row, otherRow) { return true }
      if GraphContent.Held.precedes(otherRow, row) { return false }
    }
    return false
  }

  /// Everything about it that is no number of another table.
  private var facts: UInt32 {
    UInt32(mode.rawValue) << 24 | UInt32(options.rawValue) << 16 | UInt32(endings.rawValue) << 8
      | (isNested ? 1 : 0)
  }
}
