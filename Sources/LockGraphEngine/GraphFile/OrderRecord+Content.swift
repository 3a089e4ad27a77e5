// What was learned from one input, as it goes into a graph file.

extension OrderRecord {
  /// A content that is not canonical yet.
  ///
  /// - Parameter inversionLimit: how many potential deadlocks are looked at for evidence that must
  ///   not be lost.
  /// - Complexity: O(classes + dependencies + witnesses), and that of a search for inversions.
  func content(of input: TraceInput, inversionLimit: Int) -> GraphContent {
    var input = input
    input.warnings += inputRemarks.map(\.text)
    if bounds.joins { input.warnings.append(Bounds.joinWarning) }
    if bounds.instanceOrders { input.warnings.append(Bounds.instanceOrderWarning) }
    if let warning = ownerWarning(ofInput: 0) { input.warnings.append(warning) }
    let resolver = EvidenceResolver(self, inputNames: [input.name])
    let deciding = InversionSearch.decidingWitnesses(of: self, limit: inversionLimit)
    var builder = GraphContentBuilder(
      table: table, evidence: evidence, threadNames: { threads.name(of: $0) },
      lifeGuards: lifeGuards)
    builder.addInput(
      input, threads: UInt64(counts.threads), locks: UInt64(counts.locks),
      omitted: deadlocks.omitted + joinInversions.omitted)
    builder.addClasses()
    for (number, dependency) in graph.dependencies.enumerated() {
      let pinned = deciding[DependencyID(UInt32(number))] ?? []
      builder.add(dependency) { entry in
        pinned.contains {
          $0.record == entry.record && $0.source.position == entry.source.position
        }
      }
    }
    builder.addMarks(contextMarks, imports.marks)
    builder.addEpochs(forkJoin)
    for finding in violations.findings(resolver, tellingPlaces: true) {
      builder.add(finding, isReport: false)
    }
    for deadlock in deadlocks.deadlocks where deadlock.count > 0 {
      builder.add(resolver.finding(deadlock).tellingLocks(), isReport: false)
    }
    for inversion in joinInversions.inversions {
      builder.add(resolver.finding(inversion), isReport: false)
    }
    for report in imports.reports {
      builder.add(report.finding.standing(in: input.name), isReport: true)
    }
    builder.add(cycleVerdicts)
    builder.setBounds(isBounded: graph.isBounded, isDepthBounded: bounds.heldStack)
    return builder.content
  }
}
