extension GraphContent {
  struct LockClass {
    var name: Row<Text> = 0
    /// One bit for each kind that is stated of it.
    var kinds: UInt16 = 0
    /// The number behind the last `/` of its name if it is a nesting level, else 0.
    var level: UInt8 = 0
    /// An input states that it exists.
    var isListed = false
    /// An input states that it is judged by instance.
    var nestsByInstance = false
    /// A thread held a lock of it with signals masked.
    var isHeldMasked = false
    /// What makes locks this class; of several inputs the greatest.
    var origin = ClassOrigin.lock
    /// The class that its locks are put together as for readers.
    var derived = Row<Text>.none
  }

  struct ClassCount {
    var lockClass: Row<LockClass> = 0
    var input: Row<Input> = 0
    var acquisitions: UInt64 = 0
    var instances: UInt64 = 0
  }
}

extension GraphContent.LockClass: GraphRow {
  static var section: GraphFile.Section { .classes }
  static var noun: String { "class" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.classes }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.lastKey("name", &name, after: last.name)
    try visit.bits("level", &level, width: 3)
    try visit.bits("judged by instance", &nestsByInstance)
    try visit.bits("listed", &isListed)
    try visit.bits("held with signals masked", &isHeldMasked)
    try visit.bits("class by", &origin)
    try visit.endByte()
    try visit.set("kinds", &kinds, of: LockKind.allCases.count)
    try visit.optional("put together as", &derived)
  }

  func flaw(in content: GraphContent) -> String? {
    guard level > 0, !content.texts.withBytes(name, { $0.endsInLevel(level) }) else { return nil }
    return "a nesting level that its name does not have"
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func endsInLevel(_ level: UInt8) -> Bool {
    count > 2 && self[count - 2] == UInt8(ascii: "/")
      && self[count - 1] == UInt8(ascii: "0") + level
  }
}

extension GraphContent.ClassCount: GraphRow {
  static var section: GraphFile.Section { .classCounts }
  static var noun: String { "count of a class" }
  static var rows: WritableKeyPath<GraphContent, [Self]> { \.classCounts }

  mutating func columns<Visitor: ColumnVisitor>(
    after last: Self, _ visit: inout Visitor
  ) throws(Visitor.Failure) {
    try visit.owner("class", &lockClass, after: last.lockClass)
    try visit.lastKey("input", &input, after: last.input)
    try visit.count("acquisitions", &acquisitions)
    try visit.count("instances", &instances)
  }
}
