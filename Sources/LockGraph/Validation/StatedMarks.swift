/// How inputs state that classes are used in contexts. Kept apart until all events are in: these say more.
struct StatedMarks {
  struct Statement {
    var lockClass: LockClassID
    var marks: ContextMarks
    var input: UInt32
    var line: UInt64
  }

  private(set) var statements: [Statement] = []
  private var numbers: [LockClassID: [Int]] = [:]
  /// How many inputs are remembered a class.
  private static let limit = 64

  mutating func add(_ statement: Statement) {
    let known = numbers[statement.lockClass, default: []]
    if let same = known.first(where: { statements[$0].input == statement.input }) {
      statements[same].marks.formUnion(statement.marks)
      return
    }
    guard known.count < Self.limit else { return }
    numbers[statement.lockClass, default: []].append(statements.count)
    statements.append(statement)
  }

  var isAnything: Bool { !statements.isEmpty }

  mutating func rename(_ classes: [LockClassID]) {
    let old = statements
    self = StatedMarks()
    for var statement in old {
      statement.lockClass = classes[statement.lockClass.index]
      add(statement)
    }
  }

  /// The inputs that state a use of a class.
  func inputs(_ use: ContextUse, _ context: InterruptContext, of lockClass: LockClassID) -> Set<
    UInt32
  > {
    Set(
      numbers[lockClass, default: []].map { statements[$0] }
        .filter { $0.marks.contains(use, context) }.map(\.input))
  }
}

/// The marks of events, those that inputs state besides, and what another validator makes of them.
struct ContextEvidence {
  let marks: ContextMarkStore
  let stated: StatedMarks
  let orders: StatedOrders

  /// Whether a use was seen, and not merely stated.
  private func isSeen(
    _ use: ContextUse, _ context: InterruptContext, of lockClass: LockClassID
  ) -> Bool {
    marks.record(use, context, of: lockClass).map { $0.thread != ImportedFacts.thread } ?? false
  }

  /// Whether another validator had all of a path and its ends before it, and let it pass, so that it cannot be
  /// such that an interrupt closes it to a deadlock; or whether its parts only seem to meet. Where events saw
  /// all of it, they decide.
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
