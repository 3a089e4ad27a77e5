/// From what the validator kept to what is reported.

extension Validator {
  /// - Parameter keepsOneWitness: of each dependency of the graph, the first.
  consuming func analysis(
    of inputs: [Analysis.Input], inversionLimit: Int, keepsOneWitness: Bool = false
  ) -> Analysis {
    settle()
    var inputs = inputs
    if !graphs.isEmpty {
      let content = takeGraphs()
      let firstInput = UInt32(inputs.count)
      inputs += content.analysisInputs()
      load(content, firstInput: firstInput)
    }
    addStatedMarks()
    return presentAnalysis(
      of: inputs, inversionLimit: inversionLimit, keepsOneWitness: keepsOneWitness)
  }

  /// Everything that events said is where it belongs.
  mutating func settle() {
    foldChainCounts()
    chains.removeAll()
    endInput()
    applyLateClasses()
  }

  /// How many threads did something or were mentioned.
  var mentionedThreads: Int { threads.reduce(0) { $0 + ($1.isMentioned ? 1 : 0) } }
  /// How many locks were used.
  var countedLocks: Int { table.locks.reduce(0) { $0 + ($1.isCounted ? 1 : 0) } }

  /// What is known now, while more may come.
  func presentAnalysis(
    of inputs: [Analysis.Input], inversionLimit: Int, keepsOneWitness: Bool = false,
    privacy: @escaping (CycleGrading.Candidate) -> String? = { _ in nil }
  ) -> Analysis {
    let order = CanonicalOrder(table: table, graph: graph)
    var resolver = resolver(of: inputs)
    let found = findings(order, resolver, of: inputs, limit: inversionLimit, privacy: privacy)
    // The graph is asked for few of its witnesses, and none twice.
    resolver.memo = nil
    var graph = graph
    if keepsOneWitness { resolver = resolver.keepingFirstWitnesses(of: &graph) }
    let snapshot = order.snapshot(
      table: table, graph: graph, marks: contextMarks, resolver: resolver)
    let summary = Analysis.Summary(
      events: inputs.reduce(0) { $0 + $1.events },
      threads: mentionedThreads &+ carried.threads,
      locks: countedLocks &+ carried.locks,
      classes: snapshot.classes.count,
      dependencies: snapshot.dependencies.count,
      omittedFindings: found.omitted, uncoveredDependencies: found.uncoveredDependencies)
    var inputs = inputs
    if !inputs.isEmpty { inputs[inputs.count - 1].warnings += found.warnings }
    return Analysis(inputs: inputs, summary: summary, findings: found.findings, graph: snapshot)
  }

  /// The findings alone, for a program that runs and asks often.
  ///
  /// - Complexity: as an analysis, without a copy of the graph.
  func findings(
    of inputs: [Analysis.Input], inversionLimit: Int,
    privacy: @escaping (CycleGrading.Candidate) -> String? = { _ in nil }
  ) -> [Finding] {
    let order = CanonicalOrder(table: table, graph: graph)
    return findings(
      order, resolver(of: inputs), of: inputs, limit: inversionLimit, privacy: privacy
    ).findings
  }

  private func resolver(of inputs: [Analysis.Input]) -> EvidenceResolver {
    let names = threadNames
    return EvidenceResolver(
      table: table, threadNames: threads.map { names.string($0.name) },
      inputNames: inputs.map(\.name), evidence: evidence, memo: ResolvedTexts())
  }
}

/// Findings, and how much there is beside them.
private struct FoundReports {
  var findings: [Finding]
  var omitted: Int
  var uncoveredDependencies: Int
  var warnings: [String]
}

extension Validator {
  private func findings(
    _ order: CanonicalOrder, _ resolver: EvidenceResolver, of inputs: [Analysis.Input],
    limit: Int, privacy: @escaping (CycleGrading.Candidate) -> String?
  ) -> FoundReports {
    let stated = StatedOrders(evidence: evidence, ambiguous: imports.ambiguousClasses)
    let report = InversionReport(
      graph: graph, forkJoin: forkJoin, lifeGuards: lifeGuards, order: order, resolver: resolver,
      stated: stated, limit: limit, privacy: privacy)
    let contexts = ContextReport(
      graph: graph, order: order, resolver: resolver,
      evidence: ContextEvidence(
        marks: contextMarks, stated: imports.marks, orders: stated),
      limit: limit)
    let violations = violations.violations.map { resolver.finding($0) }
    let observed = deadlocks.deadlocks.filter { $0.count > 0 }.map { resolver.finding($0) }
    let found = (observed + report.findings + contexts.findings + violations)
      .including(imports.reports, of: inputs)
    var warnings = boundWarnings
    if contexts.isBounded {
      warnings.append("the orders are too many to search all of them for what interrupts can do")
    }
    if report.isBounded {
      warnings.append(
        "the locks are too many to search all of them for what the order of classes hides")
    }
    return FoundReports(
      findings: found.sorted(by: Finding.precedes),
      omitted: report.omitted + contexts.omitted + Int(clamping: deadlocks.omitted)
        + carried.omitted,
      uncoveredDependencies: report.uncoveredDependencies, warnings: warnings)
  }
}

extension Validator {
  /// What was left out because there was too much of it.
  private var boundWarnings: [String] {
    var warnings: [String] = []
    if isDepthBounded {
      warnings.append(
        "a thread holds more than \(Self.deepestStack) locks; orders after older ones are left out")
    }
    if instanceOrders.isBounded { warnings.append(InstanceOrders.warning) }
    if graph.isBounded || carried.isBounded {
      warnings.append(
        "there are more than \(LockOrderGraph.limit) dependencies; the rest is left out")
    }
    return warnings
  }
}

extension Finding {
  /// Worse first, then by rule, surer first, then by classes: an order that the events' order does not touch.
  static func precedes(_ one: Finding, _ other: Finding) -> Bool {
    if one.severity != other.severity { return one.severity.rank < other.severity.rank }
    if one.rule != other.rule { return one.rule < other.rule }
    let (sure, otherSure) = (one.confidence ?? .observed, other.confidence ?? .observed)
    if sure != otherSure { return sure < otherSure }
    if one.classes.count != other.classes.count { return one.classes.count < other.classes.count }
    if one.classes != other.classes {
      return one.classes.lexicographicallyPrecedes(other.classes)
    }
    return one.fingerprint < other.fingerprint
  }
}
