extension TraceFormat {
  /// What InnoDB tells of deadlocks that it detected.
  public static let innodb = TraceFormat(named: "innodb")
}

/// Reads InnoDB's latest detected deadlock, as `SHOW ENGINE INNODB STATUS` shows it, and the
/// deadlocks that MySQL and MariaDB write into their log with `innodb_print_all_deadlocks`.
///
/// A lock is a record of an index, or a table; its class is the index or the table.
struct InnoDBStatus: ForeignReport {
  static var format: TraceFormat { .innodb }
  static var title: String { "InnoDB's status with a deadlock" }
  static var source: String { "what SHOW ENGINE INNODB STATUS shows" }
  static var absence: String? { "a status of InnoDB without a deadlock" }

  private struct Lock {
    var name: String
    var lockClass: String
    var mode: LockMode
    var line: UInt64
  }

  private struct Transaction {
    var name: String
    var holds: [Lock] = []
    var wants: Lock?
    var statement = ""
    var line: UInt64
  }

  private enum Section { case head, statement, holds, waits, none }

  private var transactions: [Transaction] = []
  private var section = Section.none
  private var isOpen = false
  private var line: UInt64 = 0
  private var isAnything = false
  private var deadlocks = 0

  private static let longestCircle = 1000
  private static let longestStatement = 4000

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    if let start = line.offset(of: "LATEST DETECTED DEADLOCK") { return start }
    if let start = line.offset(of: "*** (1) TRANSACTION:") { return start }
    if let start = line.offset(of: "Transactions deadlock detected, dumping") { return start }
    return line.offset(of: "INNODB MONITOR OUTPUT")
  }

  var shortcoming: String? {
    isAnything ? "holds a deadlock of InnoDB that is cut off before its locks" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    let text = line.trimmed
    if text.contains("LATEST DETECTED DEADLOCK")
      || text.contains("Transactions deadlock detected, dumping")
    {
      end(into: &story)
      self.line = number
      isAnything = true
      return
    }
    if let start = text.offset(of: "*** ") { takeMark(text.from(start + 4), number, into: &story) }
    guard isOpen else { return }
    if text.hasPrefix("-----") || text.hasPrefix("TRANSACTIONS") {
      end(into: &story)
    } else if !text.contains("*** ") {
      takeLine(text, number)
    }
  }

  private mutating func takeMark(
    _ text: UnsafeRawBufferPointer, _ number: UInt64, into story: inout ReportStory
  ) {
    if text.hasPrefix("WE ROLL BACK TRANSACTION") {
      end(into: &story)
      return
    }
    section = .none
    let transaction = text.first == UInt8(ascii: "(") ? text.from(1).leadingNumber : nil
    if text.hasSuffix("TRANSACTION:") {
      if transaction == 1, isOpen { end(into: &story) }
      if !isOpen, line == 0 || number > line + 50 { line = number }
      isOpen = true
      isAnything = true
      guard transactions.count < Self.longestCircle else { return }
      transactions.append(
        Transaction(name: "transaction \(transactions.count + 1)", line: number))
      section = .head
    } else if text.contains("HOLDS THE LOCK(S)") {
      section = .holds
    } else if text.contains("WAITING FOR THIS LOCK TO BE GRANTED") {
      section = .waits
    } else if text.contains("CONFLICTING WITH") {
      // MariaDB shows the lock of the other that it waits behind; that one tells it itself.
      section = .none
    }
  }

  private mutating func takeLine(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard let last = transactions.indices.last else { return }
    if let lock = lock(text, number) {
      switch section {
      case .holds:
        if transactions[last].holds.count < 1000 { transactions[last].holds.append(lock) }
      case .waits: transactions[last].wants = transactions[last].wants ?? lock
      case .head, .statement, .none: break
      }
      return
    }
    if text.hasPrefix("Record lock, heap no "), let heap = text.from(21).leadingNumber {
      refine(last, heap)
      return
    }
    switch section {
    case .head:
      if text.hasPrefix("TRANSACTION ") {
        let number = text.from(12).word.text
        if !number.isEmpty { transactions[last].name = "transaction \(number)" }
      } else if text.contains("thread id ") {
        section = .statement
      }
    case .statement:
      guard !text.isEmpty, transactions[last].statement.utf8.count < Self.longestStatement else {
        return
      }
      transactions[last].statement += (transactions[last].statement.isEmpty ? "" : " ") + text.text
    case .holds, .waits, .none: break
    }
  }

  /// `RECORD LOCKS space id 101 page no 4 n bits 72 index PRIMARY of table `bank`.`account` trx id
  /// 31001 lock_mode X locks rec but not gap waiting`, `TABLE LOCK table `bank`.`account` …`
  private func lock(_ text: UnsafeRawBufferPointer, _ number: UInt64) -> Lock? {
    let mode: LockMode =
      text.contains(" lock_mode S") || text.contains(" lock mode S")
        || text.contains(" lock mode IS")
      ? .read : .write
    if text.hasPrefix("RECORD LOCKS "), let table = text.between(" of table ", " trx id") {
      let index = text.between(" index ", " of table ")?.text ?? ""
      let space = text.between("space id ", " ")?.text ?? ""
      let page = text.between("page no ", " ")?.text ?? ""
      let lockClass = "\(Self.plain(table)) index \(index.filter { $0 != "`" })"
      return Lock(
        name: "space \(space) page \(page)", lockClass: lockClass, mode: mode,
        line: number)
    }
    if text.hasPrefix("TABLE LOCK table "), let table = text.between("table ", " trx id") {
      return Lock(
        name: "table \(Self.plain(table))", lockClass: Self.plain(table), mode: mode, line: number)
    }
    return nil
  }

  private static func plain(_ name: UnsafeRawBufferPointer) -> String {
    name.text.filter { $0 != "`" && $0 != "\"" }
  }

  /// The record of a page that a lock is about; of several that are held each is one.
  private mutating func refine(_ last: Int, _ heap: Int) {
    switch section {
    case .holds:
      guard let held = transactions[last].holds.last else { return }
      if held.name.contains(" heap ") {
        guard transactions[last].holds.count < 1000 else { return }
        var other = held
        other.name = String(held.name[..<held.name.firstRange(of: " heap ")!.lowerBound])
        other.name += " heap \(heap)"
        transactions[last].holds.append(other)
      } else {
        transactions[last].holds[transactions[last].holds.count - 1].name += " heap \(heap)"
      }
    case .waits:
      guard let wants = transactions[last].wants, !wants.name.contains(" heap ") else { return }
      transactions[last].wants!.name += " heap \(heap)"
    case .head, .statement, .none: break
    }
  }

  mutating func finish(into story: inout ReportStory) { end(into: &story) }

  // MARK: Telling

  private mutating func end(into story: inout ReportStory) {
    guard isOpen else { return }
    defer {
      isOpen = false
      transactions = []
      section = .none
    }
    deadlocks += 1
    guard transactions.contains(where: { $0.wants != nil }) else {
      story.warn("the deadlock of InnoDB at line \(line) is cut off before its locks")
      return
    }
    if transactions.count < 2 || transactions.contains(where: { $0.wants == nil }) {
      story.warn("the deadlock of InnoDB at line \(line) is cut off")
    }
    completeHolds()
    let waiting = transactions.filter { $0.wants != nil }
    for transaction in transactions {
      for held in transaction.holds {
        story.tell(event(.acquire, transaction, held))
      }
    }
    for transaction in waiting { story.tell(event(.request, transaction, transaction.wants!)) }
    for transaction in waiting {
      story.tell(plainEvent(.abandon, transaction, transaction.wants!))
    }
    for transaction in transactions {
      for held in transaction.holds.reversed() {
        story.tell(plainEvent(.release, transaction, held))
      }
    }
  }

  /// Who waits for a lock waits for one that another has, record by record: what the status shows
  /// is brought together. Older servers do not show what the first transaction holds, which is what
  /// the next one waits for.
  private mutating func completeHolds() {
    for number in transactions.indices {
      guard let wanted = transactions[number].wants else { continue }
      let others = transactions.indices.filter { $0 != number }
      if others.contains(where: { transactions[$0].holds.contains { $0.name == wanted.name } }) {
        continue
      }
      // The page is shown and not the record.
      if let owner = others.first(where: { other in
        transactions[other].holds.contains { Self.page($0.name) == Self.page(wanted.name) }
      }) {
        let held = transactions[owner].holds.first { Self.page($0.name) == Self.page(wanted.name) }!
        var same = wanted
        same.mode = held.mode
        same.line = transactions[owner].line
        transactions[owner].holds.append(same)
        continue
      }
      let owner = others.first { transactions[$0].holds.isEmpty } ?? others.first
      if let owner, transactions.count > 1 {
        var held = wanted
        held.mode = .write
        held.line = transactions[owner].line
        transactions[owner].holds.append(held)
      }
    }
    for number in transactions.indices {
      var seen: Set<String> = []
      let wanted = transactions[number].wants?.name
      transactions[number].holds.removeAll {
        $0.name == wanted || !seen.insert($0.name).inserted
      }
    }
  }

  private static func page(_ name: String) -> Substring {
    name.firstRange(of: " heap ").map { name[..<$0.lowerBound] } ?? name[...]
  }

  private func plainEvent(
    _ verb: EventVerb, _ transaction: Transaction, _ lock: Lock
  ) -> ToldEvent {
    ToldEvent(
      verb: verb, thread: transaction.name, lock: "\(lock.name) (deadlock \(deadlocks))",
      line: lock.line)
  }

  private func event(
    _ verb: EventVerb, _ transaction: Transaction, _ lock: Lock
  ) -> ToldEvent {
    var event = plainEvent(verb, transaction, lock)
    event.lockClass = lock.lockClass
    event.kind = .rwlock
    event.mode = lock.mode
    event.nestsByInstance = true
    // What is held was taken by statements before.
    let statement = SQLStatement.form(transaction.statement)
    if verb == .request, !statement.isEmpty { event.place.append(statement) }
    return event
  }
}
