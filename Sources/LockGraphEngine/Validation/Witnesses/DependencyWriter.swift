/// Writes the dependencies that acquisitions establish, and their witnesses [semantics 1, 2, 3, 6,
/// 23].
struct DependencyWriter {
  /// What is new, for a validator that is asked as it goes; `nil` where the end is waited for.
  var journal: DependencyJournal?
  var inputEvidence = InputEvidence()
  var instanceOrders = InstanceOrders()
  var semaphoreOrders = PairSet()
  private var likes = LikeIndex()
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
      if likes.isClosed(edge), heldLock != acquisition.lock { return }
      guard
        let likeCount = countLikes(
          of: acquisition, heldIndex: heldIndex, kind, edge, offer.gates, state, record)
      else { return }
      let limits = EvidenceStore.likeWitnessLimit
      let likeLimit = record.forkJoin.hasOrder ? limits.ordered : limits.unordered
      guard likeCount < likeLimit else {
        record.graph[edge].isThreadBounded = true
        closeIfTold(edge, likeLimit: likeLimit, input: state.inputNumber, record)
        return
      }
      // One lock taken twice is a deadlock by itself, however many nestings of others there were.
      let isOneLock = heldLock == acquisition.lock && likeCount == 0
      if Int(record.graph[edge].witnessCount) >= EvidenceStore.witnessLimit, !isOneLock {
        record.graph[edge].isEvidenceBounded = true
        guard hasOwnRoom(edge, input: state.inputNumber, record.graph) else {
          closeIfTold(edge, likeLimit: likeLimit, input: state.inputNumber, record)
          return
        }
        isExtra = true
      }
    }
    addEntry(
      of: acquisition, heldIndex: heldIndex, kind: kind, to: edge, isExtra: isExtra,
      offer: &offer, state, &record)
    if !isNewKind { journal?.witnessed.append(edge) }
  }

  /// Looks at the witnesses of an edge no more where all is told that further ones could tell.
  private mutating func closeIfTold(
    _ edge: DependencyID, likeLimit: Int, input: UInt32, _ record: borrowing OrderRecord
  ) {
    guard record.graph[edge].isEvidenceBounded,
      Int(record.graph[edge].witnessCount) >= EvidenceStore.witnessLimit,
      !hasOwnRoom(edge, input: input, record.graph)
    else { return }
    if record.graph[edge].isThreadBounded {
      likes.close(edge)
    } else {
      likes.closeUnless(edge, hasCrowdOf: likeLimit)
    }
  }

  /// How many witnesses of an edge are like one of an acquisition; `nil` if one is, and is of the
  /// same thread and epoch.
  ///
  /// - Complexity: O(witnesses of the edge).
  private mutating func countLikes(
    of acquisition: Acquisition, heldIndex: Int, _ kind: DependencyKinds, _ edge: DependencyID,
    _ gates: UInt64, _ state: borrowing HeldState, _ record: borrowing OrderRecord
  ) -> Int? {
    // A lock of which there is no evidence has no like among the witnesses, however many they are.
    guard record.table.locks[acquisition.lock.index].isAskedFor else { return 0 }
    let thread = acquisition.thread.index
    let heldLock = state.threads[thread].held.locks[heldIndex].lock
    var count = 0
    var isKnown = false
    func look(at entry: EvidenceStore.Entry) {
      let known = record.evidence.records[Int(entry.record)]
      guard known.wanted == acquisition.lock, entry.kind == kind, known.gates == gates,
        entry.source.lock == heldLock, known.origin == acquisition.origin,
        (known.wantedMode == .upgradable) == (acquisition.mode == .upgradable),
        known.options.intersection(.evidence) == acquisition.options.intersection(.evidence),
        markToTell(of: heldIndex, acquisition, state, record.table).map({
          $0 == record.evidence.placeMark(of: entry.source)
        }) ?? true
      else { return }
      count += 1
      isKnown = known.thread == acquisition.thread && known.epoch == state.threads[thread].epoch
    }
    if Int(record.graph[edge].witnessCount) < LikeIndex.least
      || record.graph[edge].statementCount > 0
    {
      var number = record.graph[edge].firstWitness
      while number != EvidenceStore.none, !isKnown {
        let entry = record.evidence[entry: number]
        look(at: entry)
        number = entry.next
      }
    } else {
      if !likes.knows(edge) { likes.know(edge, Self.likeKeys(of: edge, record)) }
      let key = LikeIndex.key(
        acquisition.lock, heldLock, kind, gates, acquisition.origin, acquisition.options)
      likes.forEach(like: key, of: edge) { number in
        look(at: record.evidence[entry: number])
        return isKnown
      }
    }
    return isKnown ? nil : count
  }

  /// The keys of an edge's witnesses.
  private static func likeKeys(
    of edge: DependencyID, _ record: borrowing OrderRecord
  ) -> [(key: UInt64, witness: UInt32)] {
    var keys: [(key: UInt64, witness: UInt32)] = []
    keys.reserveCapacity(Int(record.graph[edge].witnessCount))
    var number = record.graph[edge].firstWitness
    while number != EvidenceStore.none {
      let entry = record.evidence[entry: number]
      let known = record.evidence.records[Int(entry.record)]
      let key = LikeIndex.key(
        known.wanted, entry.source.lock, entry.kind, known.gates, known.origin, known.options)
      keys.append((key, number))
      number = entry.next
    }
    return keys
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
    let thread = acquisition.thread.index
    let first =
      state.threads[thread].held.locks.count
      - Int(record.evidence.records[Int(offer.record)].heldCount)
    let last = record.graph[edge].lastWitness
    let entry: UInt32
    if heldIndex >= first {
      entry = record.evidence.addEntry(
        of: offer.record, heldAt: heldIndex - first, kind: kind, after: last)
    } else {
      let source = state.heldRecord(heldIndex, of: thread, &record)
      entry = record.evidence.addEntry(
        EvidenceStore.Entry(
          record: offer.record, source: source, next: EvidenceStore.none, kind: kind),
        after: last)
    }
    let key = LikeIndex.key(
      acquisition.lock, state.threads[thread].held.locks[heldIndex].lock, kind, offer.gates,
      acquisition.origin, acquisition.options)
    likes.note(key, entry, of: edge)
    if !record.graph[edge].isThreadBounded { likes.open(edge) }
    note(entry, of: edge, isExtra: isExtra, input: state.inputNumber, record.graph)
    if record.graph[edge].firstWitness == EvidenceStore.none {
      record.graph[edge].firstWitness = entry
    }
    record.graph[edge].lastWitness = entry
    record.graph[edge].witnessCount += 1
    return entry
  }

  /// Witnesses are taken away, and another input begins.
  mutating func forgetLikes() {
    likes.removeAll()
  }

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
      options: acquisition.options, isNested: acquisition.nest != nil, heldStart: 0, heldCount: 0,
      place: record.evidence.intern(acquisition.at),
      stack: record.evidence.intern(acquisition.stack),
      epoch: state.threads[thread].epoch, owner: state.owner(acquisition.thread),
      line: acquisition.line, gates: gates, origin: acquisition.origin)
    return record.evidence.add(evidence, holding: heldRecords)
  }
}
