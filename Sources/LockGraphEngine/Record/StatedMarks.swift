/// How inputs state that classes are used in contexts. Kept apart until all events are in: these
/// say more.
struct StatedMarks: Sendable {
  struct Statement: Sendable {
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
