extension ViolationStore {
  /// One for each sort of violation.
  ///
  /// - Parameter tellingPlaces: of locks without a stated class, one for each of its places.
  func findings(_ resolver: EvidenceResolver, tellingPlaces: Bool) -> [Finding] {
    var findings: [Finding] = []
    var numbers: [String: Int] = [:]
    for violation in violations {
      var finding = resolver.finding(violation)
      if tellingPlaces { finding = finding.tellingLocks() }
      if let number = numbers[finding.fingerprint] {
        findings[number].occurrences &+= finding.occurrences
      } else {
        numbers[finding.fingerprint] = findings.count
        findings.append(finding)
      }
    }
    return findings
  }
}

extension EvidenceResolver {
  func finding(_ violation: ViolationStore.Violation) -> Finding {
    let key = violation.key
    return .violation(
      key.variant, of: key.lockClass.map { table.name(of: $0) },
      and: key.otherClass.map { table.name(of: $0) }, in: key.context,
      events: violation.events.map(event), occurrences: violation.count)
  }
}
