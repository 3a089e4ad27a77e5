// What interrupts and signals can do to locks [semantics 12, 13].
extension Finding {
  /// A lock that an interrupt takes and that is held where it can come.
  static func contextInversion(
    of lockClass: String, in context: InterruptContext, used: ContextUse, enabled: ContextUse,
    events: [FindingEvent]
  ) -> Finding {
    var fingerprint = Fingerprint(rule: .contextInversion)
    for part in [context.name, lockClass, used.letter, enabled.letter] { fingerprint.add(part) }
    let title =
      context == .nmi
      ? "\(lockClass) is taken in an nmi, which cannot be masked, and outside of it"
      : "\(lockClass) is taken in \(context.name) context, "
        + "and held where a \(context.name) can come"
    return Finding(
      .contextInversion, fingerprint, title: title, classes: [lockClass], context: context,
      events: events, occurrences: 1)
  }

  /// Two states of a class that exclude each other, of which more is not known.
  static func contextInversion(
    of lockClass: String, states: (old: String, new: String), events: [FindingEvent]
  ) -> Finding {
    var fingerprint = Fingerprint(rule: .contextInversion)
    for part in [lockClass, states.old, states.new] { fingerprint.add(part) }
    return Finding(
      .contextInversion, fingerprint,
      title: "\(lockClass) is used in states that exclude each other", classes: [lockClass],
      events: events, occurrences: 1)
  }

  /// A path of orders that an interrupt closes.
  ///
  /// - Parameter edges: from the lock that the interrupt takes to the one that is held where it can
  ///   come.
  /// - Parameter context: the interrupt; `nil` if it is not known which.
  static func contextOrderInversion(
    _ edges: [FindingEdge], in context: InterruptContext?, used: ContextUse, enabled: ContextUse,
    events: [FindingEvent]
  ) -> Finding {
    let name = context?.name ?? "interrupt"
    let classes = [edges[0].from] + edges.map(\.to)
    var fingerprint = Fingerprint(rule: .contextOrderInversion)
    for part in [name, used.letter, enabled.letter, classes[0]] { fingerprint.add(part) }
    for edge in edges {
      fingerprint.add(edge.decidingKind.names[0])
      fingerprint.add(edge.to)
    }
    let order = "\(classes[classes.count - 1]) is taken under \(classes[0])"
    return Finding(
      .contextOrderInversion, fingerprint,
      title: "\(order), which a \(name) also takes, and held where a \(name) can come",
      classes: classes, edges: edges, context: context, events: events,
      occurrences: occurrences(of: edges))
  }
}

extension ContextUse {
  /// As in the kinds of dependencies; it goes into fingerprints.
  fileprivate var letter: String {
    switch self {
    case .usedNonRecursively: "N"
    case .usedRecursively: "R"
    case .enabledExclusive: "E"
    case .enabledShared: "S"
    }
  }
}
