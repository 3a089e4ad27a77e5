/// The potential deadlocks of a record: the cycles of its order, graded [semantics 4, 20 to 24].
struct InversionSearch {
  /// Beyond what was found.
  struct Rest {
    /// Cycles beyond the limit.
    var omitted = 0
    var uncoveredDependencies = 0
    /// There were more cycles of locks than are looked at for what the order of classes hides.
    var isBounded = false
  }

  private let record: OrderRecord
  private let order: CanonicalOrder
  private let stated: StatedOrders
  let grading: CycleGrading

  /// - Parameter privacy: how a witness was made where nobody else could reach one of its locks;
  ///   `nil` if others could.
  init(
    _ record: OrderRecord, order: CanonicalOrder,
    privacy: @escaping (CycleGrading.Candidate) -> String? = { _ in nil }
  ) {
    self.record = record
    self.order = order
    stated = StatedOrders(record)
    grading = CycleGrading(record, privacy: privacy)
  }

  /// The witnesses by which deadlocks are feasible or hidden cycles are there.
  ///
  /// - Parameter limit: how many potential deadlocks are looked at.
  /// - Complexity: that of the searches.
  static func decidingWitnesses(
    of record: OrderRecord, limit: Int
  ) -> [DependencyID: [EvidenceStore.Entry]] {
    let search = InversionSearch(
      record,
      order: CanonicalOrder(table: record.table, graph: record.graph, ofDependenciesAlone: true))
    var witnesses: [DependencyID: [EvidenceStore.Entry]] = [:]
    _ = search.run(limit: limit) { inversion in
      for (dependency, entry) in inversion.decidingWitnesses {
        witnesses[dependency, default: []].append(entry)
      }
    }
    return witnesses
  }

  /// Looks for inversions: first within classes, then cycles of classes, then what these hide.
  ///
  /// - Parameter found: takes each, in an order that the events' order does not touch.
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  func run(limit: Int, _ found: (Inversion) -> Void) -> Rest {
    var left = max(0, limit)
    var rest = Rest()
    for loop in order.loops {
      guard let candidates = nestingCandidates(of: loop) else { continue }
      if left > 0 { found(nesting(loop, candidates)) } else { rest.omitted += 1 }
      left = max(0, left - 1)
    }
    var search = StrongCycleSearch(
      classCount: order.classes.count, edges: order.dependencies.map(\.edge), limit: left)
    let cover = search.cover()
    for cycle in cover.cycles {
      let ids = cycle.edges.map { order.dependencies[$0].id }
      guard !stated.refute(ids.map { record.graph[$0] }) else { continue }
      guard let inversion = self.cycle(ids) else { continue }
      found(inversion)
      left -= 1
    }
    let hidden = InstanceInversions(
      graph: record.graph, table: record.table, grading: grading, limit: max(0, left))
    for cycle in hidden.cycles { if let inversion = self.cycle(of: cycle) { found(inversion) } }
    rest.isBounded = hidden.isBounded
    rest.omitted += cover.omittedCycles + hidden.omitted
    rest.uncoveredDependencies = cover.uncoveredEdges
    return rest
  }

  /// `nil` where a class is judged by instance and no lock of it is taken twice: cycles of its
  /// locks are found with all others that classes hide.
  private func nestingCandidates(of loop: DependencyID) -> [CycleGrading.Candidate]? {
    var candidates = grading.candidates(of: record.graph[loop])
    guard record.table.nestsByInstance(record.graph[loop].from) else { return candidates }
    candidates.removeAll { $0.held.lock != $0.record.wanted || $0.entry.kind == .sr }
    return candidates.isEmpty ? nil : candidates
  }

  func nesting(
    _ id: DependencyID, _ candidates: [CycleGrading.Candidate]
  ) -> Inversion {
    let dependency = record.graph[id]
    let grade = grading.gradeSelf(
      candidates.filter { !$0.isStated }, isBounded: dependency.isEvidenceBounded)
    let side = Inversion.Side(
      dependency: id,
      decidingKind: DependencyKinds.all.first { dependency.kinds.contains($0) }!,
      candidates: candidates, chosen: grade.chosen)
    return Inversion(
      shape: .nesting, sides: [side], confidence: grade.confidence, reason: grade.reason)
  }

  /// `nil` where no combination of witnesses blocks.
  private func cycle(_ ids: [DependencyID]) -> Inversion? {
    let candidates = ids.map { grading.candidates(of: record.graph[$0]) }
    let grade = self.grade(candidates, of: ids)
    guard !grade.isVoid else { return nil }
    let kinds = Self.decidingKinds(ids.map { record.graph[$0].kinds })
    let sides = ids.indices.map { number in
      Inversion.Side(
        dependency: ids[number], decidingKind: kinds[number], candidates: candidates[number],
        chosen: [grade.chosen[number]])
    }
    return Inversion(
      shape: .classes, sides: sides, confidence: grade.confidence, reason: grade.reason)
  }

  private func cycle(of hidden: InstanceInversions.Hidden) -> Inversion? {
    let ids = hidden.dependencies
    // The surest of those that pass the same classes, in whichever input it is.
    let graded = hidden.occurrences.map { (candidates: $0, grade: self.grade($0, of: ids)) }
    guard
      let (candidates, grade) = graded.filter({ !$0.grade.isVoid })
        .min(by: { $0.grade.confidence < $1.grade.confidence })
    else { return nil }
    let sides = ids.indices.map { number in
      Inversion.Side(
        dependency: ids[number], decidingKind: hidden.kinds[number],
        candidates: candidates[number], chosen: [grade.chosen[number]])
    }
    return Inversion(
      shape: .locks, sides: sides, confidence: grade.confidence, reason: grade.reason)
  }

  func grade(
    _ candidates: [[CycleGrading.Candidate]], of ids: [DependencyID]
  ) -> CycleGrading.Grade {
    grading.grade(
      candidates, isBounded: ids.contains { record.graph[$0].isEvidenceBounded },
      isThreadBounded: ids.contains { record.graph[$0].isThreadBounded })
  }

  /// The kinds by which a cycle is strong, the same whatever weaker kinds were seen beside them:
  /// going round, a kind that ends non-recursive before one that does not, then one that starts
  /// exclusive.
  static func decidingKinds(_ kinds: [DependencyKinds]) -> [DependencyKinds] {
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
