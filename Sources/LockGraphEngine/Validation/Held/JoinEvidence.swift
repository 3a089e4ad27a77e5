/// What threads asked for, and whose ends they waited for, in one input [semantics 21].
///
/// A thread has its own end from its first event to its last: who waits for it waits as for a lock,
/// and everything that the thread asks for is asked for while it is held. So a take here is an
/// order from the end of the thread to the lock, and a join one from each lock that is held to the
/// end. Of takes the first of each lock, mode and epoch is kept, and those in which something was
/// held only where there is none in which nothing was. The search comes where the input ends, when
/// it is known who was waited for.
struct JoinEvidence {
  struct Join {
    /// What is wanted is no lock.
    var record: EvidenceStore.Record
    /// As `EvidenceStore.Record.owner`.
    var joined: ThreadLife
    var time: Int64?
    /// Which of what is held is part of the order, by position.
    var sources: [UInt32]
    /// A lock that is held, and with which the joined thread may have said that it was done.
    var announcement: LockID?
  }

  static let takeLimit = 1 << 18
  static let joinLimit = 1 << 16
  static let heldLimit = 1 << 20

  /// In kernels nobody joins, and a running program does not show who does.
  let isRecording: Bool
  private(set) var takes: [EvidenceStore.Record] = []
  private(set) var joins: [Join] = []
  /// What was held at each of them.
  private(set) var held: [EvidenceStore.HeldRecord] = []
  /// There were more than are kept.
  private(set) var isBounded = false
  private var bare = PairSet()
  private var nested = PairSet()

  init(isRecording: Bool) { self.isRecording = isRecording }

  /// Whether a take is another one than those that are kept.
  ///
  /// - Parameter gates: what is held, as a key; `nil` if it is nothing.
  mutating func isNew(_ epoch: UInt32, _ lock: LockID, _ mode: LockMode, gates: UInt64?) -> Bool {
    guard takes.count < Self.takeLimit, held.count < Self.heldLimit else {
      isBounded = true
      return false
    }
    let key = lock.rawValue << 2 | UInt32(mode.rawValue)
    guard let gates else { return bare.insert(epoch, key) }
    return nested.insert(epoch, UInt32(truncatingIfNeeded: mixHash(gates, UInt64(key))))
  }

  mutating func addTake(_ record: EvidenceStore.Record, holding: [EvidenceStore.HeldRecord]) {
    takes.append(keep(record, holding))
  }

  mutating func addJoin(_ join: Join, holding: [EvidenceStore.HeldRecord]) {
    guard joins.count < Self.joinLimit, held.count < 2 * Self.heldLimit else {
      isBounded = true
      return
    }
    var join = join
    join.record = keep(join.record, holding)
    joins.append(join)
  }

  private mutating func keep(
    _ record: EvidenceStore.Record, _ holding: [EvidenceStore.HeldRecord]
  ) -> EvidenceStore.Record {
    var record = record
    record.heldStart = UInt32(held.count)
    record.heldCount = UInt32(holding.count)
    held += holding
    return record
  }

  func heldRecords(_ record: EvidenceStore.Record) -> ArraySlice<EvidenceStore.HeldRecord> {
    held[Int(record.heldStart)..<Int(record.heldStart + record.heldCount)]
  }
}

extension HeldState {
  /// A thread asks for a lock, and may wait.
  ///
  /// - Complexity: expected O(1) where nothing is held, else O(locks held).
  @inline(never)
  mutating func noteTake(
    _ acquisition: Acquisition, isBare: Bool, _ record: inout OrderRecord
  ) {
    let thread = acquisition.thread.index
    let gates = isBare ? nil : gateKey(of: acquisition.thread, record.table)
    guard
      joins.isNew(threads[thread].epoch, acquisition.lock, acquisition.mode, gates: gates)
    else { return }
    let holding = heldRecords(of: acquisition.thread, &record)
    joins.addTake(
      EvidenceStore.Record(
        thread: acquisition.thread, input: inputNumber, wanted: acquisition.lock,
        wantedClass: acquisition.lockClass, wantedMode: acquisition.mode,
        options: acquisition.options, heldStart: 0, heldCount: 0,
        place: record.evidence.intern(acquisition.at),
        stack: record.evidence.intern(acquisition.stack), epoch: threads[thread].epoch,
        owner: owner(acquisition.thread), line: acquisition.line, gates: gates ?? 0),
      holding: holding)
  }

  /// A thread waits for the end of another one; called before that puts anything in order.
  @inline(never)
  mutating func noteJoin(_ event: LockEvent, _ record: inout OrderRecord) {
    let thread = event.thread.index
    guard joins.isRecording, event.otherThread != event.thread, threads[thread].held.contexts == 0
    else { return }
    let locks = threads[thread].held
    let sources = locks.locks.indices.filter { locks.isSource(locks.locks[$0], contexts: 0) }
    let holding = heldRecords(of: event.thread, &record)
    joins.addJoin(
      JoinEvidence.Join(
        record: EvidenceStore.Record(
          thread: event.thread, input: inputNumber, wanted: LockID(.max),
          wantedClass: .threadEnd, wantedMode: .write, options: event.options, heldStart: 0,
          heldCount: 0, place: record.evidence.intern(event.at),
          stack: record.evidence.intern(event.stack), epoch: threads[thread].epoch,
          owner: owner(event.thread), line: event.line, gates: 0),
        joined: owner(event.otherThread), time: event.time, sources: sources.map { UInt32($0) },
        announcement: announcement(of: event.otherThread, to: event.thread)),
      holding: holding)
  }

  private func heldRecords(
    of thread: ThreadID, _ record: inout OrderRecord
  ) -> [EvidenceStore.HeldRecord] {
    threads[thread.index].held.locks.indices.suffix(EvidenceStore.heldLimit).map {
      heldRecord($0, of: thread.index, &record)
    }
  }
}
