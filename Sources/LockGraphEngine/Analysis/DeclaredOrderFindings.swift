// Dependencies that violate a declared order, as findings [semantics 19]: each is one, whether or
// not it lies on a cycle.

/// Why a dependency is not allowed.
package struct ForbiddenDependency {
  /// The end of a sentence, as `against the declared order`.
  package var why: String
  package var declaration: Finding.Declaration

  package init(why: String, declaration: Finding.Declaration) {
    self.why = why
    self.declaration = declaration
  }
}

extension Analysis {
  /// Adds a finding for each dependency that is forbidden, at most `limit`, and keeps the findings
  /// sorted.
  ///
  /// - Returns: how many more there are.
  /// - Complexity: O(dependencies) calls of `forbidden`, and O(n log n) for all findings.
  package mutating func addDeclaredOrderFindings(
    limit: Int, _ forbidden: (OrderGraphSnapshot.Dependency) -> ForbiddenDependency?
  ) -> Int {
    var (added, omitted) = (0, 0)
    func add(_ finding: Finding) {
      if added < limit {
        findings.append(finding)
        added += 1
      } else {
        omitted += 1
      }
    }
    var folds = FindingFolds()
    for dependency in graph.dependencies {
      guard let violation = forbidden(dependency) else { continue }
      let isKnownByPlaces = graph.isUnstated(dependency)
      guard added < limit || isKnownByPlaces else {
        omitted += 1
        continue
      }
      let finding = finding(dependency, violation)
      guard isKnownByPlaces else {
        add(finding)
        continue
      }
      for part in finding.placeParts { folds.add(part) }
    }
    for finding in folds.findings { add(finding) }
    if added > 0 { findings.sort(by: Finding.precedes) }
    return omitted
  }

  private func finding(
    _ dependency: OrderGraphSnapshot.Dependency, _ violation: ForbiddenDependency
  ) -> Finding {
    let held = graph.classes[dependency.from].name
    let wanted = graph.classes[dependency.to].name
    let kinds = dependency.kinds.isEmpty ? .en : dependency.kinds
    return .declaredOrder(
      FindingEdge(
        from: held, to: wanted, kinds: kinds,
        decidingKind: DependencyKinds.all.first { kinds.contains($0) }!,
        count: dependency.count, areKindsAssumed: dependency.kinds.isEmpty,
        witnesses: graph.witnesses(of: dependency)), why: violation.why,
      declaration: violation.declaration)
  }
}
