extension GraphContent {
  struct Edge {
    var from: Row<LockClass> = 0
    var to: Row<LockClass> = 0
    /// Those that are known.
    var kinds: DependencyKinds = []
    var basis = LockOrderGraph.Basis.events
    var isEvidenceBounded = false
    var isThreadBounded = false
  }

  struct EdgeCount {
    var edge: Row<Edge> = 0
    var input: Row<Input> = 0
    var count: UInt64 = 0
  }

  struct Witness {
    var edge: Row<Edge> = 0
    var record: Row<Record> = 0
    var source = Source(place: 0)
    /// How many witnesses of the dependency its input had shown before.
    var rank: UInt32 = 0
    var kind: DependencyKinds = []
    /// It is part of a deadlock that is feasible in its input, or of one that only the instances
    /// show.
    var isPinned = false
  }

  /// An input states a dependency without saying who and which locks.
  struct Statement {
    var edge: Row<Edge> = 0
    var input: Row<Input> = 0
    var basis = LockOrderGraph.Basis.statedOrder
    var kinds: DependencyKinds = []
    var heldPlace = Row<Text>.none
    var heldStack = Row<Text>.none
    var heldLine: UInt64 = 0
    var place = Row<Text>.none
    var stack = Row<Text>.none
    var line: UInt64 = 0
  }
}

extension GraphContent.Witness {
  /// The held lock that is the source of a dependency.
  struct Source: Hashable, Sendable {
    private var number: UInt32
    private static let ownBit: UInt32 = 1 << 31
    /// No row of its own has a greater number, and no place is greater.
    static var limit: UInt32 { ownBit }

    /// One of those that the record has.
    init(place: UInt32) { number = place }

    /// One that the record does not have, which has the last taken ones.
    init(own row: Row<GraphContent.Held>) { number = row.number | Self.ownBit }

    /// Which of the record's it is, if it has no row of its own.
    var place: UInt32 { number }
    var own: Row<GraphContent.Held>? {
      number >= Self.ownBit ? Row(number & ~Self.ownBit) : nil
    }
  }
}

extension GraphContent.Edge: GraphRow {
  static var section: GraphFile.Section { .edges }
  static var noun: String { "dependency" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.edges }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("from", &from, after: last.from)
    try visit.lastKey("to", &to, after: last.to)
    try visit.bits("kinds", &kinds)
    try visit.bits("basis", &basis)
    try visit.bits("more witnesses", &isEvidenceBounded)
    try visit.bits("more threads", &isThreadBounded)
    try visit.endByte()
  }
}

extension GraphContent.EdgeCount: GraphRow {
  static var section: GraphFile.Section { .edgeCounts }
  static var noun: String { "count of a dependency" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.edgeCounts }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.owner("dependency", &edge, after: last.edge)
    try visit.lastKey("input", &input, after: last.input)
    try visit.count("count", &count)
  }
}

extension GraphContent.Witness: GraphRow {
  static var section: GraphFile.Section { .witnesses }
  static var noun: String { "witness" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.witnesses }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.owner("dependency", &edge, after: last.edge)
    try visit.row("acquisition", &record)
    try visit.bits("kind", &kind)
    try visit.bits("first of all", &isPinned)
    try visit.endByte()
    try visit.number("rank", &rank)
    try visit.source("source", &source)
  }

  func flaw(in content: GraphContent) -> String? {
    let (edge, record) = (content.edges[Int(edge)], content.records[Int(record)])
    guard DependencyKinds.all.contains(kind), edge.kinds.contains(kind) else {
      return "a witness of a kind that its dependency does not have"
    }
    if let own = source.own {
      let input = content.threads[Int(record.thread)].input
      guard content.locks[Int(content.held[Int(own)].lock)].input == input else {
        return GraphContent.lockOfAnotherInput
      }
    } else if source.place >= record.held.count {
      return "held lock number \(source.place) where there are \(record.held.count)"
    }
    // A lock that is taken twice, at two nesting levels, is held in another class than that of its
    // dependency.
    let isOfEdge =
      record.wantedClass == edge.to
      && (edge.from == edge.to || content.source(of: self).lockClass == edge.from)
    return isOfEdge ? nil : "a witness of another dependency"
  }
}

extension GraphContent.Statement: GraphRow {
  static var section: GraphFile.Section { .statements }
  static var noun: String { "statement of a dependency" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.statements }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.owner("dependency", &edge, after: last.edge)
    try visit.key("input", &input, after: last.input)
    try visit.bits("kinds", &kinds)
    try visit.bits("basis", &basis)
    try visit.endByte()
    try visit.optional("held place", &heldPlace)
    try visit.optional("held stack", &heldStack)
    try visit.line("held line", &heldLine)
    try visit.optional("place", &place)
    try visit.optional("stack", &stack)
    try visit.line("line", &line)
  }

  func flaw(in content: GraphContent) -> String? {
    basis == .events ? "a statement of an unknown basis" : nil
  }
}
