extension GraphContent {
  /// A lock instance, by its number in its input.
  struct Lock {
    var input: Row<Input> = 0
    var number: UInt32 = 0
    var name: Row<Text> = 0
    var lockClass: Row<LockClass> = 0
    /// Somebody asks for it for writing.
    var isWritten = false
  }

  /// One life of a thread, by its number in its input.
  struct Thread {
    var input: Row<Input> = 0
    var life = ThreadLife()
    var name: Row<Text> = 0
  }

  /// A lock that is held around the life of a thread by another one.
  struct Guard {
    var thread: Row<Thread> = 0
    var lock: Row<Lock> = 0
    /// In the input of the thread.
    var holder = ThreadLife()
  }

  /// A node of an input's fork and join order that comes after one or two others, by their numbers
  /// there.
  struct Epoch {
    /// Which of the contents that were put together it comes from; not in files.
    var source: UInt32 = 0
    var input: Row<Input> = 0
    var number: UInt32 = 0
    /// The greater one.
    var first: UInt32 = 0
    /// The other one, or none.
    var second = GraphContent.none
  }
}

extension GraphContent.Lock: GraphRow {
  static var section: GraphFile.Section { .locks }
  static var noun: String { "lock" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.locks }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("input", &input, after: last.input)
    try visit.lastKey("number", &number, after: last.number)
    try visit.row("name", &name)
    try visit.row("class", &lockClass)
    try visit.bits("written", &isWritten)
    try visit.endByte()
  }
}

extension GraphContent.Thread: GraphRow {
  static var section: GraphFile.Section { .threads }
  static var noun: String { "thread" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.threads }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("input", &input, after: last.input)
    try visit.key("number", &life.number, after: last.life.number)
    try visit.lastKey("life", &life.life, after: last.life.life)
    try visit.row("name", &name)
  }
}

extension GraphContent.Guard: GraphRow {
  static var section: GraphFile.Section { .guards }
  static var noun: String { "guard of a thread" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.guards }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.owner("thread", &thread, after: last.thread)
    try visit.key("lock", &lock, after: last.lock)
    try visit.key("holder", &holder.number, after: last.holder.number)
    try visit.lastKey("holder's life", &holder.life, after: last.holder.life)
  }

  func flaw(in content: GraphContent) -> String? {
    content.locks[Int(lock)].input == content.threads[Int(thread)].input
      ? nil : GraphContent.lockOfAnotherInput
  }
}

extension GraphContent {
  static var lockOfAnotherInput: String { "a lock of another input" }
}

extension GraphContent.Epoch: GraphRow {
  static var section: GraphFile.Section { .epochs }
  static var noun: String { "fork or join" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.epochs }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.key("input", &input, after: last.input)
    try visit.lastKey("number", &number, after: last.number)
    try visit.number("predecessor", &first, before: number)
    try visit.optional("other predecessor", &second, before: number)
  }

  func flaw(in content: GraphContent) -> String? {
    second == GraphContent.none || second < first
      ? nil : "a fork or join that comes twice after another"
  }
}
