// Cycles of orders, which can deadlock [semantics 7, 20, 21].
extension Finding {
  /// A cycle of two classes and more.
  ///
  /// - Parameter edges: going round from the least class.
  /// - Parameter reason: why it is not surer.
  static func inversion(
    _ edges: [FindingEdge], confidence: Confidence, reason: String?
  ) -> Finding {
    let classes = edges.map(\.from)
    let title =
      switch classes.count {
      case 2: "\(classes[0]) and \(classes[1]) are taken in both orders"
      case 3...6:
        "\((classes + [classes[0]]).joined(separator: " -> ")) is a cycle of lock orders"
      default:
        "\(classes[0]) -> \(classes[1]) -> … -> \(classes[0]) "
          + "is a cycle of \(classes.count) lock orders"
      }
    return cycle(
      .lockOrderInversion, edges, confidence, reason, title: title, classes: classes)
  }

  /// A cycle of two locks and more that is none of their classes, or whose class is judged by
  /// instance.
  ///
  /// - Parameter edges: going round from where the classes are least, each with a witness of the
  ///   cycle in front.
  /// - Parameter areClassesDerived: several locks of it are of one class because they were put
  ///   together.
  static func instanceInversion(
    _ edges: [FindingEdge], confidence: Confidence, reason: String?,
    areClassesDerived: Bool = false
  ) -> Finding {
    var classes: [String] = []
    for edge in edges {
      for name in [edge.from, edge.to] where !classes.contains(name) { classes.append(name) }
    }
    let locks = edges.map { $0.witnesses[0].held.shownName }
    let isByInstance = areClassesDerived || edges.contains { $0.from == $0.to }
    let cause = isByInstance ? "" : ", which their nesting levels hide"
    let title =
      locks.count == 2
      ? "\(locks[0]) and \(locks[1]) are taken in both orders\(cause)"
      : "\(locks.count) locks are taken in a circle\(cause)"
    var finding = cycle(
      .lockOrderInversion, edges, confidence, reason, title: title, classes: classes)
    finding.isHiddenByNestingLevels = !isByInstance
    return finding
  }

  /// A lock that is taken again, or another one of its class.
  ///
  /// - Parameter edge: that of the class on itself.
  static func recursiveAcquisition(
    _ edge: FindingEdge, ofOneLock isOneLock: Bool, confidence: Confidence, reason: String?
  ) -> Finding {
    cycle(
      .recursiveAcquisition, [edge], confidence, reason,
      title: isOneLock
        ? "\(edge.to) is taken again by a thread that already holds it"
        : "two locks of class \(edge.to) are nested",
      classes: [edge.to])
  }

  private static func cycle(
    _ rule: Rule, _ edges: [FindingEdge], _ confidence: Confidence, _ reason: String?,
    title: String, classes: [String]
  ) -> Finding {
    var fingerprint = Fingerprint(rule: rule)
    fingerprint.add(circle: edges.map { [$0.from, $0.decidingKind.names[0]] })
    return Finding(
      rule, fingerprint, title: title, classes: classes, edges: edges, confidence: confidence,
      reason: reason,
      isRecoverable: edges.contains { !$0.witnesses[0].options.isDisjoint(with: .canGiveUp) },
      occurrences: occurrences(of: edges))
  }
}

extension Finding {
  /// How the reason begins of a cycle in which a reader waits behind a writer that was not seen.
  static var writerReason: String { "it needs a writer of" }

  /// Nobody was seen to write the lock that its readers wait for.
  package var lacksWriter: Bool {
    confidence == .ordering && confidenceReason?.hasPrefix(Self.writerReason) == true
  }
}
