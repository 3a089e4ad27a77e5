/// The cycles of a record's orders, as findings [semantics 4, 7, 20 to 24].
struct InversionReport {
  /// How many inversions are looked at where many can be one finding.
  static let foldedLimit = 1 << 16

  private(set) var findings: [Finding] = []
  /// Those that the end of a thread closes.
  private(set) var joined: [Finding] = []
  private(set) var rest = InversionSearch.Rest()
  /// What locks have, to tell it from what derived classes have.
  private(set) var derivedCycles = DerivedCycles()
  /// What the events of the one input say, if it was asked for.
  private(set) var verdicts: CycleVerdicts?

  /// - Parameters:
  ///   - limit: how many findings there are at most.
  ///   - predict: what the events say of cycles, if they are asked.
  ///   - keepsVerdicts: whether that is wanted beside the findings, of a record of one input.
  init(
    _ record: OrderRecord, order: CanonicalOrder, resolver: EvidenceResolver, limit: Int,
    isFolded: Bool, predict: CyclePredictor?, keepsVerdicts: Bool = false,
    privacy: @escaping (CycleGrading.Candidate) -> String?
  ) {
    let search = InversionSearch(record, order: order, privacy: privacy)
    var asked = AskedInversions(record.graph, predict)
    if keepsVerdicts { verdicts = CycleVerdicts() }
    var locks: [UInt32: ClassLocks] = [:]
    for inversion in record.joinInversions.inversions {
      let input = inversion.input
      let ofInput = locks[input] ?? ClassLocks(record.table, input: input)
      locks[input] = ofInput
      asked.add(inversion, as: resolver.finding(inversion), ofInput)
    }
    let joinedCount = record.joinInversions.inversions.count
    guard isFolded else {
      rest = search.run(limit: limit) { inversion in
        asked.add(
          inversion, as: Self.finding(inversion, record.graph, resolver), tellsPlaces: false)
      }
      let answered = asked.answered(keeping: &verdicts)
      joined = Array(answered.prefix(joinedCount))
      findings = Array(answered.dropFirst(joinedCount))
      return
    }
    let places = WitnessPlaces(resolver)
    let hasDerivedClasses = record.table.hasDerivedClasses
    var folds = FindingFolds()
    rest = search.run(limit: max(limit, Self.foldedLimit)) { inversion in
      if hasDerivedClasses { derivedCycles.note(inversion, record) }
      let isStated = inversion.sides.allSatisfy { side in
        let dependency = record.graph[side.dependency]
        return record.table.origin(of: dependency.from) == .stated
          && record.table.origin(of: dependency.to) == .stated
      }
      let parts = isStated ? [inversion] : search.parts(of: inversion, by: places.number)
      for part in parts {
        asked.add(
          part, as: Self.finding(part, record.graph, resolver), tellsPlaces: parts.count > 1)
      }
    }
    let answered = asked.answered(keeping: &verdicts)
    joined = Array(answered.prefix(joinedCount))
    for finding in answered.dropFirst(joinedCount) { folds.add(finding) }
    findings = Array(folds.findings.prefix(max(0, limit)))
    rest.omitted += folds.findings.count - findings.count
  }

  private static func finding(
    _ inversion: Inversion, _ graph: LockOrderGraph, _ resolver: EvidenceResolver
  ) -> Finding {
    let edges = inversion.sides.map { side in
      FindingEdge(
        graph[side.dependency], decidingKind: side.decidingKind, witnesses: side.witnesses, resolver
      )
    }
    let reason = inversion.reason.map(resolver.text)
    switch inversion.shape {
    case .nesting:
      let side = inversion.sides[0]
      let chosen = side.candidates[side.chosen[0]]
      return .recursiveAcquisition(
        edges[0], ofOneLock: chosen.record.wanted == chosen.held.lock,
        confidence: inversion.confidence, reason: reason)
    case .classes:
      guard Set(edges.map(\.from)).count == edges.count else {
        return .instanceInversion(
          edges, confidence: inversion.confidence, reason: reason, areClassesDerived: true)
      }
      return .inversion(edges, confidence: inversion.confidence, reason: reason)
    case .locks:
      return .instanceInversion(edges, confidence: inversion.confidence, reason: reason)
    }
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
