extension EvidenceResolver {
  func finding(_ violation: ViolationStore.Violation) -> Finding {
    let key = violation.key
    return .violation(
      key.variant, of: key.lockClass.map { table.name(of: $0) },
      and: key.otherClass.map { table.name(of: $0) }, in: key.context,
      events: violation.events.map(event), occurrences: violation.count)
  }
}
