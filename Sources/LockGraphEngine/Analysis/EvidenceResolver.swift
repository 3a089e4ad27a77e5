/// Turns the numbers of evidence into the names that reports print.
struct EvidenceResolver: Sendable {
  let table: LockTable
  let threadNames: [String]
  let inputNames: [String]
  let evidence: EvidenceStore
  /// Makes each text once; without it nothing is kept but what was asked for.
  var memo: ResolvedTexts?

  /// - Parameter inputNames: by their numbers.
  init(_ record: OrderRecord, inputNames: [String], memo: ResolvedTexts? = nil) {
    self.init(
      table: record.table, threadNames: record.threads.names, inputNames: inputNames,
      evidence: record.evidence, memo: memo)
  }

  private init(
    table: LockTable, threadNames: [String], inputNames: [String], evidence: EvidenceStore,
    memo: ResolvedTexts?
  ) {
    self.table = table
    self.threadNames = threadNames
    self.inputNames = inputNames
    self.evidence = evidence
    self.memo = memo
  }

  /// One that knows these locks and this evidence alone, in a table of which they are a part.
  func keeping(_ table: LockTable, _ evidence: EvidenceStore) -> EvidenceResolver {
    EvidenceResolver(
      table: table, threadNames: threadNames, inputNames: inputNames, evidence: evidence, memo: nil)
  }

  func threadName(_ thread: ThreadID) -> String {
    thread == ImportedFacts.thread ? Witness.unknownThread : threadNames[thread.index]
  }

  func witness(_ entry: EvidenceStore.Entry) -> Witness {
    let record = evidence.records[Int(entry.record)]
    return Witness(
      thread: threadName(record.thread),
      held: lock(entry.source),
      wanted: WitnessedLock(
        lock: name(of: record.wanted), lockClass: name(of: record.wantedClass),
        mode: record.wantedMode, at: place(record.place), stack: stack(record.stack),
        line: record.line, kind: table.kind(of: record.wantedClass),
        classOrigin: table.origin(of: record.wantedClass)),
      kind: entry.kind, isStated: record.statement != nil,
      options: record.options.union(record.endings),
      alsoHeld: evidence.heldRecords(record).filter { $0.position != entry.source.position }
        .map(lock),
      input: inputNames[Int(record.input)], line: record.line)
  }

  func lock(_ held: EvidenceStore.HeldRecord) -> WitnessedLock {
    WitnessedLock(
      lock: name(of: held.lock), lockClass: name(of: held.lockClass),
      mode: held.mode, at: place(held.place), stack: stack(held.stack), line: held.line,
      kind: table.kind(of: held.lockClass),
      classOrigin: table.origin(of: held.lockClass))
  }

  /// A lock by its class, and by its own name where that tells more.
  func describe(_ lock: LockID) -> String {
    let name = table.name(of: lock)
    let lockClass = table.name(of: table.locks[lock.index].lockClass)
    return WitnessedLock(lock: name, lockClass: lockClass, mode: .write, stack: [], line: 0)
      .shownName
  }

  /// What a thread did when it was recorded: asking for a lock, and where.
  func describe(_ record: EvidenceStore.Record) -> String {
    let place = place(record.place) ?? stack(record.stack).first
    let position = "\(inputNames[Int(record.input)]):\(record.line)"
    let wait =
      record.wantedClass == .threadEnd
      ? "join" : "request for \(table.name(of: record.wantedClass))"
    return
      "\(threadName(record.thread))'s \(wait) at "
      + (place.map { "\($0) (\(position))" } ?? position)
  }

  func event(_ event: ViolationStore.Event) -> FindingEvent {
    let (at, stack) = (place(event.place), stack(event.stack))
    return FindingEvent(
      role: event.role, thread: threadName(event.thread),
      lock: event.lock.map { lock in
        WitnessedLock(
          lock: table.name(of: lock.id), lockClass: table.name(of: lock.lockClass),
          mode: event.mode, at: at, stack: stack, line: event.line,
          kind: table.locks[lock.id.index].kind,
          classOrigin: table.origin(of: lock.lockClass))
      },
      at: at, stack: stack, input: inputNames[Int(event.input)], line: event.line)
  }

  func name(of lock: LockID) -> String {
    guard let memo else { return table.name(of: lock) }
    return memo.lock(lock) { table.name(of: lock) }
  }

  func name(of lockClass: LockClassID) -> String {
    guard let memo else { return table.name(of: lockClass) }
    return memo.lockClass(lockClass) { table.name(of: lockClass) }
  }

  func place(_ number: UInt32) -> String? {
    guard number != 0 else { return nil }
    guard let memo else { return evidence.places.string(number) }
    return memo.place(number) { evidence.places.string(number) }
  }

  func stack(_ number: UInt32) -> [String] {
    guard number != 0 else { return [] }
    func frames() -> [String] {
      evidence.places.string(number).utf8.split(separator: UInt8(ascii: ";")).map {
        String(Substring($0))
      }
    }
    guard let memo else { return frames() }
    return memo.stack(number, frames)
  }
}
