extension TraceFormat {
  /// The log of a PostgreSQL server, with the deadlocks that it detected.
  public static let postgresql = TraceFormat(named: "postgresql")
}

/// Reads "deadlock detected" of PostgreSQL's log, or of the error that a client got.
///
/// What is waited for is a row's transaction, a row or a table: its class is the table that the
/// statement names. The server ends the circle by giving up one of the transactions.
struct PostgreSQLLog: ForeignReport {
  static var format: TraceFormat { .postgresql }
  static var title: String { "a log of PostgreSQL" }
  static var source: String { "PostgreSQL's log with 'deadlock detected', its DETAIL included" }
  static var absence: String? { "a log without a deadlock" }

  private struct Wait {
    var process: String
    var mode: String
    var what: String
    var blocker: String
    var line: UInt64
  }

  private var line: UInt64 = 0
  private var isOpen = false
  private var waits: [Wait] = []
  private var statements: [String: String] = [:]
  /// The process whose statement goes on in the next line.
  private var continued: String?
  private var relation: String?
  private var isAnything = false
  private var deadlocks = 0

  private static let longestCircle = 1000
  private static let longestStatement = 4000

  static func headline(in line: UnsafeRawBufferPointer) -> Int? {
    guard let found = line.offset(of: "deadlock detected"),
      line.upTo(found).trimmed.hasSuffix("ERROR:")
    else { return nil }
    // What the server puts before its lines is of no fixed length, and is looked past.
    return 0
  }

  var shortcoming: String? {
    isAnything ? "tells of a deadlock and not of who waits for what: its DETAIL is missing" : nil
  }

  mutating func take(
    _ line: UnsafeRawBufferPointer, number: UInt64, isHeadline: Bool, into story: inout ReportStory
  ) {
    if isHeadline {
      end(into: &story)
      isOpen = true
      isAnything = true
      self.line = number
      return
    }
    guard isOpen else { return }
    if let detail = line.offset(of: "DETAIL:") {
      takeDetail(line.from(detail + 7).trimmed, number)
    } else if let context = line.offset(of: "CONTEXT:") {
      continued = nil
      relation = line.from(context).between("relation \"", "\"")?.text ?? relation
    } else if line.contains("HINT:") || line.contains("STATEMENT:") {
      continued = nil
    } else if let process = Self.process(in: line) {
      takeDetail(line.from(process), number)
    } else if line.first == 0x09 || line.first == 0x20 {
      takeDetail(line.trimmed, number)
    } else if line.contains("LOG:") || line.contains("ERROR:") || line.contains("FATAL:") {
      end(into: &story)
    }
  }

  /// Where `Process 22350 waits for` or `Process 22350: STATEMENT` begins, whatever a logger put
  /// before.
  private static func process(in line: UnsafeRawBufferPointer) -> Int? {
    guard let found = line.offset(of: "Process "), found <= 200 else { return nil }
    let rest = line.from(found + 8)
    let digits = rest.prefix(while: isDigit).count
    let after = rest.from(digits)
    return digits > 0 && (after.hasPrefix(": ") || after.hasPrefix(" waits for ")) ? found : nil
  }

  private mutating func takeDetail(_ text: UnsafeRawBufferPointer, _ number: UInt64) {
    guard text.hasPrefix("Process "), let process = text.from(8).leadingNumber else {
      if let continued, statements[continued]!.utf8.count < Self.longestStatement {
        statements[continued]! += " " + text.text
      }
      return
    }
    let name = String(process)
    if let waits = text.offset(of: " waits for "), let on = text.offset(of: " on ", from: waits),
      let end = text.offset(of: "; blocked by process ", from: on),
      let blocker = text.from(end + 21).leadingNumber
    {
      guard self.waits.count < Self.longestCircle else { return }
      self.waits.append(
        Wait(
          process: name, mode: text.between(" waits for ", " on ")?.text ?? "",
          what: UnsafeRawBufferPointer(rebasing: text[(on + 4)..<end]).text,
          blocker: String(blocker), line: number))
      continued = nil
    } else if let colon = text.offset(of: ": ") {
      statements[name] = text.from(colon + 2).text
      continued = name
    }
  }

  mutating func finish(into story: inout ReportStory) { end(into: &story) }

  // MARK: Telling

  private mutating func end(into story: inout ReportStory) {
    guard isOpen else { return }
    defer {
      isOpen = false
      waits = []
      statements = [:]
      continued = nil
      relation = nil
    }
    guard !waits.isEmpty else {
      story.warn("the deadlock at line \(line) has no DETAIL: who waited for what is not told")
      return
    }
    deadlocks += 1
    let blockers = Set(waits.map(\.process))
    if waits.contains(where: { !blockers.contains($0.blocker) }) {
      story.warn("the deadlock at line \(line) is cut off: not all of its waits are there")
    }
    for wait in waits {
      var held = event(.acquire, by: wait.blocker, wait)
      // Before all that is waited for.
      held.line = line
      story.tell(held)
    }
    for wait in waits {
      var wanted = event(.request, by: wait.process, wait)
      wanted.mode = Self.isShared(wait.mode) ? .read : .write
      wanted.place = place(of: wait.process)
      story.tell(wanted)
    }
    // The server gives up the transaction of the one that it tells, and the others go on.
    for wait in waits {
      var gone = event(.abandon, by: wait.process, wait)
      gone.lockClass = nil
      story.tell(gone)
    }
    for wait in waits.reversed() {
      var given = event(.release, by: wait.blocker, wait)
      given.lockClass = nil
      story.tell(given)
    }
  }

  private func event(_ verb: EventVerb, by process: String, _ wait: Wait) -> ToldEvent {
    ToldEvent(
      verb: verb, thread: "process \(process)",
      lock: "\(wait.what) (deadlock \(deadlocks))",
      lockClass: table(of: wait) ?? Self.sort(of: wait.what), kind: .rwlock, nestsByInstance: true,
      line: wait.line)
  }

  /// Waiting for the end of a transaction that has a row is asked for shared, and blocks all the
  /// same.
  private static func isShared(_ mode: String) -> Bool {
    mode == "AccessShareLock" || mode == "RowShareLock"
  }

  /// The table that the one who waits names, which is where it met the other.
  private func table(of wait: Wait) -> String? {
    if let statement = statements[wait.process], let table = SQLStatement.table(of: statement) {
      return table
    }
    // The context is that of the process whose statement failed, which is the first.
    return wait.process == waits.first?.process ? relation : nil
  }

  /// `relation`, `advisory lock`: what it is, without its numbers.
  private static func sort(of what: String) -> String {
    let words = what.split(separator: " ").prefix {
      $0.utf8.allSatisfy { !isDigit($0) && $0 != 0x5B }
    }
    return words.isEmpty ? what : words.joined(separator: " ")
  }

  private func place(of process: String) -> ToldPlace {
    guard let statement = statements[process] else { return ToldPlace() }
    var place = ToldPlace()
    place.append(SQLStatement.form(statement))
    return place
  }
}
