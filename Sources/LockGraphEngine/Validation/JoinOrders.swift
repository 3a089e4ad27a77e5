// Circles that the end of a thread closes, where an input ends [semantics 21].
//
// The nodes are the classes and the ends of the threads that were waited for. For each lock that
// was held at a join, the shortest strong way is looked for from the end that was waited for to
// that lock: over what its thread asked for, the orders of this input, and the ends for which its
// thread waited itself. Of ways that begin differently one that is feasible is taken. A thread is
// one in one input alone, so no other input has a part in it.

struct JoinOrders {
  private struct Edge {
    var from: Int
    var to: Int
    var kinds: DependencyKinds = []
    var candidates: [CycleGrading.Candidate] = []
  }

  /// How many steps all searches may take.
  private static let work = 5_000_000
  /// How many ways are tried for one lock of one join.
  private static let wayLimit = 16
  /// How many witnesses an order has here.
  private static let witnessLimit = 256

  private let input: UInt32
  private var record: OrderRecord
  private var store: EvidenceStore
  private var edges: [Edge] = []
  private var edgeNumbers = PairTable()
  private var successors: [[Int]] = []
  /// The class of each node, or none for the end of a thread.
  private var classes: [LockClassID?] = []
  private var nodeOfClass: [LockClassID: Int] = [:]
  /// The nodes of ends, by owner, and the number that stands for each as a lock.
  private var nodeOfEnd: [ThreadLife: Int] = [:]
  private var times: [UInt32: Int64] = [:]
  /// Of joins, by their records, the lock with which the joined thread may have said that it was
  /// done.
  private var announced: [UInt32: LockID] = [:]

  static func endInput(_ state: borrowing HeldState, _ record: inout OrderRecord) {
    let joins = state.joins.joins
    guard joins.contains(where: { !$0.sources.isEmpty }) else { return }
    var search = JoinOrders(record, state.joins, input: state.inputNumber)
    search.run(state.joins, &record)
    if state.joins.isBounded { record.bounds.joins = true }
  }

  private init(_ record: OrderRecord, _ evidence: JoinEvidence, input: UInt32) {
    self.input = input
    self.record = record
    store = EvidenceStore(places: record.evidence.places)
    for join in evidence.joins where nodeOfEnd[join.joined] == nil {
      nodeOfEnd[join.joined] = addNode(nil)
    }
    for take in evidence.takes {
      guard let from = nodeOfEnd[take.owner] else { continue }
      let to = node(of: currentClass(take.wantedClass, of: take.wanted))
      let kind = DependencyKinds(held: .write, wanted: take.wantedMode)
      add(take, evidence.heldRecords(take), source: end(from, take), kind, from: from, to: to)
    }
    for join in evidence.joins { add(join, evidence) }
    addOrders()
    self.record.evidence = store
  }

  // MARK: The graph

  private mutating func addNode(_ lockClass: LockClassID?) -> Int {
    classes.append(lockClass)
    successors.append([])
    return classes.count - 1
  }

  private mutating func node(of lockClass: LockClassID) -> Int {
    if let known = nodeOfClass[lockClass] { return known }
    let node = addNode(lockClass)
    nodeOfClass[lockClass] = node
    return node
  }

  /// The class that was stated of a lock later, if one was.
  private func currentClass(_ lockClass: LockClassID, of lock: LockID) -> LockClassID {
    record.table.classes[lockClass.index].base == nil
      ? record.table.locks[lock.index].lockClass : lockClass
  }

  /// The end of a thread as a lock that it holds.
  private func end(_ node: Int, _ record: EvidenceStore.Record) -> EvidenceStore.HeldRecord {
    EvidenceStore.HeldRecord(
      lock: Self.lock(ofEnd: node), lockClass: .threadEnd, mode: .write, isGate: false, place: 0,
      stack: 0, position: .max, line: record.line)
  }

  private static func lock(ofEnd node: Int) -> LockID { LockID(.max - UInt32(node)) }

  private mutating func add(_ join: JoinEvidence.Join, _ evidence: JoinEvidence) {
    guard let to = nodeOfEnd[join.joined] else { return }
    var record = join.record
    record.wanted = Self.lock(ofEnd: to)
    let held = evidence.heldRecords(record)
    for source in held where join.sources.contains(source.position) {
      let from = node(of: currentClass(source.lockClass, of: source.lock))
      let kind = DependencyKinds(held: source.mode, wanted: .write)
      add(
        record, held, source: source, kind, from: from, to: to, time: join.time,
        announced: join.announcement)
    }
    if let from = nodeOfEnd[record.owner], from != to {
      add(record, held, source: end(from, record), .en, from: from, to: to, time: join.time)
    }
  }

  /// The orders that this input shows.
  private mutating func addOrders() {
    for dependency in record.graph.dependencies where dependency.basis == .events {
      for entry in record.evidence.entries(of: dependency) {
        let own = record.evidence.records[Int(entry.record)]
        guard own.input == input, own.statement == nil else { continue }
        let from = node(of: currentClass(dependency.from, of: entry.source.lock))
        let to = node(of: currentClass(dependency.to, of: own.wanted))
        guard from != to else { continue }
        add(
          own, record.evidence.heldRecords(own), source: entry.source, entry.kind, from: from,
          to: to)
      }
    }
  }

  private mutating func add(
    _ record: EvidenceStore.Record, _ held: ArraySlice<EvidenceStore.HeldRecord>,
    source: EvidenceStore.HeldRecord, _ kind: DependencyKinds, from: Int, to: Int,
    time: Int64? = nil, announced lock: LockID? = nil
  ) {
    let (first, second) = (UInt32(from), UInt32(to))
    let number = edgeNumbers.value(first, second).map { Int($0) } ?? edges.count
    if number == edges.count {
      edgeNumbers.insert(first, second, value: UInt32(number))
      edges.append(Edge(from: from, to: to))
      successors[from].append(number)
    }
    edges[number].kinds.formUnion(kind)
    guard edges[number].candidates.count < Self.witnessLimit else { return }
    let record = store.add(record, holding: Array(held))
    times[record] = time
    announced[record] = lock
    let entry = EvidenceStore.Entry(
      record: record, source: source, next: EvidenceStore.none, kind: kind)
    edges[number].candidates.append(
      CycleGrading.Candidate(entry: entry, record: store.records[Int(record)]))
  }

  // MARK: The search

  private mutating func run(_ evidence: JoinEvidence, _ record: inout OrderRecord) {
    sortSuccessors()
    let grading = CycleGrading(self.record)
    var work = Self.work
    for number in edges.indices
    where classes[edges[number].from] != nil && classes[edges[number].to] == nil {
      guard work > 0 else {
        record.bounds.joins = true
        return
      }
      guard let (circle, grade) = surest(closing: number, evidence, grading, &work) else {
        continue
      }
      let chosen = zip(circle, grade.chosen).map { edges[$0].candidates[$1] }
      var (confidence, reason) = (grade.confidence, grade.reason)
      if confidence < .ordering, let lock = announced[chosen[0].entry.record] {
        (confidence, reason) = (.ordering, .announcedEnd(chosen[0].record.thread, lock))
      }
      record.joinInversions.add(
        JoinInversionStore.Inversion(
          sides: chosen.indices.map { side(chosen, $0) }, confidence: confidence, reason: reason,
          input: input))
    }
  }

  /// The shortest circle through an edge, or the shortest that is feasible.
  private func surest(
    closing number: Int, _ evidence: JoinEvidence, _ grading: CycleGrading, _ work: inout Int
  ) -> (circle: [Int], grade: CycleGrading.Grade)? {
    var best: (circle: [Int], grade: CycleGrading.Grade)?
    var tried: Set<Int> = []
    while tried.count < Self.wayLimit, best?.grade.confidence != .feasible,
      let way = way(from: edges[number].to, closing: number, without: tried, &work)
    {
      tried.insert(way[0])
      let circle = [number] + way
      let grade = grading.grade(
        circle.map { edges[$0].candidates },
        isBounded: evidence.isBounded
          || circle.contains { edges[$0].candidates.count >= Self.witnessLimit },
        isThreadBounded: false)
      if !grade.isVoid, best == nil || grade.confidence == .feasible { best = (circle, grade) }
    }
    return best
  }

  /// By name, so that the order of events does not choose among ways of one length; ends come last.
  private mutating func sortSuccessors() {
    let names = classes.map { $0.map { record.table.name(of: $0) } }
    var threads: [Int: String] = [:]
    for (owner, node) in nodeOfEnd {
      threads[node] = record.threads.name(of: ThreadID(owner.number))
    }
    func key(_ edge: Int) -> (Int, String) {
      let node = edges[edge].to
      return names[node].map { (0, $0) } ?? (1, threads[node] ?? "")
    }
    for node in successors.indices { successors[node].sort { key($0) < key($1) } }
  }

  /// The edges of the shortest way from an end to the lock of an edge, which the edge closes to a
  /// strong circle.
  ///
  /// - Parameter tried: edges that it does not begin with.
  private func way(
    from start: Int, closing: Int, without tried: Set<Int>, _ work: inout Int
  ) -> [Int]? {
    let target = edges[closing].from
    let closesAll = !edges[closing].kinds.isDisjoint(with: .startingExclusive)
    // A state is a node and whether it was reached by recursive readers alone.
    var before: [Int: (state: Int, edge: Int)] = [:]
    var frontier = [start << 1]
    var position = 0
    while position < frontier.count {
      let state = frontier[position]
      position += 1
      for number in successors[state >> 1] where !tried.contains(number) {
        work -= 1
        guard work > 0 else { return nil }
        var kinds = edges[number].kinds
        if state & 1 == 1 { kinds.formIntersection(.startingExclusive) }
        guard !kinds.isEmpty else { continue }
        let isRecursive = kinds.isDisjoint(with: .endingNonRecursive)
        let next = edges[number].to << 1 | (isRecursive ? 1 : 0)
        guard edges[number].to != start, before[next] == nil else { continue }
        before[next] = (state, number)
        if edges[number].to == target, !isRecursive || closesAll {
          var way: [Int] = []
          var last = next
          while let (state, edge) = before[last] {
            way.append(edge)
            last = state
          }
          return way.reversed()
        }
        frontier.append(next)
      }
    }
    return nil
  }

  // MARK: What is found

  private func side(_ chosen: [CycleGrading.Candidate], _ number: Int) -> DeadlockStore.Waiter {
    let (own, next) = (chosen[number], chosen[(number + 1) % chosen.count])
    let held = Array(store.heldRecords(own.record))
    let isJoin = own.record.wantedClass == .threadEnd
    return DeadlockStore.Waiter(
      thread: own.record.thread,
      wanted: isJoin
        ? nil : (own.record.wanted, own.record.wantedClass, own.record.wantedMode),
      options: own.record.waysOut, place: own.record.place, stack: own.record.stack,
      line: own.record.line, time: times[own.entry.record], held: held,
      via: held.firstIndex { $0.position == own.entry.source.position },
      blockedBy: next.record.thread)
  }
}
