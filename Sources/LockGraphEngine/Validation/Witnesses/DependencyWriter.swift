/// Writes the dependencies that acquisitions establish, and their witnesses [semantics 1, 2, 3, 6,
/// 23].
struct DependencyWriter {
  /// What is new, for a validator that is asked as it goes; `nil` where the end is waited for.
  var journal: DependencyJournal?
  var inputEvidence = InputEvidence()
  var instanceOrders = InstanceOrders()
  var semaphoreOrders = PairSet()
  private var likes = LikeFilter()
  /// Scratch for the locks of an evidence record.
  private var heldRecords: [EvidenceStore.HeldRecord] = []

  /// Adds an edge from every lock held in the same context, with this acquisition as evidence where
  /// the edge has room for it.
  @inline(never)
  mutating func add(
    _ acquisition: Acquisition, _ symbol: ChainCache.Symbol, depth: Int,
    _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard symbol.hasIncomingDependencies else { return }
    let thread = acquisition.thread.index
    let contexts = state.threads[thread].held.contexts
    var offer = EvidenceOffer(gates: state.gateKey(of: acquisition.thread, record.table))
    let count = state.threads[thread].held.locks.count
    if count > OrderRecord.Bounds.deepestStack { record.bounds.heldStack = true }
    if count > depth, depth < OrderRecord.Bounds.deepestStack {
      markEvidenceBounded(acquisition, symbol, upTo: count - depth, state, &record)
    }
    for index in max(0, count - depth)..<count {
      let held = state.threads[thread].held.locks[index]
      guard state.threads[thread].held.isSource(held, contexts: contexts),
        held.lockClass != acquisition.lockClass
      else { continue }
      let kind = DependencyKinds(held: held.mode, wanted: acquisition.mode)
      guard
        let (edge, isNewKind) = record.graph.add(
          from: held.lockClass, to: acquisition.lockClass, kind: kind)
      else { continue }
      if isNewKind { journal?.grown.append(edge) }
      addWitness(
        of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind,
        offer: &offer, state, &record)
    }
  }

  /// The edges from the first locks held get no more witnesses, though there are more.
  @inline(never)
  func markEvidenceBounded(
    _ acquisition: Acquisition, _ symbol: ChainCache.Symbol, upTo end: Int,
    _ state: borrowing HeldState, _ record: inout OrderRecord
  ) {
    guard symbol.hasIncomingDependencies else { return }
    for held in state.threads[acquisition.thread.index].held.locks[..<end]
    where held.lockClass != acquisition.lockClass {
      if let edge = record.graph.dependency(from: held.lockClass, to: acquisition.lockClass) {
        record.graph[edge].isEvidenceBounded = true
      }
    }
  }

  /// What one acquisition offers as evidence to all its edges.
  struct EvidenceOffer {
    /// Equal for equal sets of held locks and modes.
    var gates: UInt64
    /// The record, made when the first witness needs it.
    var record = EvidenceStore.none
  }

  /// Adds a witness to an edge unless it has its like or is full.
  mutating func addWitness(
    of acquisition: Acquisition, heldIndex: Int, kind: DependencyKinds, to edge: DependencyID,
    isNewKind: Bool, offer: inout EvidenceOffer, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) {
    let thread = acquisition.thread.index
    let heldLock = state.threads[thread].held.locks[heldIndex].lock
    var isExtra = false
    if !isNewKind {
      var likeCount = 0
      // A lock of which there is no evidence has no like among the witnesses, however many they
      // are.
      var number =
        record.table.locks[acquisition.lock.index].isAskedFor
          && mayHaveLike(acquisition, heldLock, kind, edge, offer.gates, record)
        ? record.graph[edge].firstWitness : EvidenceStore.none
      let heldMark =
        number == EvidenceStore.none
        ? nil : markToTell(of: heldIndex, acquisition, state, record.table)
      while number != EvidenceStore.none {
        let entry = record.evidence.entries[Int(number)]
        let known = record.evidence.records[Int(entry.record)]
        if known.wanted == acquisition.lock, entry.kind == kind, known.gates == offer.gates,
          entry.source.lock == heldLock, known.origin == acquisition.origin,
          (known.wantedMode == .upgradable) == (acquisition.mode == .upgradable),
          heldMark.map({ $0 == record.evidence.placeMark(of: entry.source) }) ?? true,
          known.options.intersection(.evidence) == acquisition.options.intersection(.evidence)
        {
          if known.thread == acquisition.thread, known.epoch == state.threads[thread].epoch {
            return
          }
          likeCount += 1
        }
        number = entry.next
      }
      let limits = EvidenceStore.likeWitnessLimit
      guard likeCount < (record.forkJoin.hasOrder ? limits.ordered : limits.unordered) else {
        record.graph[edge].isThreadBounded = true
        return
      }
      // One lock taken twice is a deadlock by itself, however many nestings of others there were.
      let isOneLock = heldLock == acquisition.lock && likeCount == 0
      if Int(record.graph[edge].witnessCount) >= EvidenceStore.witnessLimit, !isOneLock {
        record.graph[edge].isEvidenceBounded = true
        guard hasOwnRoom(edge, input: state.inputNumber, record.graph) else { return }
        isExtra = true
      }
    }
    addEntry(
      of: acquisition, heldIndex: heldIndex, kind: kind, to: edge, isExtra: isExtra,
      offer: &offer, state, &record)
    if !isNewKind { journal?.witnessed.append(edge) }
  }

  /// Whether one of the witnesses may be like one of an acquisition.
  @inline(__always)
  private mutating func mayHaveLike(
    _ acquisition: Acquisition, _ heldLock: LockID, _ kind: DependencyKinds,
    _ edge: DependencyID, _ gates: UInt64, _ record: borrowing OrderRecord
  ) -> Bool {
    guard Int(record.graph[edge].witnessCount) >= LikeFilter.least,
      record.graph[edge].statementCount == 0
    else { return true }
    let key = LikeFilter.key(
      acquisition.lock, heldLock, kind, gates, acquisition.origin, acquisition.options)
    return likes.mayHave(key, edge) { add in
      var number = record.graph[edge].firstWitness
      while number != EvidenceStore.none {
        let entry = record.evidence.entries[Int(number)]
        let known = record.evidence.records[Int(entry.record)]
        add(
          LikeFilter.key(
            known.wanted, entry.source.lock, entry.kind, known.gates, known.origin, known.options))
        number = entry.next
      }
    }
  }

  /// The mark of where a lock was taken, if that tells witnesses apart: classes are not all stated.
  private func markToTell(
    of heldIndex: Int, _ acquisition: Acquisition, _ state: borrowing HeldState,
    _ table: borrowing LockTable
  ) -> UInt32? {
    guard table.hasOwnClasses else { return nil }
    let thread = acquisition.thread.index
    let held = state.threads[thread].held.locks[heldIndex].lock
    guard table.locks[acquisition.lock.index].hasOwnClass || table.locks[held.index].hasOwnClass
    else { return nil }
    return state.threads[thread].held.placeMark(at: heldIndex)
  }

  /// Puts a witness behind those that an edge has.
  @discardableResult
  mutating func addEntry(
    of acquisition: Acquisition, heldIndex: Int, kind: DependencyKinds, to edge: DependencyID,
    isExtra: Bool, offer: inout EvidenceOffer, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) -> UInt32 {
    if offer.record == EvidenceStore.none {
      offer.record = addRecord(of: acquisition, gates: offer.gates, state, &record)
    }
    // Those that were taken last are in the record.
    let first =
      state.threads[acquisition.thread.index].held.locks.count
      - Int(record.evidence.records[Int(offer.record)].heldCount)
    let source =
      heldIndex >= first
      ? record.evidence.heldRecord(heldIndex - first, of: offer.record)
      : state.heldRecord(heldIndex, of: acquisition.thread.index, &record)
    likes.note(
      LikeFilter.key(
        acquisition.lock, source.lock, kind, offer.gates, acquisition.origin, acquisition.options),
      edge)
    let entry = record.evidence.addEntry(
      EvidenceStore.Entry(
        record: offer.record, source: source,
        next: EvidenceStore.none, kind: kind),
      after: record.graph[edge].lastWitness)
    note(entry, of: edge, isExtra: isExtra, input: state.inputNumber, record.graph)
    if record.graph[edge].firstWitness == EvidenceStore.none {
      record.graph[edge].firstWitness = entry
    }
    record.graph[edge].lastWitness = entry
    record.graph[edge].witnessCount += 1
    return entry
  }

  /// Witnesses are taken away.
  mutating func forgetLikes() { likes.removeAll() }

  private mutating func addRecord(
    of acquisition: Acquisition, gates: UInt64, _ state: borrowing HeldState,
    _ record: inout OrderRecord
  ) -> UInt32 {
    record.table.locks[acquisition.lock.index].isAskedFor = true
    let thread = acquisition.thread.index
    heldRecords.removeAll(keepingCapacity: true)
    let count = state.threads[thread].held.locks.count
    for index in max(0, count - EvidenceStore.heldLimit)..<count {
      heldRecords.append(state.heldRecord(index, of: thread, &record))
    }
    let evidence = EvidenceStore.Record(
      thread: acquisition.thread, input: state.inputNumber, wanted: acquisition.lock,
      wantedClass: acquisition.lockClass, wantedMode: acquisition.mode,
      options: acquisition.options, heldStart: 0, heldCount: 0,
      place: record.evidence.intern(acquisition.at),
      stack: record.evidence.intern(acquisition.stack),
      owner: state.owner(acquisition.thread),
      epoch: state.threads[thread].epoch, line: acquisition.line, gates: gates,
      isNested: acquisition.nest != nil, origin: acquisition.origin)
    return record.evidence.add(evidence, holding: heldRecords)
  }
}
