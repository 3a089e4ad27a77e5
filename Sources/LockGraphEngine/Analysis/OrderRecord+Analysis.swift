// From a record to what is reported.

extension OrderRecord {
  /// What is known of the order, and what follows from it.
  ///
  /// - Parameters:
  ///   - inputs: those that the record was learned from, by their numbers.
  ///   - keepsOneWitness: of each dependency of the graph, the first.
  ///   - isFolded: findings that differ in their locks alone are one.
  ///   - predict: what the events say of cycles, if they are asked.
  ///   - privacy: how a witness was made where nobody else could reach one of its locks; `nil` if
  ///     others could.
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  func analysis(
    of inputs: [TraceInput], inversionLimit: Int, keepsOneWitness: Bool = false,
    isFolded: Bool = true, predict: CyclePredictor? = nil,
    privacy: @escaping (CycleGrading.Candidate) -> String? = { _ in nil }
  ) -> Analysis {
    let order = CanonicalOrder(table: table, graph: graph)
    var resolver = EvidenceResolver(
      self, inputNames: inputs.map(\.name), memo: ResolvedTexts())
    let found = findings(
      order, resolver, of: inputs, limit: inversionLimit,
      isFolded: isFolded && table.hasUnstatedClasses, predict: predict, privacy: privacy)
    let waiting = WaitGroups.groups(of: self, resolver)
    // The graph is asked for few of its witnesses, and none twice.
    resolver.memo = nil
    var record = self
    var shownOrder = order
    var derivedCycles = 0
    if table.hasDerivedClasses {
      record = withDerivedClasses()
      shownOrder = CanonicalOrder(table: record.table, graph: record.graph)
      derivedCycles = found.derivedCycles.count(in: record, shownOrder)
      resolver = EvidenceResolver(record, inputNames: inputs.map(\.name))
    }
    if keepsOneWitness { resolver = resolver.keepingFirstWitnesses(of: &record.graph) }
    let snapshot = shownOrder.snapshot(of: record, resolver: resolver)
    let summary = Analysis.Summary(
      events: inputs.reduce(0) { $0 + $1.events }, threads: counts.threads, locks: counts.locks,
      classes: snapshot.classes.count, dependencies: snapshot.dependencies.count,
      omittedFindings: found.omitted, uncoveredDependencies: found.uncoveredDependencies,
      derivedCycles: derivedCycles, classOrigins: snapshot.originCounts)
    var inputs = inputs
    for remark in inputRemarks { inputs[Int(remark.input)].warnings.append(remark.text) }
    for number in inputs.indices {
      if let warning = ownerWarning(ofInput: UInt32(number)) {
        inputs[number].warnings.append(warning)
      }
    }
    if !inputs.isEmpty { inputs[inputs.count - 1].warnings += found.warnings }
    return Analysis(
      inputs: inputs, summary: summary, findings: found.findings, waiting: waiting, graph: snapshot)
  }

  /// The findings alone, for a program that runs and asks often.
  ///
  /// - Complexity: as `analysis`, without a copy of the graph.
  func findings(
    of inputs: [TraceInput], inversionLimit: Int,
    privacy: @escaping (CycleGrading.Candidate) -> String? = { _ in nil }
  ) -> [Finding] {
    let order = CanonicalOrder(table: table, graph: graph)
    let resolver = EvidenceResolver(
      self, inputNames: inputs.map(\.name), memo: ResolvedTexts())
    return findings(
      order, resolver, of: inputs, limit: inversionLimit, isFolded: false, privacy: privacy
    ).findings
  }

  /// Where nothing is known of places, nothing is one finding.
  var foldsInversions: Bool {
    table.hasUnstatedClasses && (table.hasDerivedClasses || evidence.knowsPlaces)
  }

  private struct Found {
    var findings: [Finding]
    var omitted: Int
    var uncoveredDependencies: Int
    var warnings: [String]
    var derivedCycles: DerivedCycles
  }

  private func findings(
    _ order: CanonicalOrder, _ resolver: EvidenceResolver, of inputs: [TraceInput],
    limit: Int, isFolded: Bool, predict: CyclePredictor? = nil,
    privacy: @escaping (CycleGrading.Candidate) -> String?
  ) -> Found {
    let inversions = InversionReport(
      self, order: order, resolver: resolver, limit: limit,
      isFolded: isFolded && foldsInversions, predict: predict, privacy: privacy)
    let contexts = ContextReport(
      self, order: order, resolver: resolver,
      limit: isFolded ? max(limit, InversionReport.foldedLimit) : limit)
    let contextFindings = isFolded ? contexts.findings.folded() : contexts.findings
    let violations = violations.findings(
      resolver, tellingPlaces: isFolded, without: isMasked
    ).withoutMilderLikes
    var observed = deadlocks.deadlocks.filter { $0.count > 0 }.map { resolver.finding($0) }
    if isFolded { observed = observed.map { $0.tellingLocks() } }
    var found =
      (observed + inversions.findings + inversions.joined + contextFindings.prefix(max(0, limit))
      + violations).including(importedReports(predicting: predict != nil), of: inputs)
      .withoutJoinsThatHappened
    if isFolded { found = found.folded() }
    var warnings = bounds.warnings(ofGraph: graph)
    if contexts.isBounded {
      warnings.append("the orders are too many to search all of them for what interrupts can do")
    }
    if inversions.rest.isBounded {
      warnings.append(
        "the locks are too many to search all of them for what the order of classes hides")
    }
    return Found(
      findings: found.sorted(by: Finding.precedes),
      omitted: inversions.rest.omitted + contexts.omitted
        + max(0, contextFindings.count - limit) + Int(clamping: deadlocks.omitted)
        + Int(clamping: joinInversions.omitted)
        + counts.omittedFindings,
      uncoveredDependencies: inversions.rest.uncoveredDependencies, warnings: warnings,
      derivedCycles: inversions.derivedCycles)
  }
}

extension OrderRecord.Bounds {
  /// What was left out because there was too much of it.
  fileprivate func warnings(ofGraph graph: LockOrderGraph) -> [String] {
    var warnings: [String] = []
    if heldStack {
      warnings.append(
        "a thread holds more than \(Self.deepestStack) locks; orders after older ones are left out"
      )
    }
    if instanceOrders { warnings.append(Self.instanceOrderWarning) }
    if joins { warnings.append(Self.joinWarning) }
    if graph.isBounded || statedDependencies {
      warnings.append(
        "there are more than \(LockOrderGraph.limit) dependencies; the rest is left out")
    }
    return warnings
  }
}

extension Finding {
  /// Worse first, then by rule, surer first, then by classes: an order that the events' order does
  /// not touch.
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
