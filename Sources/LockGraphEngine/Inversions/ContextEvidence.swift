/// The marks of events, those that inputs state besides, and what another validator makes of them.
struct ContextEvidence {
  let marks: ContextMarkStore
  let stated: StatedMarks
  let orders: StatedOrders

  init(_ record: OrderRecord) {
    marks = record.contextMarks
    stated = record.imports.marks
    orders = StatedOrders(record)
  }

  /// Whether a use was seen, and not merely stated.
  private func isSeen(
    _ use: ContextUse, _ context: InterruptContext, of lockClass: LockClassID
  ) -> Bool {
    marks.record(use, context, of: lockClass).map { $0.thread != ImportedFacts.thread } ?? false
  }

  /// Whether another validator had all of a path and its ends before it, and let it pass, so that
  /// it cannot be such that an interrupt closes it to a deadlock; or whether its parts only seem to
  /// meet. Where events saw all of it, they decide.
  func refute(
    _ path: [LockOrderGraph.Dependency], used: (use: ContextUse, lockClass: LockClassID),
    enabled: (use: ContextUse, lockClass: LockClassID), in context: InterruptContext
  ) -> Bool {
    guard stated.isAnything || path.contains(where: { $0.statementCount > 0 }) else { return false }
    let isSeen =
      isSeen(used.use, context, of: used.lockClass)
      && isSeen(enabled.use, context, of: enabled.lockClass)
      && path.allSatisfy { $0.basis == .events }
    guard !isSeen else { return false }
    let classes = path.map(\.from) + [used.lockClass, enabled.lockClass]
    if classes.contains(where: orders.ambiguous.contains) { return true }
    var inputs = stated.inputs(used.use, context, of: used.lockClass)
    inputs.formIntersection(stated.inputs(enabled.use, context, of: enabled.lockClass))
    for dependency in path where !inputs.isEmpty {
      inputs.formIntersection(orders.evidence.acceptingInputs(dependency))
    }
    return !inputs.isEmpty
  }
}
