extension OrderRecord {
  /// What would have been learned, had the program been changed so.
  ///
  /// Dependencies are put together anew from their witnesses, so of those of which more were seen
  /// than are kept the kept ones decide. What happened and is no order of locks (deadlocks that
  /// were observed, rules that were broken) stays as it is.
  ///
  /// - Complexity: O(witnesses × locks held at each).
  func supposing(_ supposition: ResolvedSupposition) -> OrderRecord {
    var change = SupposedChange(self)
    change.apply(supposition)
    return change.record
  }
}

/// Rebuilds an order graph from the witnesses of another one.
private struct SupposedChange {
  private let old: OrderRecord
  private(set) var record: OrderRecord
  /// The new numbers of evidence records, by what became of them.
  private var rewritten: [Rewriting: UInt32] = [:]
  /// Evidence records of which a witness was looked at, by number.
  private var visited: [Bool]

  /// Where locks are taken before which another one is to be taken, and that one as it is held.
  private var earlier: [Site: EvidenceStore.HeldRecord] = [:]

  /// A place in the code; where none is known, what one thread does with one lock.
  fileprivate struct Site: Hashable {
    var place: UInt32
    var stack: UInt32
    var thread: ThreadID?
    var lock: LockID?

    init(place: UInt32, stack: UInt32, thread: ThreadID, lock: LockID) {
      self.place = place
      self.stack = stack
      if place == 0, stack == 0 { (self.thread, self.lock) = (thread, lock) }
    }
  }

  private struct Rewriting: Hashable {
    var record: UInt32
    /// Which lock of the held ones is asked for now; `nil` is the one that was.
    var wanted: Int?
  }

  init(_ record: OrderRecord) {
    old = record
    self.record = record
    visited = Array(repeating: false, count: record.evidence.records.count)
    self.record.graph = LockOrderGraph()
    self.record.evidence = record.evidence.withoutEntries
  }

  mutating func apply(_ supposition: ResolvedSupposition) {
    let gate = gate(supposition)
    if case .order(let first, let second) = supposition { findSites(first: first, second: second) }
    for dependency in old.graph.dependencies {
      var number = dependency.firstWitness
      while number != EvidenceStore.none {
        let entry = old.evidence[entry: number]
        switch supposition {
        case .order(let first, let second):
          reorder(entry, of: dependency, first: first, second: second)
        case .gate(let classes, _): guardBy(gate!, entry, of: dependency, classes)
        case .attempt(let places):
          let wanted = old.evidence.records[Int(entry.record)]
          guard !places.contains(wanted.place), !places.contains(wanted.stack) else { break }
          keep(entry, of: dependency)
        }
        number = entry.next
      }
      if let id = record.graph.dependency(from: dependency.from, to: dependency.to) {
        record.graph.count(id, times: dependency.count)
        record.graph[id].isEvidenceBounded = dependency.isEvidenceBounded
        record.graph[id].isThreadBounded = dependency.isThreadBounded
      }
    }
  }

  // MARK: Order

  /// Where locks of the second class are taken, and one of the first before they are given up.
  private mutating func findSites(first: Set<LockClassID>, second: Set<LockClassID>) {
    for wanted in old.evidence.records
    where wanted.statement == nil && first.contains(wanted.wantedClass) {
      let held = old.evidence.heldRecords(wanted)
      guard !held.contains(where: { $0.lock == wanted.wanted }),
        let early = held.first(where: { second.contains($0.lockClass) })
      else { continue }
      let site = Site(early, wanted.thread)
      if earlier[site] == nil { earlier[site] = heldRecord(of: wanted, position: 0) }
    }
  }

  /// At a site of the second class the first is taken right before, and no more later.
  private mutating func reorder(
    _ entry: EvidenceStore.Entry, of dependency: LockOrderGraph.Dependency,
    first: Set<LockClassID>, second: Set<LockClassID>
  ) {
    let wanted = old.evidence.records[Int(entry.record)]
    if wanted.statement != nil {
      guard second.contains(dependency.from), first.contains(dependency.to) else {
        return keep(entry, of: dependency)
      }
      return state(entry, of: dependency, from: dependency.to, to: dependency.from)
    }
    let held = Array(old.evidence.heldRecords(wanted))
    let early = held.firstIndex { earlier[Site($0, wanted.thread)] != nil }
    let site = Site(
      place: wanted.place, stack: wanted.stack, thread: wanted.thread, lock: wanted.wanted)
    let isSite = second.contains(wanted.wantedClass) && earlier[site] != nil
    guard early != nil || isSite else { return keep(entry, of: dependency) }
    let isNew = !visited[Int(entry.record)]
    visited[Int(entry.record)] = true
    guard let early else { return takeEarlier(earlier[site]!, entry, wanted, held, isNew) }
    var moved = earlier[Site(held[early], wanted.thread)]!
    if wanted.wantedClass == moved.lockClass, !held.contains(where: { $0.lock == wanted.wanted }) {
      moved = heldRecord(of: wanted, position: 0)
      return takeLater(moved, from: early, entry, wanted, held)
    }
    guard !held[..<early].contains(where: { $0.lock == moved.lock }) else {
      return keep(entry, of: dependency)
    }
    // What was taken later among those that are held is held from the beginning.
    let changed = held.filter { $0.lock != moved.lock }.inserting(moved, at: early)
    let number = rewriting(of: entry.record, wanted: nil) { (wanted, changed) }
    if let source = changed.first(where: { $0.lock == entry.source.lock }),
      entry.source.lock != moved.lock
    {
      add(source, kind: entry.kind, record: number)
    }
    if isNew, moved.lock != wanted.wanted {
      let held = changed.first { $0.lock == moved.lock }!
      add(held, kind: DependencyKinds(held: held.mode, wanted: wanted.wantedMode), record: number)
    }
  }

  /// The lock itself is taken at a site: another one before it.
  private mutating func takeEarlier(
    _ moved: EvidenceStore.HeldRecord, _ entry: EvidenceStore.Entry,
    _ wanted: EvidenceStore.Record, _ held: [EvidenceStore.HeldRecord], _ isNew: Bool
  ) {
    let asked = rewriting(of: entry.record, wanted: held.count) { (wanted.asking(moved), held) }
    add(
      entry.source, kind: DependencyKinds(held: entry.source.mode, wanted: moved.mode),
      record: asked)
    let changed = held.inserting(moved, at: held.count)
    let number = rewriting(of: entry.record, wanted: nil) { (wanted, changed) }
    add(entry.source, kind: entry.kind, record: number)
    guard isNew, let held = changed.last else { return }
    add(held, kind: DependencyKinds(held: held.mode, wanted: wanted.wantedMode), record: number)
  }

  /// What was wanted is taken before some of those that were held.
  private mutating func takeLater(
    _ moved: EvidenceStore.HeldRecord, from early: Int, _ entry: EvidenceStore.Entry,
    _ wanted: EvidenceStore.Record, _ held: [EvidenceStore.HeldRecord]
  ) {
    guard let source = held.firstIndex(where: { $0.position == entry.source.position }) else {
      return
    }
    if source < early {
      let number = rewriting(of: entry.record, wanted: nil) { (wanted, Array(held[..<early])) }
      return add(entry.source, kind: entry.kind, record: number)
    }
    let later = held[source]
    let changed = Array(held[..<source]).inserting(moved, at: early)
    let number = rewriting(of: entry.record, wanted: source) { (wanted.asking(later), changed) }
    add(
      changed[early], kind: DependencyKinds(held: moved.mode, wanted: later.mode), record: number)
  }

  // MARK: Gate

  /// The lock that is supposed; `nil` where none is.
  private mutating func gate(_ supposition: ResolvedSupposition) -> LockID? {
    guard case .gate(_, let name) = supposition else { return nil }
    let lockClass = record.table.lockClass(named: name)
    record.table.setKind(.mutex, of: lockClass)
    record.table.count(lockClass, acquisitions: 0, instances: 1)
    return Array(name.utf8).withUnsafeBytes {
      record.table.addLock(named: $0, lockClass: lockClass, isWritten: true, input: 0)
    }
  }

  private mutating func guardBy(
    _ gate: LockID, _ entry: EvidenceStore.Entry, of dependency: LockOrderGraph.Dependency,
    _ classes: Set<LockClassID>
  ) {
    let wanted = old.evidence.records[Int(entry.record)]
    let held = Array(old.evidence.heldRecords(wanted))
    let early = held.firstIndex { classes.contains($0.lockClass) }
    guard wanted.statement == nil, early != nil || classes.contains(wanted.wantedClass) else {
      return keep(entry, of: dependency)
    }
    // Taken before the first of them, which may be what is wanted.
    let index = early ?? held.count
    let first = early.map { held[$0] } ?? heldRecord(of: wanted, position: 0)
    let gateClass = record.table.locks[gate.index].lockClass
    let gateHeld = EvidenceStore.HeldRecord(
      lock: gate, lockClass: gateClass, mode: .write, isGate: true, place: first.place,
      stack: first.stack, position: 0, line: first.line)
    let isNew = !visited[Int(entry.record)]
    visited[Int(entry.record)] = true
    let changed = held.inserting(gateHeld, at: index)
    let number = rewriting(of: entry.record, wanted: nil) { (wanted, changed) }
    if let source = changed.first(where: { $0.lock == entry.source.lock }) {
      add(source, kind: entry.kind, record: number)
    }
    guard isNew else { return }
    add(
      changed[index], kind: DependencyKinds(held: .write, wanted: wanted.wantedMode), record: number
    )
    let asked = rewriting(of: entry.record, wanted: index) {
      (wanted.asking(gateHeld), Array(held[..<index]))
    }
    for lock in held[..<index] {
      add(lock, kind: DependencyKinds(held: lock.mode, wanted: .write), record: asked)
    }
  }

  // MARK: Witnesses

  private mutating func rewriting(
    of number: UInt32, wanted: Int?,
    _ make: () -> (EvidenceStore.Record, [EvidenceStore.HeldRecord])
  ) -> UInt32 {
    let key = Rewriting(record: number, wanted: wanted)
    if let known = rewritten[key] { return known }
    let (made, held) = make()
    let new = record.evidence.add(made, holding: held)
    rewritten[key] = new
    return new
  }

  private func heldRecord(
    of wanted: EvidenceStore.Record, position: UInt32
  ) -> EvidenceStore.HeldRecord {
    EvidenceStore.HeldRecord(
      lock: wanted.wanted, lockClass: wanted.wantedClass, mode: wanted.wantedMode,
      isGate: old.table.isGate(wanted.wanted, mode: wanted.wantedMode), place: wanted.place,
      stack: wanted.stack, position: position, line: wanted.line)
  }

  private mutating func keep(
    _ entry: EvidenceStore.Entry, of dependency: LockOrderGraph.Dependency
  ) {
    guard old.evidence.isStated(entry) else {
      return add(entry.source, kind: entry.kind, record: entry.record)
    }
    state(entry, of: dependency, from: dependency.from, to: dependency.to)
  }

  private mutating func state(
    _ entry: EvidenceStore.Entry, of dependency: LockOrderGraph.Dependency, from: LockClassID,
    to: LockClassID
  ) {
    let kinds = dependency.areKindsAssumed ? nil : dependency.kinds
    let basis = old.evidence.records[Int(entry.record)].statement ?? dependency.basis
    guard let id = record.graph.state(from: from, to: to, kinds: kinds, basis: basis) else {
      return
    }
    let number = record.evidence.addEntry(entry, after: EvidenceStore.none)
    record.evidence.append(number, to: &record.graph[id])
  }

  private mutating func add(
    _ source: EvidenceStore.HeldRecord, kind: DependencyKinds, record number: UInt32
  ) {
    let wanted = record.evidence.records[Int(number)].wantedClass
    guard let (id, _) = record.graph.add(from: source.lockClass, to: wanted, kind: kind) else {
      return
    }
    let entry = record.evidence.addEntry(
      EvidenceStore.Entry(record: number, source: source, next: EvidenceStore.none, kind: kind),
      after: EvidenceStore.none)
    record.evidence.append(entry, to: &record.graph[id])
  }
}

extension SupposedChange.Site {
  fileprivate init(_ held: EvidenceStore.HeldRecord, _ thread: ThreadID) {
    self.init(place: held.place, stack: held.stack, thread: thread, lock: held.lock)
  }
}

extension EvidenceStore.Record {
  /// The same thread, as it asks for another lock.
  fileprivate func asking(_ lock: EvidenceStore.HeldRecord) -> Self {
    var record = self
    record.wanted = lock.lock
    record.wantedClass = lock.lockClass
    record.wantedMode = lock.mode
    record.options = []
    record.endings = []
    record.place = lock.place
    record.stack = lock.stack
    record.line = lock.line
    return record
  }
}

extension [EvidenceStore.HeldRecord] {
  /// With one more, and with positions that fit.
  fileprivate func inserting(_ lock: EvidenceStore.HeldRecord, at index: Int) -> Self {
    var held = self
    var lock = lock
    lock.position = index < count ? self[index].position : (last.map { $0.position + 1 } ?? 0)
    for later in indices[index...] { held[later].position += 1 }
    held.insert(lock, at: index)
    return held
  }
}
