// What follows from dependencies that inputs state: another validator has them in its order, and of
// the threads, the instances and what else was held nothing is known.

extension CycleGrading.Candidate {
  /// Nobody was there: an input states it.
  var isStated: Bool { record.statement != nil }
}

/// What tells that a cycle through stated dependencies is none.
struct StatedOrders {
  let evidence: EvidenceStore
  /// Classes of which other inputs know the name alone, which several classes share.
  let ambiguous: Set<LockClassID>

  init(_ record: OrderRecord) {
    evidence = record.evidence
    ambiguous = record.imports.ambiguousClasses
  }

  /// Whether another validator had all of a cycle before it and let it pass, so that its kinds,
  /// which are not told, cannot be such that it deadlocks; or whether its parts only seem to meet.
  /// Where events saw every dependency of it, they decide.
  func refute(_ cycle: [LockOrderGraph.Dependency]) -> Bool {
    guard cycle.contains(where: { $0.basis != .events }) else { return false }
    if cycle.contains(where: { ambiguous.contains($0.from) }) { return true }
    var inputs = evidence.acceptingInputs(cycle[0])
    for dependency in cycle.dropFirst() where !inputs.isEmpty {
      inputs.formIntersection(evidence.acceptingInputs(dependency))
    }
    return !inputs.isEmpty
  }
}

extension EvidenceStore {
  /// The inputs whose validator has a dependency in its order.
  func acceptingInputs(_ dependency: LockOrderGraph.Dependency) -> Set<UInt32> {
    guard dependency.statementCount > 0 else { return [] }
    return Set(
      entries(of: dependency).map { records[Int($0.record)] }
        .filter { $0.statement == .statedOrder }.map(\.input))
  }
}

extension CycleGrading {
  /// The grade of a cycle with stated witnesses: no combination with them is known to be possible,
  /// and none to be kept from happening.
  func gradeStated(
    _ edges: [[Candidate]], isBounded: Bool, isThreadBounded: Bool
  ) -> Grade {
    let seen = edges.map { edge in edge.filter { !$0.isStated } }
    if let unseen = seen.firstIndex(where: \.isEmpty) {
      let candidate = edges[unseen][0]
      return Grade(
        confidence: .ordering,
        reason: .nothingKnown(from: candidate.held.lock, to: candidate.record.wanted),
        chosen: edges.map { _ in 0 })
    }
    var grade = gradeSeen(seen, isBounded: isBounded, isThreadBounded: isThreadBounded)
    if grade.confidence == .excluded,
      let stated = edges.lazy.compactMap({ $0.first(where: \.isStated) }).first
    {
      grade.confidence = .ordering
      grade.reason = .statedToo(from: stated.held.lock, to: stated.record.wanted)
    }
    return grade
  }
}
