/// The dependencies that an acquisition establishes, and their witnesses [semantics 1, 2, 3, 6, 23].

extension Validator {
  /// Adds an edge from every lock held in the same context, with this acquisition as evidence where the edge
  /// has room for it.
  @inline(never)
  mutating func addDependencies(
    _ acquisition: Acquisition, _ symbol: ChainCache.Symbol, depth: Int
  ) {
    guard symbol.hasIncomingDependencies else { return }
    let thread = acquisition.thread.index
    let contexts = threads[thread].held.contexts
    var offer = EvidenceOffer(gates: gateKey(of: acquisition.thread))
    let count = threads[thread].held.locks.count
    if count > Self.deepestStack { isDepthBounded = true }
    if count > depth, depth < Self.deepestStack {
      markEvidenceBounded(acquisition, symbol, upTo: count - depth)
    }
    for index in max(0, count - depth)..<count {
      let held = threads[thread].held.locks[index]
      guard threads[thread].held.isSource(held, contexts: contexts),
        held.lockClass != acquisition.lockClass
      else { continue }
      let kind = DependencyKinds(held: held.mode, wanted: acquisition.mode)
      guard
        let (edge, isNewKind) = graph.add(
          from: held.lockClass, to: acquisition.lockClass, kind: kind)
      else { continue }
      if isNewKind { journal?.grown.append(edge) }
      addWitness(
        of: acquisition, heldIndex: index, kind: kind, to: edge, isNewKind: isNewKind,
        offer: &offer)
    }
  }

  /// The edges from the first locks held get no more witnesses, though there are more.
  @inline(never)
  mutating func markEvidenceBounded(
    _ acquisition: Acquisition, _ symbol: ChainCache.Symbol, upTo end: Int
  ) {
    guard symbol.hasIncomingDependencies else { return }
    for held in threads[acquisition.thread.index].held.locks[..<end]
    where held.lockClass != acquisition.lockClass {
      if let edge = graph.dependency(from: held.lockClass, to: acquisition.lockClass) {
        graph[edge].isEvidenceBounded = true
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
    isNewKind: Bool, offer: inout EvidenceOffer
  ) {
    let thread = acquisition.thread.index
    let heldLock = threads[thread].held.locks[heldIndex].lock
    var isExtra = false
    if !isNewKind {
      var likeCount = 0
      // A lock of which there is no evidence has no like among the witnesses, however many they are.
      var number =
        table.locks[acquisition.lock.index].isAskedFor
        ? graph[edge].firstWitness : EvidenceStore.none
      while number != EvidenceStore.none {
        let entry = evidence.entries[Int(number)]
        let known = evidence.records[Int(entry.record)]
        if known.wanted == acquisition.lock, entry.kind == kind, known.gates == offer.gates,
          entry.source.lock == heldLock, known.origin == acquisition.origin,
          known.options.intersection(.evidence) == acquisition.options.intersection(.evidence)
        {
          if known.thread == acquisition.thread, known.epoch == threads[thread].epoch { return }
          likeCount += 1
        }
        number = entry.next
      }
      let limits = EvidenceStore.likeWitnessLimit
      guard likeCount < (forkJoin.hasOrder ? limits.ordered : limits.unordered) else {
        graph[edge].isThreadBounded = true
        return
      }
      // One lock taken twice is a deadlock by itself, however many nestings of others there were.
      let isOneLock = heldLock == acquisition.lock && likeCount == 0
      if Int(graph[edge].witnessCount) >= EvidenceStore.witnessLimit, !isOneLock {
        graph[edge].isEvidenceBounded = true
        guard hasOwnRoom(edge) else { return }
        isExtra = true
      }
    }
    addEntry(
      of: acquisition, heldIndex: heldIndex, kind: kind, to: edge, isExtra: isExtra, offer: &offer)
    if !isNewKind { journal?.witnessed.append(edge) }
  }

  /// Puts a witness behind those that an edge has.
  @discardableResult
  mutating func addEntry(
    of acquisition: Acquisition, heldIndex: Int, kind: DependencyKinds, to edge: DependencyID,
    isExtra: Bool, offer: inout EvidenceOffer
  ) -> UInt32 {
    if offer.record == EvidenceStore.none {
      offer.record = addRecord(of: acquisition, gates: offer.gates)
    }
    let entry = evidence.addEntry(
      EvidenceStore.Entry(
        record: offer.record, source: heldRecord(heldIndex, of: acquisition.thread.index),
        next: EvidenceStore.none, kind: kind),
      after: graph[edge].lastWitness)
    note(entry, of: edge, isExtra: isExtra)
    if graph[edge].firstWitness == EvidenceStore.none { graph[edge].firstWitness = entry }
    graph[edge].lastWitness = entry
    graph[edge].witnessCount += 1
    return entry
  }

  /// From how many of the locks that a thread holds an acquisition gets edges, the last taken ones. Nobody
  /// holds more; a recorder that loses releases does.
  static var deepestStack: Int { 1024 }

  /// Equal for equal sets of held locks and modes, but for those that keep nobody out.
  func gateKey(of thread: ThreadID) -> UInt64 {
    var key: UInt64 = 0
    for held in threads[thread.index].held.locks where held.isEvidence {
      key &+= mixHash(UInt64(held.lock.rawValue) << 1 | (isGate(held) ? 1 : 0), 0)
    }
    return key
  }

  /// Held so that no other thread can hold the lock at the same time.
  func isGate(_ held: HeldLock) -> Bool {
    guard held.mode.isExclusive else { return false }
    switch table.locks[held.lock.index].kind {
    case .semaphore, .completion, .local, .rcu, .rcuSched: return false
    default: return true
    }
  }

  private mutating func addRecord(of acquisition: Acquisition, gates: UInt64) -> UInt32 {
    table.locks[acquisition.lock.index].isAskedFor = true
    let thread = acquisition.thread.index
    heldRecords.removeAll(keepingCapacity: true)
    let count = threads[thread].held.locks.count
    for index in max(0, count - EvidenceStore.heldLimit)..<count {
      heldRecords.append(heldRecord(index, of: thread))
    }
    let record = EvidenceStore.Record(
      thread: acquisition.thread, input: inputNumber, wanted: acquisition.lock,
      wantedClass: acquisition.lockClass, wantedMode: acquisition.mode,
      options: acquisition.options, heldStart: 0, heldCount: 0,
      place: intern(acquisition.at), stack: intern(acquisition.stack),
      owner: owner(acquisition.thread),
      epoch: threads[thread].epoch, line: acquisition.line, gates: gates,
      isNested: acquisition.nest != nil, origin: acquisition.origin)
    return evidence.add(record, holding: heldRecords)
  }

  mutating func heldRecord(_ index: Int, of thread: Int) -> EvidenceStore.HeldRecord {
    let held = threads[thread].held.locks[index]
    return EvidenceStore.HeldRecord(
      lock: held.lock, lockClass: held.lockClass, mode: held.mode, isGate: isGate(held),
      place: intern(threads[thread].held.at(held)),
      stack: intern(threads[thread].held.stack(held)), position: UInt32(index), line: held.line)
  }

  mutating func intern(_ text: ArraySlice<UInt8>) -> UInt32 {
    text.withUnsafeBytes { evidence.places.intern($0).id }
  }

  mutating func intern(_ text: UnsafeRawBufferPointer?) -> UInt32 {
    text.map { evidence.places.intern($0).id } ?? 0
  }

  /// Adds what the chains counted to the edges that they stand for.
  mutating func foldChainCounts() {
    var seenFor = [UInt32](repeating: 0, count: table.classes.count)
    for (number, node) in chains.nodes.enumerated().dropFirst()
    where node.count > 0 && node.symbol.hasIncomingDependencies {
      chains.forEachSymbol(of: node.parent) { below in
        let from = below.lockClass
        guard seenFor[from.index] != UInt32(number) else { return }
        seenFor[from.index] = UInt32(number)
        guard from != node.symbol.lockClass,
          let edge = graph.dependency(from: from, to: node.symbol.lockClass)
        else { return }
        graph.count(edge, times: node.count)
      }
    }
    for node in chains.nodes.dropFirst() where node.count > 0 {
      table.countOrdered(node.symbol.lockClass, times: node.count)
    }
  }
}
