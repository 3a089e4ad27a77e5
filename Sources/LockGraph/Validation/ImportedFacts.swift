/// What inputs state that have no events, and what it needs to fit in with the rest.
struct ImportedFacts {
  /// The thread of evidence that names none.
  static let thread = ThreadID(.max)

  /// A finding of another validator, and where its evidence stands.
  struct Report {
    var finding: Finding
    var input: UInt32
  }

  /// Findings, one for all that are alike.
  private(set) var reports: [Report] = []
  private var reportIndex: [String: Int] = [:]

  /// The classes of the current input by their numbers.
  fileprivate var classes: [LockClassID] = []
  /// What the classes of the current input stand for there.
  private var ownerOfClass: [LockClassID: KeyedName] = [:]
  /// Where to look for the next free number of a name that has several keys.
  private var lastNumber: [LockClassID: UInt32] = [:]
  /// Classes by name and key, of all inputs: the keys of one run of a kernel are the same in all its files.
  private var classOfKey: [KeyedName: LockClassID] = [:]

  fileprivate var standIns: [LockClassID: LockID] = [:]
  fileprivate(set) var marks = StatedMarks()

  /// Classes whose name without number and level several share.
  private var sharedNames: Set<LockClassID> = []
  private var hasMereNames = false

  /// Classes that events of some input know by name, and inputs that state something tell apart.
  var ambiguousClasses: Set<LockClassID> { hasMereNames ? sharedNames : [] }

  private struct KeyedName: Hashable {
    var name: LockClassID
    var key: UInt64?
  }

  mutating func noteTraits(_ traits: TraceTraits) {
    if traits.classesAreMerelyNames { hasMereNames = true }
  }

  mutating func beginInput(_ traits: TraceTraits) {
    noteTraits(traits)
    classes.removeAll()
    ownerOfClass.removeAll()
    lastNumber.removeAll()
  }

  /// The class that a name and a key mean, which no other key of the input means.
  fileprivate mutating func resolve(
    _ name: LockClassID, key: UInt64?, numbered: (LockClassID, UInt32) -> LockClassID
  ) -> LockClassID {
    let keyed = KeyedName(name: name, key: key)
    var candidate = classOfKey[keyed] ?? name
    var number = lastNumber[name] ?? 1
    while let owner = ownerOfClass[candidate], owner != keyed {
      number &+= 1
      candidate = numbered(name, number)
    }
    lastNumber[name] = number
    ownerOfClass[candidate] = keyed
    classOfKey[keyed] = candidate
    return candidate
  }

  mutating func rename(_ classes: [LockClassID]) {
    marks.rename(classes)
    sharedNames = Set(sharedNames.map { classes[$0.index] })
  }

  fileprivate mutating func noteShared(_ name: LockClassID) { sharedNames.insert(name) }

  mutating func add(_ statement: StatedMarks.Statement) { marks.add(statement) }

  mutating func add(_ finding: Finding, input: UInt32) {
    if let known = reportIndex[finding.fingerprint] {
      reports[known].finding.occurrences &+= finding.occurrences
      return
    }
    reportIndex[finding.fingerprint] = reports.count
    reports.append(Report(finding: finding, input: input))
  }
}

extension Validator {
  mutating func consume(_ fact: GraphFact) {
    switch fact {
    case .lockClass(let stated):
      let name = table.lockClass(named: stated.name)
      let lockClass = imports.resolve(name, key: stated.key) { name, number in
        table.lockClass(named: "\(table.name(of: name))#\(number)")
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
        input: inputNumber)
    case .usage(let stated):
      var marks: ContextMarks = []
      for use in stated.uses { marks.insert(ContextMarks(use, stated.context)) }
      imports.marks.add(
        StatedMarks.Statement(
          lockClass: imports.classes[Int(stated.number)], marks: marks, input: inputNumber,
          line: stated.line))
    case .finding(let finding):
      for name in finding.classes { list(table.lockClass(named: name)) }
      for edge in finding.edges { state(edge) }
      imports.add(finding, input: inputNumber)
    }
  }

  /// An input states that the class exists.
  mutating func list(_ lockClass: LockClassID) {
    table.stateClass(lockClass, acquisitions: 0)
    if let shared = Self.sharedName(table.name(of: lockClass)) {
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

  /// A dependency of a reported finding is in the order as any other that is stated. A class nested in
  /// itself is reported or it is none: the graph alone does not tell.
  private mutating func state(_ edge: FindingEdge) {
    guard let witness = edge.witnesses.first else { return }
    let (from, to) = (table.lockClass(named: edge.from), table.lockClass(named: edge.to))
    state(
      from: from, to: to, kinds: edge.areKindsAssumed ? nil : edge.kinds,
      basis: from == to ? .statedNesting : .statedOrder, held: statedPlace(of: witness.held),
      wanted: statedPlace(of: witness.wanted), input: inputNumber)
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
      stack: wanted.stack, owner: .max, epoch: 0, line: wanted.line, gates: 0,
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
    let stated = evidence.entries[Int(entry)]
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

  /// The marks of events with those that inputs state added: a mark that both give is that of an event.
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
  fileprivate func contains(
    _ basis: LockOrderGraph.Basis, of input: UInt32, for dependency: LockOrderGraph.Dependency
  ) -> Bool {
    var number = dependency.firstWitness
    while number != Self.none {
      let entry = entries[Int(number)]
      let record = records[Int(entry.record)]
      if record.statement == basis, record.input == input { return true }
      number = entry.next
    }
    return false
  }
}
