extension GraphContent {
  /// A lock as it was held.
  struct Held {
    var lock: Row<Lock> = 0
    var lockClass: Row<LockClass> = 0
    var place = Row<Text>.none
    var stack = Row<Text>.none
    var position: UInt32 = 0
    var mode = LockMode.write
    var isGate = false
    var line: UInt64 = 0
  }

  /// Somebody asks for a lock.
  struct Record {
    var thread: Row<Thread> = 0
    var wanted: Row<Lock> = 0
    var wantedClass: Row<LockClass> = 0
    var place = Row<Text>.none
    var stack = Row<Text>.none
    var epoch: UInt32 = 0
    var held = RowSpan<Held>()
    var line: UInt64 = 0
    var mode = LockMode.write
    var options: AcquisitionOptions = []
    var endings: AcquisitionOptions = []
    var isNested = false
  }
}

extension GraphContent.Held: GraphRow {
  static var section: GraphFile.Section { .held }
  static var noun: String { "held lock" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.held }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.row("lock", &lock)
    try visit.row("class", &lockClass)
    try visit.bits("mode", &mode)
    try visit.bits("gate", &isGate)
    try visit.endByte()
    try visit.optional("place", &place)
    try visit.optional("stack", &stack)
    try visit.number("position", &position)
    try visit.line("line", &line)
  }
}

extension GraphContent.Record: GraphRow {
  static var section: GraphFile.Section { .records }
  static var noun: String { "acquisition" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.records }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("thread", &thread, after: last.thread)
    try visit.key("line", &line, after: last.line)
    try visit.row("wanted lock", &wanted)
    try visit.row("its class", &wantedClass)
    try visit.bits("mode", &mode)
    try visit.bits("nested", &isNested)
    try visit.endByte()
    try visit.bits("options", &options)
    try visit.endByte()
    try visit.bits("endings", &endings)
    try visit.endByte()
    try visit.optional("place", &place)
    try visit.optional("stack", &stack)
    try visit.number("epoch", &epoch)
    try visit.span("held", &held)
  }

  func flaw(in content: GraphContent) -> String? {
    let input = content.threads[Int(thread)].input
    guard content.locks[Int(wanted)].input == input else {
      return GraphContent.lockOfAnotherInput
    }
    for index in held.indices where content.locks[Int(content.held[index].lock)].input != input {
      return GraphContent.lockOfAnotherInput
    }
    return nil
  }
}
