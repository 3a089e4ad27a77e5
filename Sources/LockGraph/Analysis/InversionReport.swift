/// The cycles of a graph's orders, as findings [semantics 4, 7, 20 to 24].
struct InversionReport {
  private(set) var findings: [Finding] = []
  /// Cycles beyond the limit.
  private(set) var omitted = 0
  private(set) var uncoveredDependencies = 0
  /// There were more cycles of locks than are looked at for what the order of classes hides.
  private(set) var isBounded = false
  /// The witnesses by which deadlocks are feasible or hidden cycles are there; others can stand in for all others.
  private(set) var decidingWitnesses: [DependencyID: [EvidenceStore.Entry]] = [:]

  private let graph: LockOrderGraph
  private let order: CanonicalOrder
  private let resolver: EvidenceResolver
  private let grading: CycleGrading
  /// Nobody reads the findings.
  private let isForEvidenceAlone: Bool

  /// The witnesses by which deadlocks are feasible or hidden cycles are there, without a report of them.
  ///
  /// - Complexity: that of the searches of a report.
  static func decidingWitnesses(
    of graph: LockOrderGraph, evidence: EvidenceStore, table: LockTable, forkJoin: ForkJoinOrder,
    lifeGuards: [UInt64: [LifeGuard]], ambiguous: Set<LockClassID>, limit: Int
  ) -> [DependencyID: [EvidenceStore.Entry]] {
    InversionReport(
      graph: graph, forkJoin: forkJoin, lifeGuards: lifeGuards,
      order: CanonicalOrder(table: table, graph: graph, ofDependenciesAlone: true),
      resolver: EvidenceResolver(
        table: table, threadNames: [], inputNames: [], evidence: evidence),
      stated: StatedOrders(evidence: evidence, ambiguous: ambiguous), limit: limit,
      isForEvidenceAlone: true
    ).decidingWitnesses
  }

  init(
    graph: LockOrderGraph, forkJoin: ForkJoinOrder, lifeGuards: [UInt64: [LifeGuard]],
    order: CanonicalOrder,
    resolver: EvidenceResolver, stated: StatedOrders, limit: Int, isForEvidenceAlone: Bool = false,
    privacy: @escaping (CycleGrading.Candidate) -> String? = { _ in nil }
  ) {
    self.isForEvidenceAlone = isForEvidenceAlone
    self.graph = graph
    self.order = order
    self.resolver = resolver
    grading = CycleGrading(
      evidence: resolver.evidence, forkJoin: forkJoin, lifeGuards: lifeGuards,
      lockName: { isForEvidenceAlone ? "" : resolver.describe($0) },
      recordName: { isForEvidenceAlone ? "" : resolver.describe($0) }, privacy: privacy)
    let limit = max(0, limit)
    var loops: [(id: DependencyID, candidates: [CycleGrading.Candidate])] = []
    for loop in order.loops {
      var candidates = grading.candidates(of: graph[loop])
      if resolver.table.nestsByInstance(graph[loop].from) {
        // One lock twice; two of them are judged with all cycles of locks below.
        candidates.removeAll { $0.held.lock != $0.record.wanted || $0.entry.kind == .sr }
        if candidates.isEmpty { continue }
      }
      loops.append((loop, candidates))
    }
    for loop in loops.prefix(limit) { add(selfFinding(loop.id, loop.candidates)) }
    var search = StrongCycleSearch(
      classCount: order.classes.count, edges: order.dependencies.map(\.edge),
      limit: max(0, limit - findings.count))
    let cover = search.cover()
    for cycle in cover.cycles {
      let ids = cycle.edges.map { order.dependencies[$0].id }
      if !stated.refute(ids.map { graph[$0] }) { add(finding(ids)) }
    }
    let hidden = InstanceInversions(
      graph: graph, table: resolver.table, grading: grading, limit: max(0, limit - findings.count))
    for cycle in hidden.cycles { add(finding(cycle)) }
    isBounded = hidden.isBounded
    omitted = cover.omittedCycles + max(0, loops.count - limit) + hidden.omitted
    uncoveredDependencies = cover.uncoveredEdges
  }

  private mutating func add(_ finding: Finding?) {
    if let finding { findings.append(finding) }
  }

  private mutating func finding(_ ids: [DependencyID]) -> Finding? {
    let deciding = decidingKinds(ids.map { graph[$0].kinds })
    let candidates = ids.map { grading.candidates(of: graph[$0]) }
    let isBounded = ids.contains { graph[$0].isEvidenceBounded }
    let grade = grading.grade(
      candidates, isBounded: isBounded,
      isThreadBounded: ids.contains { graph[$0].isThreadBounded })
    if grade.confidence == .feasible {
      for (number, id) in ids.enumerated() {
        decidingWitnesses[id, default: []].append(candidates[number][grade.chosen[number]].entry)
      }
    }
    guard !isForEvidenceAlone else { return nil }
    let edges = ids.indices.map { number in
      edge(
        ids[number], decidingKind: deciding[number], candidates: candidates[number],
        first: grade.chosen[number])
    }
    return .inversion(edges, confidence: grade.confidence, reason: grade.reason)
  }

  /// A cycle of locks that the order of classes hides.
  private mutating func finding(_ cycle: InstanceInversions.Hidden) -> Finding? {
    let ids = cycle.dependencies
    // The surest of those that pass the same classes, in whichever input it is.
    let graded = cycle.occurrences.map { candidates in
      (
        candidates: candidates,
        grade: grading.grade(
          candidates, isBounded: ids.contains { graph[$0].isEvidenceBounded },
          isThreadBounded: ids.contains { graph[$0].isThreadBounded })
      )
    }
    let (candidates, grade) = graded.min { $0.grade.confidence < $1.grade.confidence }!
    for (number, id) in ids.enumerated() {
      decidingWitnesses[id, default: []].append(
        candidates[number][grade.chosen[number]].entry)
    }
    guard !isForEvidenceAlone else { return nil }
    let edges = ids.indices.map { number in
      let chosen = candidates[number][grade.chosen[number]]
      return FindingEdge(
        graph[ids[number]], decidingKind: cycle.kinds[number],
        witnesses: [chosen.entry]
          + candidates[number].indices.filter { $0 != grade.chosen[number] }.map {
            candidates[number][$0].entry
          }, resolver)
    }
    return .instanceInversion(edges, confidence: grade.confidence, reason: grade.reason)
  }

  private mutating func selfFinding(
    _ id: DependencyID, _ candidates: [CycleGrading.Candidate]
  ) -> Finding? {
    let dependency = graph[id]
    let grade = grading.gradeSelf(
      candidates.filter { !$0.isStated }, isBounded: dependency.isEvidenceBounded)
    if grade.confidence == .feasible {
      decidingWitnesses[id, default: []] += grade.chosen.map { candidates[$0].entry }
    }
    guard !isForEvidenceAlone else { return nil }
    let isOneLock =
      candidates[grade.chosen[0]].record.wanted == candidates[grade.chosen[0]].held.lock
    let kinds = DependencyKinds.all.first { dependency.kinds.contains($0) }!
    let chosen = edge(
      id, decidingKind: kinds, candidates: candidates, first: grade.chosen[0],
      then: Array(grade.chosen.dropFirst()))
    return .recursiveAcquisition(
      chosen, ofOneLock: isOneLock, confidence: grade.confidence, reason: grade.reason)
  }

  private func edge(
    _ id: DependencyID, decidingKind: DependencyKinds, candidates: [CycleGrading.Candidate],
    first: Int, then: [Int] = []
  ) -> FindingEdge {
    let preferred = [first] + then
    let rest = candidates.indices.filter { !preferred.contains($0) }
    return FindingEdge(
      graph[id], decidingKind: decidingKind,
      witnesses: (preferred + rest).map { candidates[$0].entry }, resolver)
  }

  /// The kinds by which a cycle is strong, the same whatever weaker kinds were seen beside them: going round,
  /// a kind that ends non-recursive before one that does not, then one that starts exclusive.
  private func decidingKinds(_ kinds: [DependencyKinds]) -> [DependencyKinds] {
    for start in DependencyKinds.all where kinds[0].contains(start) {
      var chosen = [start]
      for available in kinds.dropFirst() {
        guard
          let next = DependencyKinds.all.first(where: {
            available.contains($0) && chosen[chosen.count - 1].mayPrecede($0)
          })
        else { break }
        chosen.append(next)
      }
      guard chosen.count == kinds.count else { continue }
      if chosen[chosen.count - 1].mayPrecede(start) { return chosen }
    }
    return kinds.map { available in DependencyKinds.all.first { available.contains($0) }! }
  }
}

extension FindingEdge {
  init(
    _ dependency: LockOrderGraph.Dependency, decidingKind: DependencyKinds,
    witnesses: [EvidenceStore.Entry], _ resolver: EvidenceResolver
  ) {
    self.init(
      from: resolver.table.name(of: dependency.from), to: resolver.table.name(of: dependency.to),
      kinds: dependency.kinds, decidingKind: decidingKind, count: dependency.count,
      areKindsAssumed: dependency.areKindsAssumed, witnesses: witnesses.map(resolver.witness),
      hasMoreWitnesses: dependency.isEvidenceBounded || dependency.isThreadBounded)
  }

  /// With the first witness of a kind in front.
  init(
    _ dependency: LockOrderGraph.Dependency, decidingKind: DependencyKinds,
    chosenFirst kind: DependencyKinds, _ resolver: EvidenceResolver
  ) {
    let entries = resolver.evidence.entries(of: dependency)
    let first = entries.firstIndex { $0.kind == kind } ?? 0
    self.init(
      dependency, decidingKind: decidingKind,
      witnesses: [entries[first]] + entries.indices.filter { $0 != first }.map { entries[$0] },
      resolver)
  }
}
