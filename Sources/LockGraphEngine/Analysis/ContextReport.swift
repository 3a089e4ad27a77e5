/// What interrupts and signals can do to the orders of locks, as findings [semantics 12 to 14].
///
/// Judged when all events are in, from the marks and the whole graph.
struct ContextReport {
  private(set) var findings: [Finding] = []
  private(set) var omitted = 0
  private(set) var isBounded = false

  private let graph: LockOrderGraph
  private let marks: ContextMarkStore
  private let evidence: ContextEvidence
  private let order: CanonicalOrder
  private let resolver: EvidenceResolver

  init(
    _ record: OrderRecord, order: CanonicalOrder, resolver: EvidenceResolver, limit: Int
  ) {
    graph = record.graph
    marks = record.contextMarks
    evidence = ContextEvidence(record)
    self.order = order
    self.resolver = resolver
    for context in InterruptContext.allCases {
      // A context that nothing is used in interrupts nothing.
      guard order.classes.contains(where: { marks.marks(of: $0).isUsed(in: context) }) else {
        continue
      }
      for number in order.classes.indices {
        if let finding = inversion(of: number, context) { add(finding, limit) }
      }
      // Whatever is taken under a lock in an interrupt that cannot be masked is found by the first
      // rule.
      guard context != .nmi else { continue }
      var search = InterruptPathSearch(
        edges: order.dependencies.map(\.edge), uses: order.classes.map { use($0, context) })
      for path in search.paths() {
        guard findings.count < limit else {
          omitted += 1
          continue
        }
        if let finding = orderInversion(path, context) { add(finding, limit) }
      }
      isBounded = isBounded || search.isBounded
    }
  }

  private mutating func add(_ finding: Finding, _ limit: Int) {
    if findings.count < limit { findings.append(finding) } else { omitted += 1 }
  }

  private func use(
    _ lockClass: LockClassID, _ context: InterruptContext
  ) -> InterruptPathSearch.Use {
    let marks = marks.marks(of: lockClass)
    var use = InterruptPathSearch.Use()
    use.usedNonRecursively = marks.contains(.usedNonRecursively, context)
    use.usedRecursively = marks.contains(.usedRecursively, context)
    use.enabledExclusive = marks.contains(.enabledExclusive, context)
    use.enabledShared = marks.contains(.enabledShared, context)
    use.isSkipped = resolver.table.kind(of: lockClass) == .local
    return use
  }

  /// One class, used in the context and held where it can interrupt: every pair blocks but a shared
  /// hold and a recursive reader. A re-entrant lock does not block its own
  /// thread.
  private func inversion(of number: Int, _ context: InterruptContext) -> Finding? {
    let lockClass = order.classes[number]
    let marks = marks.marks(of: lockClass)
    guard resolver.table.kind(of: lockClass)?.isReentrant != true else { return nil }
    let pairs: [(ContextUse, ContextUse)] = [
      (.usedNonRecursively, .enabledExclusive), (.usedNonRecursively, .enabledShared),
      (.usedRecursively, .enabledExclusive),
    ]
    guard
      let (used, enabled) = pairs.first(where: {
        marks.contains($0.0, context) && marks.contains($0.1, context)
          && !evidence.refute([], used: ($0.0, lockClass), enabled: ($0.1, lockClass), in: context)
      })
    else { return nil }
    return .contextInversion(
      of: order.names[number], in: context, used: used, enabled: enabled,
      events: event(.usedIn, used, context, lockClass)
        + event(.enabled, enabled, context, lockClass))
  }

  private func orderInversion(
    _ path: InterruptPathSearch.Path, _ context: InterruptContext
  ) -> Finding? {
    let ids = path.edges.map { order.dependencies[$0].id }
    let first = graph[ids[0]].from
    let last = graph[ids[ids.count - 1]].to
    let (used, kinds, enabled) = decidingKinds(
      ids.map { graph[$0].kinds }, marks.marks(of: first), marks.marks(of: last), context)
    guard
      !evidence.refute(
        ids.map { graph[$0] }, used: (used, first), enabled: (enabled, last), in: context)
    else { return nil }
    let edges = zip(ids, kinds).map { id, kind in
      FindingEdge(graph[id], decidingKind: kind, chosenFirst: kind, resolver)
    }
    return .contextOrderInversion(
      edges, in: context, used: used, enabled: enabled,
      events: event(.usedIn, used, context, first) + event(.enabled, enabled, context, last))
  }

  /// The kinds by which the path is strong together with the interrupt, the strongest first.
  private func decidingKinds(
    _ kinds: [DependencyKinds], _ first: ContextMarks, _ last: ContextMarks,
    _ context: InterruptContext
  ) -> (used: ContextUse, kinds: [DependencyKinds], enabled: ContextUse) {
    let isNonRecursive = first.contains(.usedNonRecursively, context)
    var chosen: [DependencyKinds] = []
    for available in kinds {
      let before = chosen.last ?? (isNonRecursive ? .en : .er)
      chosen.append(
        DependencyKinds.all.first { available.contains($0) && before.mayPrecede($0) }
          ?? DependencyKinds.all.first { available.contains($0) }!)
    }
    let isExclusive = last.contains(.enabledExclusive, context)
    return (
      isNonRecursive ? .usedNonRecursively : .usedRecursively, chosen,
      isExclusive ? .enabledExclusive : .enabledShared
    )
  }

  /// The event that set a mark first, and the one that unmasked the context, where that was later.
  private func event(
    _ role: EventRole, _ use: ContextUse, _ context: InterruptContext, _ lockClass: LockClassID
  ) -> [FindingEvent] {
    guard let record = marks.record(use, context, of: lockClass) else { return [] }
    let (at, stack) = (resolver.place(record.place), resolver.stack(record.stack))
    let event = FindingEvent(
      role: role, thread: resolver.threadName(record.thread),
      lock: WitnessedLock(
        lock: resolver.table.name(of: record.lock), lockClass: resolver.table.name(of: lockClass),
        mode: record.mode, at: at, stack: stack, line: record.line,
        classOrigin: resolver.table.origin(of: lockClass)),
      at: at, stack: stack, input: resolver.inputNames[Int(record.input)], line: record.line)
    guard record.unmaskedLine > 0 else { return [event] }
    var unmasked = event
    unmasked.role = .unmasked
    (unmasked.at, unmasked.stack, unmasked.line) = (nil, [], record.unmaskedLine)
    return [event, unmasked]
  }
}
