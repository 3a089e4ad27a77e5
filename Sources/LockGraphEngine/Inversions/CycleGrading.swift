/// How sure a potential deadlock is [semantics 21]: whether the witnesses of its edges fit
/// together.
///
/// A combination takes one witness an edge whose kinds keep the cycle strong. It is kept from
/// happening if two of its threads hold a common lock, at least one of them exclusively (a gate
/// lock: both cannot be at their requests at once), or if spawn and join put the one's request
/// before the other's. A combination that nothing keeps from happening, of different threads on the
/// same instances, makes the cycle feasible; if every combination is kept from happening it is
/// excluded; otherwise the order alone is the evidence. A witness at a moment when nobody else
/// could reach one of its locks is a side of no combination that is feasible, nor is a reader that
/// waits behind a writer where nobody was seen to write.
struct CycleGrading {
  struct Candidate {
    var entry: EvidenceStore.Entry
    var record: EvidenceStore.Record
    var held: EvidenceStore.HeldRecord { entry.source }
  }

  struct Grade {
    var confidence: Confidence
    var reason: GradeReason?
    /// For each edge the candidates, the one of the best combination first.
    var chosen: [Int]
    /// No combination blocks, so it is no cycle.
    var isVoid = false
  }

  /// What the search of a combination insists on.
  private struct Demands {
    var differentThreads = false
    var sameInstances = false
    var nothingStructural = false
    /// Of what is structural, gates alone.
    var gatesAlone = false
    var nobodyGivesUp = false
    /// Who waits behind a writer does so for a lock that somebody writes.
    var writersSeen = false
    /// Witnesses that are none, by side and number.
    var without: Set<Choice> = []
  }

  private struct Choice: Hashable {
    var side: Int
    var number: Int
  }

  /// What keeps two witnesses from being at their requests at once.
  enum Obstacle {
    case gate(LockID)
    case spawnJoinOrder(first: EvidenceStore.Record, second: EvidenceStore.Record)
  }

  let evidence: EvidenceStore
  let forkJoin: ForkJoinOrder
  /// The locks that are held around the lives of threads, by owner.
  let lifeGuards: [ThreadLife: [LifeGuard]]
  /// How a running program's witness was made where nobody else could reach one of its locks; `nil`
  /// if others could.
  var privacy: (Candidate) -> String?
  private let table: LockTable
  private let hasUpgrades: Bool

  init(
    _ record: OrderRecord, privacy: @escaping (Candidate) -> String? = { _ in nil }
  ) {
    evidence = record.evidence
    forkJoin = record.forkJoin
    lifeGuards = record.lifeGuards
    table = record.table
    hasUpgrades = evidence.held.contains { $0.mode == .upgradable }
    self.privacy = privacy
  }

  /// How many pairs of witnesses one search may compare.
  private static let work = 200_000
  /// How many epochs of the fork/join order one search may look at.
  private static let steps = 2_000_000

  func candidates(of dependency: LockOrderGraph.Dependency) -> [Candidate] {
    evidence.entries(of: dependency).map { entry in
      Candidate(entry: entry, record: evidence.records[Int(entry.record)])
    }
  }

  /// - Parameter isBounded: whether an edge had more witnesses than were kept.
  /// - Parameter isThreadBounded: whether there were more threads that did the same as those that
  ///   are kept.
  func grade(_ edges: [[Candidate]], isBounded: Bool, isThreadBounded: Bool) -> Grade {
    guard !edges.contains(where: { $0.contains(where: \.isStated) }) else {
      return gradeStated(edges, isBounded: isBounded, isThreadBounded: isThreadBounded)
    }
    return gradeSeen(edges, isBounded: isBounded, isThreadBounded: isThreadBounded)
  }

  /// The grade where every witness was at an event.
  func gradeSeen(_ edges: [[Candidate]], isBounded: Bool, isThreadBounded: Bool) -> Grade {
    if let grade = gradeFeasible(edges) { return grade }
    let free = combination(edges, Demands(nothingStructural: true))
    if let chosen = free.chosen {
      let (reason, better) = reasonForOrdering(edges)
      return Grade(confidence: .ordering, reason: reason, chosen: better ?? chosen)
    }
    let any = combination(edges, Demands())
    let kept =
      combination(edges, Demands(differentThreads: true, sameInstances: true)).chosen
      ?? combination(edges, Demands(differentThreads: true)).chosen ?? any.chosen
    if any.chosen == nil, any.isComplete, !isBounded {
      return Grade(confidence: .excluded, reason: nil, chosen: edges.map { _ in 0 }, isVoid: true)
    }
    let chosen = kept ?? edges.map { _ in 0 }
    // Threads that are not kept hold the same gates, but spawn and join may order them otherwise.
    let isOpen =
      isThreadBounded && forkJoin.hasOrder
      && combination(edges, Demands(nothingStructural: true, gatesAlone: true)).chosen != nil
    guard !isBounded, !isOpen, free.isComplete, kept != nil else {
      return Grade(
        confidence: .ordering,
        reason: .moreCombinations, chosen: chosen)
    }
    return Grade(confidence: .excluded, reason: reasonForExclusion(edges, chosen), chosen: chosen)
  }

  /// The grade where different threads did it on the same locks and nothing keeps them apart.
  private func gradeFeasible(_ edges: [[Candidate]]) -> Grade? {
    var demands = Demands(differentThreads: true, sameInstances: true, nothingStructural: true)
    demands.writersSeen = true
    var weakened: Grade?
    while let chosen = combination(edges, demands).chosen {
      var isFeasible = true
      for (side, number) in chosen.enumerated() {
        guard let reason = reasonForPrivacy(edges[side][number]) else { continue }
        isFeasible = false
        demands.without.insert(Choice(side: side, number: number))
        weakened = weakened ?? Grade(confidence: .ordering, reason: reason, chosen: chosen)
      }
      guard isFeasible else { continue }
      let isWhole = zip(edges, chosen).allSatisfy { !$0[$1].record.options.contains(.excerpt) }
      return Grade(
        confidence: .feasible, reason: isWhole ? nil : .unknownGates, chosen: chosen)
    }
    return weakened ?? gradeUnwritten(edges, demands)
  }

  /// The grade where nothing but a writer that nobody saw is missing.
  private func gradeUnwritten(_ edges: [[Candidate]], _ demands: Demands) -> Grade? {
    guard edges.contains(where: { $0.contains { !$0.held.mode.isExclusive } }) else { return nil }
    var demands = demands
    demands.writersSeen = false
    guard let chosen = combination(edges, demands).chosen else { return nil }
    let picked = zip(edges, chosen).map { $0[$1] }
    let unwritten = picked.indices.first {
      lacksWriter(picked[$0], picked[($0 + 1) % picked.count])
    }
    return unwritten.map {
      Grade(
        confidence: .ordering, reason: .needsWriter(picked[$0].record.wanted), chosen: chosen)
    }
  }

  /// Whether the one waits for the next only behind a writer that waits, and nobody was seen to
  /// write.
  private func lacksWriter(_ one: Candidate, _ next: Candidate) -> Bool {
    !one.record.wantedMode.waits(for: next.held.mode) && !table.isWritten(one.record.wanted)
  }

  /// Whether the one may wait for the next at all: who upgrades keeps writers out, and waits for
  /// readers alone.
  private func mayWait(_ one: Candidate, for next: Candidate) -> Bool {
    guard hasUpgrades, one.record.wantedMode == .write, !next.held.mode.isRead else { return true }
    return !evidence.heldRecords(one.record).contains {
      $0.lock == one.record.wanted && $0.mode == .upgradable
    }
  }

  /// Why a witness is no side of a deadlock for sure: nobody else could reach one of its locks, or
  /// nobody knows whose it is.
  private func reasonForPrivacy(_ candidate: Candidate) -> GradeReason? {
    if candidate.record.options.contains(.anonymous) { return .unknownThread(candidate.record) }
    let manner =
      candidate.record.options.contains(.exclusive)
      ? "is made exclusively" : privacy(candidate)
    return manner.map { .madePrivately(candidate.record, manner: $0) }
  }

  private func reasonForOrdering(_ edges: [[Candidate]]) -> (GradeReason, [Int]?) {
    if let chosen = combination(
      edges, Demands(differentThreads: true, nothingStructural: true)
    ).chosen {
      let picked = zip(edges, chosen).map { $0[$1] }
      return (areFromDifferentInputs(picked) ? .differentInputs : .differentInstances, chosen)
    }
    if let chosen = combination(
      edges, Demands(sameInstances: true, nothingStructural: true)
    ).chosen {
      let threads = Set(zip(edges, chosen).map { $0[$1].record.owner })
      return (threads.count == 1 ? .oneThread : .tooFewThreads, chosen)
    }
    return (.neverTogether, nil)
  }

  /// Whether nothing but their inputs tells the locks of a circle apart where its sides meet.
  private func areFromDifferentInputs(_ circle: [Candidate]) -> Bool {
    var differ = false
    for (side, candidate) in circle.enumerated() {
      let (wanted, held) = (candidate.record.wanted, circle[(side + 1) % circle.count].held.lock)
      if wanted == held { continue }
      let (one, other) = (table.locks[wanted.index], table.locks[held.index])
      guard one.input != other.input, one.lockClass == other.lockClass,
        table.name(of: wanted) == table.name(of: held)
      else { return false }
      differ = true
    }
    return differ
  }

  private func reasonForExclusion(
    _ edges: [[Candidate]], _ chosen: [Int]
  ) -> GradeReason {
    let picked = zip(edges, chosen).map { $0[$1] }
    var steps = Self.steps
    for (number, one) in picked.enumerated() {
      for other in picked[..<number] {
        switch obstacle(other, one, steps: &steps) {
        case .gate(let lock): return .gate(lock)
        case .spawnJoinOrder(let first, let second):
          return .spawnJoinOrder(first: first, second: second)
        case nil: continue
        }
      }
    }
    return .keptFromHappening
  }

  func obstacle(_ one: Candidate, _ other: Candidate, steps: inout Int) -> Obstacle? {
    for mine in around(one) {
      for theirs in around(other) where mine.excludes(theirs) {
        return .gate(mine.lock)
      }
    }
    if let lock = lifeGuard(one, other) ?? lifeGuard(other, one) { return .gate(lock) }
    return spawnJoinOrder(one, other, steps: &steps)
  }

  /// The lock that guards the life of the one's thread and is held by the other, or guards the
  /// other's life for another holder.
  private func lifeGuard(_ one: Candidate, _ other: Candidate) -> LockID? {
    guard let guards = lifeGuards[one.record.owner] else { return nil }
    let theirs = lifeGuards[other.record.owner] ?? []
    return guards.first { own in
      theirs.contains { $0.lock == own.lock && $0.holder != own.holder }
        || other.record.owner != own.holder
          && !theirs.contains { $0.lock == own.lock }
          && evidence.heldRecords(other.record).contains { $0.lock == own.lock }
    }?.lock
  }

  private func spawnJoinOrder(
    _ one: Candidate, _ other: Candidate, steps: inout Int
  ) -> Obstacle? {
    guard one.record.owner != other.record.owner else { return nil }
    if forkJoin.isBefore(one.record.epoch, other.record.epoch, steps: &steps) {
      return .spawnJoinOrder(first: one.record, second: other.record)
    }
    if forkJoin.isBefore(other.record.epoch, one.record.epoch, steps: &steps) {
      return .spawnJoinOrder(first: other.record, second: one.record)
    }
    return nil
  }

  /// A combination that meets the demands, if possible one that nobody in it can resolve by giving
  /// up [22], and whether the search looked at all there are.
  private func combination(
    _ edges: [[Candidate]], _ demands: Demands
  ) -> (chosen: [Int]?, isComplete: Bool) {
    let canGiveUp = edges.contains { edge in
      edge.contains { !$0.record.waysOut.isEmpty }
    }
    if canGiveUp {
      var strict = demands
      strict.nobodyGivesUp = true
      let lasting = search(edges, strict)
      if lasting.chosen != nil { return lasting }
    }
    return search(edges, demands)
  }

  /// A combination that meets the demands, and whether the search looked at all there are.
  ///
  /// Gates are looked up among the locks of what is chosen, so a cycle of ten thousand locks costs
  /// as many look-ups; spawn and join order is asked pair by pair.
  ///
  /// - Complexity: depth-first with pruning, bounded by `work` comparisons.
  private func search(
    _ edges: [[Candidate]], _ demands: Demands
  ) -> (chosen: [Int]?, isComplete: Bool) {
    var work = Self.work
    var steps = Self.steps
    var chosen = [Int](repeating: -1, count: edges.count)
    var threads = ChosenThreads()
    var gates = ChosenLocks()
    let comparesPairs =
      demands.nothingStructural
      && (!demands.gatesAlone && forkJoin.hasOrder || !lifeGuards.isEmpty)
    var edge = 0
    while edge >= 0, edge < edges.count {
      if chosen[edge] >= 0 {
        if demands.differentThreads { threads.removeLast() }
        if demands.nothingStructural { gates.removeLast() }
      }
      var isFound = false
      var next = chosen[edge] + 1
      while next < edges[edge].count {
        let candidate = edges[edge][next]
        work -= 1 + (comparesPairs ? edge : 0)
        guard work > 0, steps > 0 else { return (nil, false) }
        if !(demands.differentThreads && threads.contains(candidate.record.owner)),
          joins(candidate, at: edge, edges, chosen, demands),
          !demands.without.contains(Choice(side: edge, number: next)),
          !demands.nothingStructural || !gates.excludes(gateRecords(candidate, demands)),
          !comparesPairs
            || !isOrdered(
              candidate, against: edges, chosen[..<edge], demands, steps: &steps)
        {
          isFound = true
          break
        }
        next += 1
      }
      if isFound {
        chosen[edge] = next
        let candidate = edges[edge][next]
        if demands.differentThreads { threads.append(candidate.record.owner) }
        if demands.nothingStructural { gates.append(gateRecords(candidate, demands)) }
        edge += 1
      } else {
        chosen[edge] = -1
        edge -= 1
      }
    }
    return (edge < 0 || steps <= 0 ? nil : chosen, steps > 0)
  }

  /// What is held around a request: all but the lock that is the cycle's own.
  private func around(_ candidate: Candidate) -> [EvidenceStore.HeldRecord] {
    evidence.heldRecords(candidate.record).filter {
      $0.position != candidate.entry.source.position
    }
  }

  /// The locks that count as gates. Two threads that hold one lock as their side of the cycle
  /// cannot hang together, but nothing is held around them.
  private func gateRecords(
    _ candidate: Candidate, _ demands: Demands
  ) -> [EvidenceStore.HeldRecord] {
    demands.sameInstances ? Array(evidence.heldRecords(candidate.record)) : around(candidate)
  }

  /// Whether a candidate goes with its neighbours on the cycle that are chosen.
  private func joins(
    _ candidate: Candidate, at edge: Int, _ edges: [[Candidate]], _ chosen: [Int],
    _ demands: Demands
  ) -> Bool {
    if demands.nobodyGivesUp, !candidate.record.waysOut.isEmpty {
      return false
    }
    if edge > 0, !joins(edges[edge - 1][chosen[edge - 1]], candidate, demands) { return false }
    guard edge == edges.count - 1 else { return true }
    return joins(candidate, edge == 0 ? candidate : edges[0][chosen[0]], demands)
  }

  private func isOrdered(
    _ candidate: Candidate, against edges: [[Candidate]], _ chosen: ArraySlice<Int>,
    _ demands: Demands, steps: inout Int
  ) -> Bool {
    for earlier in chosen.indices {
      let other = edges[earlier][chosen[earlier]]
      if lifeGuard(candidate, other) ?? lifeGuard(other, candidate) != nil { return true }
      if !demands.gatesAlone, spawnJoinOrder(other, candidate, steps: &steps) != nil { return true }
    }
    return false
  }

  private func joins(_ one: Candidate, _ next: Candidate, _ demands: Demands) -> Bool {
    guard one.entry.kind.mayPrecede(next.entry.kind), mayWait(one, for: next) else { return false }
    if demands.writersSeen, lacksWriter(one, next) { return false }
    return !demands.sameInstances || one.record.wanted == next.held.lock
  }
}

extension CycleGrading {
  /// A cycle of one class: the same instance twice, or a cycle of its instances among the
  /// witnesses.
  func gradeSelf(_ candidates: [Candidate], isBounded: Bool) -> Grade {
    let same = candidates.indices.filter {
      candidates[$0].record.wanted == candidates[$0].held.lock && candidates[$0].entry.kind != .sr
    }
    let sure = same.filter { !lacksWriter(candidates[$0], candidates[$0]) }
    // One that nobody can resolve by giving up, if there is one [22].
    let lasting = sure.first { candidates[$0].record.waysOut.isEmpty }
    if let same = lasting ?? sure.first {
      return Grade(confidence: .feasible, reason: nil, chosen: [same])
    }
    var without: Set<Int> = []
    var weakened: Grade?
    while let chosen = instanceCycle(candidates, isFree: true, without: without) {
      let count = without.count
      for number in chosen {
        guard let reason = reasonForPrivacy(candidates[number]) else { continue }
        without.insert(number)
        weakened = weakened ?? Grade(confidence: .ordering, reason: reason, chosen: chosen)
      }
      if without.count == count {
        return Grade(confidence: .feasible, reason: nil, chosen: chosen)
      }
    }
    if let weakened { return weakened }
    if let chosen = same.first.map({ [$0] })
      ?? instanceCycle(candidates, isFree: true, writersSeen: false)
    {
      let picked = chosen.map { candidates[$0] }
      let unwritten = picked.indices.first {
        lacksWriter(picked[$0], picked[($0 + 1) % picked.count])
      }
      return Grade(
        confidence: .ordering, reason: .needsWriter(picked[unwritten ?? 0].record.wanted),
        chosen: chosen)
    }
    if !isBounded, let chosen = instanceCycle(candidates, isFree: false, writersSeen: false) {
      return Grade(
        confidence: .excluded,
        reason: reasonForExclusion(Array(repeating: candidates, count: chosen.count), chosen),
        chosen: chosen)
    }
    return Grade(
      confidence: .ordering, reason: .nestedOneWay,
      chosen: [candidates.firstIndex { $0.entry.kind != .sr } ?? 0])
  }

  /// Witnesses whose instances form a cycle, in different threads; free ones have nothing between
  /// them.
  private func instanceCycle(
    _ candidates: [Candidate], isFree: Bool, writersSeen: Bool = true, without: Set<Int> = []
  ) -> [Int]? {
    var work = Self.work
    var steps = Self.steps

    func extend(_ path: [Int]) -> [Int]? {
      let last = candidates[path[path.count - 1]]
      for next in candidates.indices
      where (next > path[0] || next == path[0]) && !without.contains(next) {
        work -= path.count
        guard work > 0, steps > 0 else { return nil }
        guard last.record.wanted == candidates[next].held.lock,
          last.entry.kind.mayPrecede(candidates[next].entry.kind),
          mayWait(last, for: candidates[next]),
          !writersSeen || !lacksWriter(last, candidates[next])
        else { continue }
        if next == path[0] { return path.count > 1 ? path : nil }
        let fits = path.allSatisfy { earlier in
          candidates[earlier].record.owner != candidates[next].record.owner
            && (!isFree || obstacle(candidates[earlier], candidates[next], steps: &steps) == nil)
        }
        if fits, let cycle = extend(path + [next]) { return cycle }
      }
      return nil
    }
    for start in candidates.indices where !without.contains(start) {
      if let cycle = extend([start]) { return cycle }
    }
    return nil
  }
}
