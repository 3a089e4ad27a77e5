extension GraphContent {
  /// The event that first showed some uses of a class.
  struct Mark {
    var lockClass: Row<LockClass> = 0
    var marks: ContextMarks = []
    var thread: Row<Thread> = 0
    var lock: Row<Lock> = 0
    var mode = LockMode.write
    var place = Row<Text>.none
    var stack = Row<Text>.none
    var line: UInt64 = 0
    var unmaskedLine: UInt64 = 0
  }

  struct StatedMark {
    var lockClass: Row<LockClass> = 0
    var input: Row<Input> = 0
    var marks: ContextMarks = []
    var line: UInt64 = 0
  }
}

extension GraphContent.Mark: GraphRow {
  static var section: GraphFile.Section { .marks }
  static var noun: String { "use" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.marks }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("class", &lockClass, after: last.lockClass)
    try visit.marks(&marks)
    try visit.row("thread", &thread)
    try visit.row("lock", &lock)
    try visit.bits("mode", &mode)
    try visit.endByte()
    try visit.optional("place", &place)
    try visit.optional("stack", &stack)
    try visit.line("line", &line)
    try visit.line("line of the unmasking", &unmaskedLine)
  }

  func flaw(in content: GraphContent) -> String? {
    if marks.isEmpty { return GraphContent.useOfNothing }
    return content.locks[Int(lock)].input == content.threads[Int(thread)].input
      ? nil : GraphContent.lockOfAnotherInput
  }
}

extension GraphContent.StatedMark: GraphRow {
  static var section: GraphFile.Section { .statedMarks }
  static var noun: String { "stated use" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.statedMarks }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("class", &lockClass, after: last.lockClass)
    try visit.lastKey("input", &input, after: last.input)
    try visit.marks(&marks)
    try visit.line("line", &line)
  }

  func flaw(in content: GraphContent) -> String? {
    marks.isEmpty ? GraphContent.useOfNothing : nil
  }
}

extension GraphContent {
  fileprivate static var useOfNothing: String { "an unknown use in a context" }
}

extension ColumnVisitor {
  @inline(__always)
  fileprivate mutating func marks(_ marks: inout ContextMarks) throws(Failure) {
    var bits = marks.rawValue
    try set("marks", &bits, of: 4 * InterruptContext.allCases.count)
    marks = ContextMarks(rawValue: bits)
  }
}
