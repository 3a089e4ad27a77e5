// Takes up what graph files hold as if the events had been seen here.
extension OrderRecord {
  /// Adds a content.
  ///
  /// - Parameters:
  ///   - content: with rows as the reader of graph files makes sure they are.
  ///   - firstInput: the number of its first input here.
  /// - Complexity: O(rows).
  mutating func load(_ content: consuming GraphContent, firstInput: UInt32) {
    let loader = GraphContentLoader(content, firstInput: firstInput)
    loader.load(into: &self)
  }
}

extension GraphContent {
  /// Its inputs as they were read.
  func analysisInputs() -> [TraceInput] {
    var counted: UInt64 = 0
    return inputs.map { input in
      let remarks: InputRemarks? = input.remarks == .none ? nil : value(input.remarks)
      // What files state has no bound, and must leave room for what is counted.
      let events = min(input.events, (1 << 60) - counted)
      counted += events
      var result = TraceInput(
        name: texts.string(input.name), format: texts.string(input.format), events: events,
        facts: input.facts, skipped: input.skipped, firstSkipped: remarks?.firstSkipped,
        warnings: remarks?.warnings ?? [])
      if events + input.facts == 0, input.skipped > 0 { result.doubt = .unreadable }
      return result
    }
  }
}

extension GraphContent {
  /// What is encoded in a text.
  fileprivate func value<Value: EncodedValue>(_ text: Row<Text>) -> Value? {
    texts.withBytes(text) { bytes in
      var reader = BinaryReader(bytes, at: 0)
      return try? reader.value()
    }
  }
}

/// One life of a thread.
private struct ThreadKey: Hashable {
  var input: Row<GraphContent.Input>
  var life: ThreadLife
}

private struct GraphContentLoader {
  /// Tables leave it as they are loaded: it can be as large as what comes of it.
  private var content: GraphContent
  private let firstInput: UInt32
  private var classes: [LockClassID] = []
  private var locks: [LockID] = []
  private var threads: [ThreadID] = []
  /// The number of each text among the places of evidence, once it has one.
  private var places: [UInt32]

  init(_ content: consuming GraphContent, firstInput: UInt32) {
    places = [UInt32](repeating: 0, count: content.texts.count)
    self.content = content
    self.firstInput = firstInput
  }

  consuming func load(into order: inout OrderRecord) {
    loadClasses(into: &order)
    loadLocks(into: &order)
    let epochs = loadEpochs(into: &order)
    loadThreads(into: &order)
    loadEvidence(epochs, into: &order)
    loadMarks(into: &order)
    loadFound(into: &order)
    loadVerdicts(into: &order)
    for input in content.inputs {
      order.counts.threads &+= Int(clamping: input.threads)
      order.counts.locks &+= Int(clamping: input.locks)
      order.counts.omittedFindings &+= Int(clamping: input.omitted)
      order.imports.noteTraits(
        TraceFormat(rawValue: content.texts.string(input.format))?.traits ?? TraceTraits())
    }
    if content.isFoundBounded { order.counts.omittedFindings &+= 1 }
    order.bounds.statedDependencies = order.bounds.statedDependencies || content.isBounded
    order.bounds.heldStack = order.bounds.heldStack || content.isDepthBounded
  }

  private mutating func loadClasses(into order: inout OrderRecord) {
    for row in content.classes {
      let id = content.texts.withBytes(row.name) { name in
        if row.level > 0 {
          let base = order.table.lockClass(
            named: UnsafeRawBufferPointer(rebasing: name.dropLast(2)))
          return order.table.subclass(row.level, of: base)
        }
        return order.table.lockClass(named: name)
      }
      classes.append(id)
      if row.isListed { order.list(id) }
      order.table.setOrigin(row.origin, of: id)
      if row.derived != .none, row.origin.isDerived {
        let derived = content.texts.withBytes(row.derived) { order.table.lockClass(named: $0) }
        order.table.setDerived(derived, row.origin, of: id)
      }
      if row.nestsByInstance { order.table.setNestsByInstance(id) }
      if row.isHeldMasked { order.table.setHeldMasked(id) }
      if row.kinds != 0 {
        order.table.setKind(LockKind(rawValue: UInt8(row.kinds.trailingZeroBitCount))!, of: id)
      }
    }
    for row in content.classCounts {
      order.table.count(
        classes[Int(row.lockClass)], acquisitions: row.acquisitions,
        instances: Int(clamping: row.instances))
    }
  }

  private mutating func loadLocks(into order: inout OrderRecord) {
    // For each statement there may be two more, of which nobody knows which they were.
    order.table.reserveLocks(content.locks.count + 2 * content.statements.count)
    locks.reserveCapacity(content.locks.count)
    for row in content.locks {
      locks.append(
        content.texts.withBytes(row.name) { name in
          order.table.addLock(
            named: name, lockClass: classes[Int(row.lockClass)], isWritten: row.isWritten,
            input: firstInput + row.input.number)
        })
    }
    content.locks = []
  }

  /// The epochs that stand in the content's order, by input and number.
  private func loadEpochs(into order: inout OrderRecord) -> [UInt64: UInt32] {
    var epochs: [UInt64: UInt32] = [:]
    func epoch(_ input: Row<GraphContent.Input>, _ number: UInt32) -> UInt32 {
      guard number != GraphContent.none else { return ForkJoinOrder.none }
      let key = GraphContent.key(input, number)
      if let known = epochs[key] { return known }
      let new = order.forkJoin.add()
      epochs[key] = new
      return new
    }
    for row in content.epochs {
      let (first, second) = (epoch(row.input, row.first), epoch(row.input, row.second))
      epochs[GraphContent.key(row.input, row.number)] = order.forkJoin.add(
        after: first, and: second)
    }
    return epochs
  }

  private mutating func loadThreads(into order: inout OrderRecord) {
    for row in content.threads {
      let thread = content.texts.withBytes(row.name) {
        order.threads.add(named: $0, input: firstInput + row.input.number)
      }
      threads.append(thread)
    }
    guard !content.guards.isEmpty else { return }
    var owners: [ThreadKey: ThreadLife] = [:]
    for (number, row) in content.threads.enumerated() {
      let key = ThreadKey(input: row.input, life: row.life)
      owners[key] = ThreadLife(threads[number])
    }
    for row in content.guards {
      let key = ThreadKey(
        input: content.threads[Int(row.thread)].input, life: row.holder)
      // A holder of which nothing else is kept is told apart from others all the same.
      let holder = owners[key] ?? .stranger(owners.count)
      owners[key] = holder
      order.lifeGuards[ThreadLife(threads[Int(row.thread)]), default: []].append(
        LifeGuard(lock: locks[Int(row.lock)], holder: holder))
    }
  }

  /// The number of a text among the places of evidence; 0 for none.
  private mutating func place(
    _ text: Row<GraphContent.Text>, in order: inout OrderRecord
  ) -> UInt32 {
    guard text != .none else { return 0 }
    if places[Int(text)] == 0 {
      places[Int(text)] = content.texts.withBytes(text) {
        order.evidence.places.intern($0).id
      }
    }
    return places[Int(text)]
  }

  private mutating func held(
    _ row: GraphContent.Held, in order: inout OrderRecord
  ) -> EvidenceStore.HeldRecord {
    EvidenceStore.HeldRecord(
      lock: locks[Int(row.lock)], lockClass: classes[Int(row.lockClass)], mode: row.mode,
      isGate: row.isGate, place: place(row.place, in: &order),
      stack: place(row.stack, in: &order), position: row.position, line: row.line)
  }

  private mutating func loadEvidence(_ known: [UInt64: UInt32], into order: inout OrderRecord) {
    let statements = content.statements.count
    order.evidence.reserve(
      records: content.records.count + statements, held: content.held.count + statements,
      entries: content.witnesses.count + statements)
    let records = loadRecords(known, into: &order)
    if !content.witnesses.contains(where: { $0.source.own != nil }) { content.held = [] }
    let edges = loadEdges(into: &order)
    loadWitnesses(records, edges, into: &order)
    for row in content.statements {
      let edge = content.edges[Int(row.edge)]
      let held = OrderRecord.StatedPlace(
        at: place(row.heldPlace, in: &order), stack: place(row.heldStack, in: &order),
        line: row.heldLine)
      let wanted = OrderRecord.StatedPlace(
        at: place(row.place, in: &order), stack: place(row.stack, in: &order),
        line: row.line)
      order.state(
        from: classes[Int(edge.from)], to: classes[Int(edge.to)],
        kinds: row.kinds.isEmpty ? nil : row.kinds, basis: row.basis, held: held, wanted: wanted,
        input: firstInput + row.input.number)
    }
  }

  /// - Returns: which number each has there.
  private mutating func loadRecords(
    _ known: [UInt64: UInt32], into order: inout OrderRecord
  ) -> [UInt32] {
    var epochs = known
    var records: [UInt32] = []
    records.reserveCapacity(content.records.count)
    for row in content.records {
      let input = content.threads[Int(row.thread)].input
      let key = GraphContent.key(input, row.epoch)
      let epoch = epochs[key] ?? order.forkJoin.add()
      epochs[key] = epoch
      let (place, stack) = (place(row.place, in: &order), place(row.stack, in: &order))
      var holding: [EvidenceStore.HeldRecord] = []
      for held in content.held[row.held.indices] {
        holding.append(self.held(held, in: &order))
      }
      records.append(
        order.evidence.add(
          EvidenceStore.Record(
            thread: threads[Int(row.thread)], input: firstInput + input.number,
            wanted: locks[Int(row.wanted)], wantedClass: classes[Int(row.wantedClass)],
            wantedMode: row.mode, options: row.options, endings: row.endings,
            isNested: row.isNested, heldStart: 0, heldCount: 0, place: place, stack: stack,
            epoch: epoch, owner: ThreadLife(threads[Int(row.thread)]), line: row.line, gates: 0),
          holding: holding))
    }
    content.records = []
    return records
  }

  /// - Returns: which dependency each is; none where there are too many.
  private mutating func loadEdges(into order: inout OrderRecord) -> [DependencyID?] {
    var edges: [DependencyID?] = []
    edges.reserveCapacity(content.edges.count)
    for row in content.edges {
      let id = order.graph.state(
        from: classes[Int(row.from)], to: classes[Int(row.to)], kinds: row.kinds, basis: row.basis)
      edges.append(id)
      guard let id else { continue }
      order.graph[id].isEvidenceBounded =
        order.graph[id].isEvidenceBounded || row.isEvidenceBounded
      order.graph[id].isThreadBounded =
        order.graph[id].isThreadBounded || row.isThreadBounded
    }
    for row in content.edgeCounts {
      if let id = edges[Int(row.edge)] { order.graph.count(id, times: row.count) }
    }
    content.edgeCounts = []
    return edges
  }

  private mutating func loadWitnesses(
    _ records: [UInt32], _ edges: [DependencyID?], into order: inout OrderRecord
  ) {
    for row in content.witnesses {
      guard let id = edges[Int(row.edge)] else { continue }
      let record = records[Int(row.record)]
      let source =
        row.source.own.map { held(content.held[Int($0)], in: &order) }
        ?? order.evidence.heldRecord(Int(row.source.place), of: record)
      let entry = order.evidence.addEntry(
        EvidenceStore.Entry(
          record: record, source: source, next: EvidenceStore.none, kind: row.kind),
        after: EvidenceStore.none)
      order.evidence.append(entry, to: &order.graph[id])
    }
    content.witnesses = []
  }

  private mutating func loadMarks(into order: inout OrderRecord) {
    for row in content.marks {
      let thread = content.threads[Int(row.thread)]
      order.contextMarks.add(
        ContextMarkStore.Record(
          marks: row.marks, thread: threads[Int(row.thread)],
          input: firstInput + thread.input.number,
          lock: locks[Int(row.lock)], mode: row.mode, place: place(row.place, in: &order),
          stack: place(row.stack, in: &order), line: row.line, unmaskedLine: row.unmaskedLine),
        of: classes[Int(row.lockClass)])
    }
    for row in content.statedMarks {
      order.imports.add(
        StatedMarks.Statement(
          lockClass: classes[Int(row.lockClass)], marks: row.marks,
          input: firstInput + row.input.number, line: row.line))
    }
  }

  private func loadVerdicts(into order: inout OrderRecord) {
    for row in content.verdicts {
      guard let encoded: EncodedVerdict = content.value(row.verdict) else { continue }
      order.cycleVerdicts.add(
        encoded.verdict, of: content.texts.string(row.fingerprint),
        input: firstInput + row.input.number)
    }
  }

  private func loadFound(into order: inout OrderRecord) {
    var counts = content.foundCounts[...]
    for (number, row) in content.found.enumerated() {
      let own = counts.prefix { $0.found == Row(number) }
      counts = counts.dropFirst(own.count)
      guard var finding: Finding = content.value(row.finding) else { continue }
      finding.occurrences = own.reduce(0) { $0 &+ $1.occurrences }
      order.imports.add(finding, input: firstInput + row.input.number)
    }
  }
}
