/// The lock-order inversions of a record, as findings [semantics 4, 20 to 24].
struct InversionReport {
  private(set) var findings: [Finding] = []
  private(set) var rest = InversionSearch.Rest()

  init(
    _ record: OrderRecord, order: CanonicalOrder, resolver: EvidenceResolver, limit: Int,
    privacy: @escaping (CycleGrading.Candidate) -> String?
  ) {
    let search = InversionSearch(record, order: order, privacy: privacy)
    rest = search.run(limit: limit) {
      findings.append(Self.finding($0, record.graph, resolver))
    }
  }

  private static func finding(
    _ inversion: Inversion, _ graph: LockOrderGraph, _ resolver: EvidenceResolver
  ) -> Finding {
    let edges = inversion.sides.map { side in
      FindingEdge(
        graph[side.dependency], decidingKind: side.decidingKind, witnesses: side.witnesses, resolver
      )
    }
    let canGiveUp = edges.contains { edge in
      !edge.witnesses[0].options.isDisjoint(with: .canGiveUp)
    }
    let fingerprint = Fingerprint.inversion(edges)
    var finding = Finding(
      fingerprint: fingerprint.text, lineFreeFingerprint: fingerprint.lineFreeText,
      rule: .lockOrderInversion, severity: inversion.confidence.severity,
      confidence: inversion.confidence, confidenceReason: inversion.reason.map(resolver.text),
      recoverable: canGiveUp, title: title(inversion, edges),
      classes: classes(inversion.shape, edges), edges: edges, events: [],
      occurrences: max(1, edges.map(\.count).min() ?? 0))
    finding.isHiddenByNestingLevels =
      inversion.shape == .locks && !edges.contains { $0.from == $0.to }
    return finding
  }

  private static func classes(_ shape: Inversion.Shape, _ edges: [FindingEdge]) -> [String] {
    guard shape == .locks else { return edges.map(\.from) }
    var classes: [String] = []
    for edge in edges {
      for name in [edge.from, edge.to] where !classes.contains(name) { classes.append(name) }
    }
    return classes
  }

  private static func title(_ inversion: Inversion, _ edges: [FindingEdge]) -> String {
    switch inversion.shape {
    case .nesting:
      let side = inversion.sides[0]
      let chosen = side.candidates[side.chosen[0]]
      return title(
        ofNesting: edges[0].from, isSameLock: chosen.record.wanted == chosen.held.lock)
    case .classes: return title(of: edges.map(\.from))
    case .locks: return title(ofHidden: edges)
    }
  }

  private static func title(ofHidden edges: [FindingEdge]) -> String {
    let locks = edges.map { $0.witnesses[0].held.shownName }
    let reason = edges.contains { $0.from == $0.to } ? "" : ", which their nesting levels hide"
    return locks.count == 2
      ? "\(locks[0]) and \(locks[1]) are taken in both orders\(reason)"
      : "\(locks.count) locks are taken in a circle\(reason)"
  }

  static func title(of classes: [String]) -> String {
    switch classes.count {
    case 2: "\(classes[0]) and \(classes[1]) are taken in both orders"
    case 3...6: "\((classes + [classes[0]]).joined(separator: " -> ")) is a cycle of lock orders"
    default:
      "\(classes[0]) -> \(classes[1]) -> … -> \(classes[0]) is a cycle of \(classes.count) lock orders"
    }
  }

  static func title(ofNesting name: String, isSameLock: Bool) -> String {
    isSameLock
      ? "\(name) is taken again by a thread that already holds it"
      : "two locks of class \(name) are nested"
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
