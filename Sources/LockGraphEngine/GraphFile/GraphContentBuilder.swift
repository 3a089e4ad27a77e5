/// Makes a content of what was learned from one input.
struct GraphContentBuilder {
  private let table: LockTable
  private let evidence: EvidenceStore
  private let threadNames: (ThreadID) -> String
  private let lifeGuards: [ThreadLife: [LifeGuard]]
  private(set) var content = GraphContent()
  private var classes: [Row<GraphContent.LockClass>?]
  private var locks: [Row<GraphContent.Lock>?]
  private var threads: [ThreadLife: Row<GraphContent.Thread>] = [:]
  private var records: [UInt32: Row<GraphContent.Record>] = [:]
  private var places: [Row<GraphContent.Text>?]

  /// - Parameter input: its name and format are already texts of the content.
  init(
    table: LockTable, evidence: EvidenceStore, threadNames: @escaping (ThreadID) -> String,
    lifeGuards: [ThreadLife: [LifeGuard]]
  ) {
    self.table = table
    self.evidence = evidence
    self.threadNames = threadNames
    self.lifeGuards = lifeGuards
    classes = Array(repeating: nil, count: table.classes.count)
    locks = Array(repeating: nil, count: table.locks.count)
    places = Array(repeating: nil, count: evidence.places.count)
  }

  mutating func addInput(
    _ input: TraceInput, threads: UInt64, locks: UInt64, omitted: UInt64
  ) {
    let remarks = InputRemarks(
      firstSkipped: input.firstSkipped, warnings: input.warnings, process: input.process)
    content.inputs.append(
      GraphContent.Input(
        name: content.text(input.name), format: content.text(input.format),
        digest: input.digest ?? ContentDigest().value, events: input.events, facts: input.facts,
        threads: threads, locks: locks, omitted: omitted, skipped: input.skipped,
        remarks: remarks.isEmpty ? .none : content.text(encoding: remarks)))
  }

  /// The classes that are used or stated; others come with what refers to them.
  mutating func addClasses() {
    for index in table.classes.indices {
      let record = table.classes[index]
      guard record.instances > 0 || record.acquisitions > 0 || record.isListed else { continue }
      let row = lockClass(LockClassID(UInt32(index)))
      guard record.instances > 0 || record.acquisitions > 0 else { continue }
      content.classCounts.append(
        GraphContent.ClassCount(
          lockClass: row, input: 0, acquisitions: record.acquisitions,
          instances: UInt64(record.instances)))
    }
  }

  private mutating func lockClass(_ id: LockClassID) -> Row<GraphContent.LockClass> {
    if let row = classes[id.index] { return row }
    let record = table.classes[id.index]
    var level: UInt8 = 0
    if let base = record.base {
      // Its kind is that of its base where nothing is said of itself.
      _ = lockClass(base)
      level = table.withName(of: id) { $0.last! - UInt8(ascii: "0") }
    }
    let row = Row<GraphContent.LockClass>(content.classes.count)
    content.classes.append(
      GraphContent.LockClass(
        name: table.withName(of: id) { Row(content.texts.intern($0).id) },
        kinds: record.kind.map { 1 << UInt16($0.rawValue) } ?? 0, level: level,
        isListed: record.isListed, nestsByInstance: record.nestsByInstance,
        isHeldMasked: record.isHeldMasked,
        origin: table.origin(of: id),
        derived: record.derived.map { derived in
          table.withName(of: derived) { Row(content.texts.intern($0).id) }
        } ?? .none))
    classes[id.index] = row
    return row
  }

  private mutating func lock(_ id: LockID) -> Row<GraphContent.Lock> {
    if let row = locks[id.index] { return row }
    let lockClass = lockClass(table.locks[id.index].lockClass)
    let row = Row<GraphContent.Lock>(content.locks.count)
    content.locks.append(
      GraphContent.Lock(
        input: 0, number: id.rawValue, name: content.text(table.name(of: id)),
        lockClass: lockClass, isWritten: table.isWritten(id)))
    locks[id.index] = row
    return row
  }

  private mutating func thread(_ life: ThreadLife) -> Row<GraphContent.Thread> {
    if let row = threads[life] { return row }
    let row = Row<GraphContent.Thread>(content.threads.count)
    content.threads.append(
      GraphContent.Thread(
        input: 0, life: life,
        name: content.text(threadNames(ThreadID(life.number)))))
    threads[life] = row
    for lifeGuard in lifeGuards[life] ?? [] {
      content.guards.append(
        GraphContent.Guard(
          thread: row, lock: lock(lifeGuard.lock), holder: lifeGuard.holder))
    }
    return row
  }

  private mutating func place(_ number: UInt32) -> Row<GraphContent.Text> {
    guard number != 0 else { return .none }
    if let row = places[Int(number)] { return row }
    let row = evidence.places.withBytes(number) {
      Row<GraphContent.Text>(content.texts.intern($0).id)
    }
    places[Int(number)] = row
    return row
  }

  private mutating func held(_ record: EvidenceStore.HeldRecord) -> GraphContent.Held {
    GraphContent.Held(
      lock: lock(record.lock), lockClass: lockClass(record.lockClass), place: place(record.place),
      stack: place(record.stack), position: record.position, mode: record.mode,
      isGate: record.isGate, line: record.line)
  }

  private mutating func record(_ number: UInt32) -> Row<GraphContent.Record> {
    if let row = records[number] { return row }
    let record = evidence.records[Int(number)]
    let start = Row<GraphContent.Held>(content.held.count)
    for row in evidence.heldRecords(record) { content.held.append(held(row)) }
    let row = Row<GraphContent.Record>(content.records.count)
    content.records.append(
      GraphContent.Record(
        thread: thread(record.owner), wanted: lock(record.wanted),
        wantedClass: lockClass(record.wantedClass), place: place(record.place),
        stack: place(record.stack), epoch: record.epoch,
        held: RowSpan(start: start, count: UInt32(content.held.count) - start.number),
        line: record.line, mode: record.wantedMode,
        options: record.options, endings: record.endings, isNested: record.isNested))
    records[number] = row
    return row
  }

  /// - Parameter isPinned: tells of a witness whether it is part of what must not be lost.
  mutating func add(
    _ dependency: LockOrderGraph.Dependency, isPinned: (EvidenceStore.Entry) -> Bool
  ) {
    let edge = Row<GraphContent.Edge>(content.edges.count)
    content.edges.append(
      GraphContent.Edge(
        from: lockClass(dependency.from), to: lockClass(dependency.to),
        kinds: dependency.areKindsAssumed ? [] : dependency.kinds, basis: dependency.basis,
        isEvidenceBounded: dependency.isEvidenceBounded,
        isThreadBounded: dependency.isThreadBounded))
    if dependency.count > 0 {
      content.edgeCounts.append(
        GraphContent.EdgeCount(edge: edge, input: 0, count: dependency.count))
    }
    var rank: UInt32 = 0
    for entry in evidence.entries(of: dependency) {
      let stated = evidence.records[Int(entry.record)]
      guard let basis = stated.statement else {
        add(entry, edge: edge, rank: rank, isPinned: isPinned(entry))
        rank += 1
        continue
      }
      content.statements.append(
        GraphContent.Statement(
          edge: edge, input: 0, basis: basis, kinds: entry.kind,
          heldPlace: place(entry.source.place), heldStack: place(entry.source.stack),
          heldLine: entry.source.line, place: place(stated.place), stack: place(stated.stack),
          line: stated.line))
    }
  }

  private mutating func add(
    _ entry: EvidenceStore.Entry, edge: Row<GraphContent.Edge>, rank: UInt32, isPinned: Bool
  ) {
    let row = record(entry.record)
    let record = content.records[Int(row)]
    let place = content.held[record.held.indices].lastIndex {
      $0.position == entry.source.position
    }
    let source: GraphContent.Witness.Source
    if let place {
      source = GraphContent.Witness.Source(place: UInt32(place) - record.held.start.number)
    } else {
      source = GraphContent.Witness.Source(own: Row(content.held.count))
      content.held.append(held(entry.source))
    }
    content.witnesses.append(
      GraphContent.Witness(
        edge: edge, record: row, source: source, rank: rank, kind: entry.kind, isPinned: isPinned))
  }

  mutating func addMarks(_ store: ContextMarkStore, _ stated: StatedMarks) {
    for index in table.classes.indices {
      let id = LockClassID(UInt32(index))
      for record in store.records(of: id) {
        content.marks.append(
          GraphContent.Mark(
            lockClass: lockClass(id), marks: record.marks,
            thread: thread(ThreadLife(record.thread)), lock: lock(record.lock),
            mode: record.mode, place: place(record.place), stack: place(record.stack),
            line: record.line, unmaskedLine: record.unmaskedLine))
      }
    }
    for statement in stated.statements {
      content.statedMarks.append(
        GraphContent.StatedMark(
          lockClass: lockClass(statement.lockClass), input: 0, marks: statement.marks,
          line: statement.line))
    }
  }

  mutating func addEpochs(_ order: ForkJoinOrder) {
    order.forEachWithPredecessors { number, first, second in
      let isOne = second == ForkJoinOrder.none || first == second
      content.epochs.append(
        GraphContent.Epoch(
          source: 0, input: 0, number: number, first: isOne ? first : max(first, second),
          second: isOne ? GraphContent.none : min(first, second)))
    }
  }

  mutating func add(_ finding: Finding, isReport: Bool) {
    let row = Row<GraphContent.Found>(content.found.count)
    content.found.append(
      GraphContent.Found(
        fingerprint: content.text(finding.fingerprint), isReport: isReport,
        rank: FindingRank(finding), input: 0,
        finding: content.text(encoding: finding)))
    content.foundCounts.append(
      GraphContent.FoundCount(found: row, input: 0, occurrences: finding.occurrences))
  }

  mutating func add(_ verdicts: CycleVerdicts) {
    for (key, verdict) in verdicts.all {
      content.verdicts.append(
        GraphContent.Verdict(
          fingerprint: content.text(key.fingerprint), input: 0,
          verdict: content.text(encoding: EncodedVerdict(verdict))))
    }
  }

  mutating func setBounds(isBounded: Bool, isDepthBounded: Bool) {
    content.isBounded = isBounded
    content.isDepthBounded = isDepthBounded
  }
}

extension GraphContent {
  fileprivate mutating func text(encoding value: some EncodedValue) -> Row<Text> {
    var writer = BinaryWriter()
    writer.encode(value)
    return writer.bytes.withUnsafeBytes { Row(texts.intern($0).id) }
  }

  fileprivate mutating func text(_ text: String) -> Row<Text> { Row(texts.intern(text)) }
}
