/// What inputs have shown of the order of locks, in tables that refer to each other by number.
///
/// It is what a graph file holds. Contents are joined by appending one to the other and making the
/// result canonical: sorted, without duplicates, and with only so much evidence as is kept. That is
/// a join: it does not matter in which order, in which groups or how often contents are put
/// together (docs/graph-file.md says why).
package struct GraphContent: Sendable {
  /// No number.
  static let none = UInt32.max

  /// How many witnesses a dependency keeps, the first ones, beside the first of each kind.
  static let witnessLimit = 64
  /// How many inputs' counts are kept of a class, dependency or finding: those that count most.
  static let countLimit = 64
  /// How many inputs are kept that state one thing, the first ones.
  static let statementLimit = 64
  /// How many findings are kept that single inputs have shown.
  static let foundLimit = 1 << 16
  /// How many verdicts on cycles of single inputs are kept, the first ones.
  static let verdictLimit = 1 << 16

  /// Names, places, stacks, and what is encoded.
  enum Text: GraphTable {
    static var section: GraphFile.Section { .texts }
    static var noun: String { "text" }
  }

  var texts = ByteInterner()
  var inputs: [Input] = []
  var classes: [LockClass] = []
  var classCounts: [ClassCount] = []
  var locks: [Lock] = []
  var threads: [Thread] = []
  var guards: [Guard] = []
  var epochs: [Epoch] = []
  /// How many contents were put together.
  var sources: UInt32 = 1
  var held: [Held] = []
  var records: [Record] = []
  var edges: [Edge] = []
  var edgeCounts: [EdgeCount] = []
  var witnesses: [Witness] = []
  var statements: [Statement] = []
  var marks: [Mark] = []
  var statedMarks: [StatedMark] = []
  var found: [Found] = []
  var foundCounts: [FoundCount] = []
  var verdicts: [Verdict] = []
  /// Dependencies were left out because there were too many.
  var isBounded = false
  /// A thread held more locks than orders are recorded from.
  var isDepthBounded = false
  /// Findings were left out because there were too many.
  var isFoundBounded = false

  func source(of witness: Witness) -> Held {
    if let own = witness.source.own { return held[Int(own)] }
    return held[Int(records[Int(witness.record)].held.start) + Int(witness.source.place)]
  }

  /// It holds nothing of any input.
  var isEmpty: Bool { inputs.isEmpty && classes.isEmpty && found.isEmpty }
}

extension ByteInterner {
  /// The bytes of a content's text, for the time of the call.
  @inline(__always)
  func withBytes<Result>(
    _ text: Row<GraphContent.Text>, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    withBytes(text.number, body)
  }

  func string(_ text: Row<GraphContent.Text>) -> String { string(text.number) }
}
