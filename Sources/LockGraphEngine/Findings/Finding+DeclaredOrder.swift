extension Finding {
  /// A dependency that a declaration forbids [semantics 19].
  ///
  /// - Parameter why: the end of a sentence, as `against the declared order`.
  static func declaredOrder(
    _ edge: FindingEdge, why: String, declaration: Declaration
  ) -> Finding {
    var fingerprint = Fingerprint(rule: .declaredOrder)
    for name in [edge.from, edge.to] { fingerprint.add(name) }
    var finding = Finding(
      .declaredOrder, fingerprint, title: "\(edge.to) is taken while \(edge.from) is held, \(why)",
      classes: edge.from == edge.to ? [edge.from] : [edge.from, edge.to], edges: [edge],
      occurrences: occurrences(of: [edge]))
    finding.declaration = declaration
    return finding
  }
}
