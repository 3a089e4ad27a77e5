// What inputs state becomes part of the order.

extension OrderRecord {
  /// Takes up what an input states.
  mutating func state(_ fact: GraphFact, input: UInt32) {
    switch fact {
    case .lockClass(let stated):
      let name = table.lockClass(named: stated.name)
      let lockClass = imports.resolve(name, key: stated.key) { name, number in
        table.lockClass(named: "\(table.uniqueName(of: name))#\(number)")
      }
      imports.classes.append(lockClass)
      list(lockClass)
    case .acquisitions(let number, let count):
      table.stateClass(imports.classes[Int(number)], acquisitions: count)
    case .dependency(let stated):
      let basis: LockOrderGraph.Basis =
        stated.standing == .order ? .statedOrder : .statedNesting
      state(
        from: imports.classes[Int(stated.from)], to: imports.classes[Int(stated.to)],
        kinds: stated.kinds, basis: basis,
        held: StatedPlace(line: stated.heldLine), wanted: StatedPlace(line: stated.line),
        input: input)
    case .usage(let stated):
      var marks: ContextMarks = []
      for use in stated.uses { marks.insert(ContextMarks(use, stated.context)) }
      imports.marks.add(
        StatedMarks.Statement(
          lockClass: imports.classes[Int(stated.number)], marks: marks, input: input,
          line: stated.line))
    case .finding(let finding):
      for name in finding.classes { list(table.lockClass(named: name)) }
      for edge in finding.edges { state(edge, input: input) }
      imports.add(finding, input: input)
    }
  }

  /// An input states that the class exists.
  mutating func list(_ lockClass: LockClassID) {
    table.stateClass(lockClass, acquisitions: 0)
    if let shared = Self.sharedName(table.uniqueName(of: lockClass)) {
      imports.noteShared(table.lockClass(named: shared))
    }
  }

  /// What comes before `#2`, `/1` or `#2/1`.
  private static func sharedName(_ name: String) -> String? {
    var rest = Array(name.utf8)[...]
    for mark in [UInt8(ascii: "/"), UInt8(ascii: "#")] {
      let digits = rest.reversed().prefix(while: isDigit).count
      let end = rest.count - digits
      if digits > 0, end > 1, rest[rest.startIndex + end - 1] == mark {
        rest = rest.prefix(end - 1)
      }
    }
    return rest.count < name.utf8.count ? String(decoding: rest, as: UTF8.self) : nil
  }

  /// Where a stated dependency has one of its sides.
  struct StatedPlace {
    /// Numbers of the evidence's places.
    var at: UInt32 = 0
    var stack: UInt32 = 0
    var line: UInt64
  }

  /// A dependency of a reported finding is in the order as any other that is stated. A class nested
  /// in itself is reported or it is none: the graph alone does not tell.
  private mutating func state(_ edge: FindingEdge, input: UInt32) {
    guard let witness = edge.witnesses.first else { return }
    let (from, to) = (table.lockClass(named: edge.from), table.lockClass(named: edge.to))
    state(
      from: from, to: to, kinds: edge.areKindsAssumed ? nil : edge.kinds,
      basis: from == to ? .statedNesting : .statedOrder, held: statedPlace(of: witness.held),
      wanted: statedPlace(of: witness.wanted), input: input)
  }

  /// Adds a dependency, with a witness for each input that states it.
  mutating func state(
    from: LockClassID, to: LockClassID, kinds: DependencyKinds?, basis: LockOrderGraph.Basis,
    held: StatedPlace, wanted: StatedPlace, input: UInt32
  ) {
    let basis = from == to ? .statedNesting : basis
    guard let edge = graph.state(from: from, to: to, kinds: kinds, basis: basis),
      graph[edge].statementCount < EvidenceStore.witnessLimit,
      !evidence.contains(basis, of: input, for: graph[edge])
    else { return }
    let source = EvidenceStore.HeldRecord(
      lock: standIn(for: from), lockClass: from, mode: .write, isGate: false,
      place: held.at, stack: held.stack, position: 0, line: held.line)
    let record = EvidenceStore.Record(
      thread: ImportedFacts.thread, input: input, wanted: standIn(for: to), wantedClass: to,
      wantedMode: .write, options: [], heldStart: 0, heldCount: 0, place: wanted.at,
      stack: wanted.stack, epoch: 0, owner: .stranger(0), line: wanted.line, gates: 0,
      statement: basis)
    let entry = evidence.addEntry(
      EvidenceStore.Entry(
        record: evidence.add(record, holding: [source]), source: source, next: EvidenceStore.none,
        kind: kinds ?? []),
      after: EvidenceStore.none)
    evidence.append(entry, to: &graph[edge])
  }

  /// Adds what an input states of two classes that have other names by now.
  mutating func restate(
    _ entry: UInt32, from: LockClassID, to: LockClassID, in graph: inout LockOrderGraph
  ) {
    let stated = evidence[entry: entry]
    guard let basis = evidence.records[Int(stated.record)].statement,
      let edge = graph.state(
        from: from, to: to, kinds: stated.kind, basis: from == to ? .statedNesting : basis)
    else { return }
    evidence.append(entry, to: &graph[edge])
  }

  private mutating func standIn(for lockClass: LockClassID) -> LockID {
    if let known = imports.standIns[lockClass] { return known }
    let lock = table.addStandIn(for: lockClass)
    imports.standIns[lockClass] = lock
    return lock
  }

  /// The marks of events with those that inputs state added: a mark that both give is that of an
  /// event.
  mutating func addStatedMarks() {
    guard !imports.marks.statements.isEmpty else { return }
    for statement in imports.marks.statements {
      contextMarks.add(
        ContextMarkStore.Record(
          marks: statement.marks, thread: ImportedFacts.thread, input: statement.input,
          lock: standIn(for: statement.lockClass), mode: .write, place: 0, stack: 0,
          line: statement.line),
        of: statement.lockClass)
    }
  }

  private mutating func statedPlace(of lock: WitnessedLock) -> StatedPlace {
    StatedPlace(
      at: lock.at.map { evidence.places.intern($0) } ?? 0,
      stack: lock.stack.isEmpty
        ? 0 : evidence.places.intern(lock.stack.joined(separator: ";")),
      line: lock.line)
  }
}

extension EvidenceStore {
  /// Whether an input is a witness of a dependency already.
  func contains(
    _ basis: LockOrderGraph.Basis, of input: UInt32, for dependency: LockOrderGraph.Dependency
  ) -> Bool {
    var number = dependency.firstWitness
    while number != Self.none {
      let entry = self[entry: number]
      let record = records[Int(entry.record)]
      if record.statement == basis, record.input == input { return true }
      number = entry.next
    }
    return false
  }
}
