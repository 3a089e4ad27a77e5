/// Where the events of one input have led to: what each thread holds, wants and waits for.
///
/// What a lock's row says of its holders is in the record's lock table.
struct HeldState: ~Copyable {
  /// One thread, under all lives of its name.
  struct Thread {
    var held: HeldLocks
    var pending: [PendingRequest] = []
    var waits: [WaitedLock] = []
    var pins: [LockID: Pin] = [:]
    /// What it holds since before it started threads, and what its parent held when it was started.
    var spanning: [SpawnHold] = []
    var awaited: [SpawnHold] = []
    /// The join that it is in, if it is.
    var joining: JoinWait? { didSet { updateRunning() } }
    /// The condition wait that it is in, if it is.
    var conditionWait: ConditionWait? { didSet { updateRunning() } }
    /// What it may have said last before its end.
    var announcement: Announcement? { didSet { updateRunning() } }
    /// It was mentioned and has none of these; whatever it does next shows that one it is in is
    /// over.
    private(set) var isRunning = false
    /// Where it stands in `waiting`, or -1.
    var waitingIndex = -1
    /// It said so.
    var hasEnded = false
    var epoch: UInt32
    /// The last event before it.
    var eventBeforeEpoch: UInt64 = 0
    var hasExited = false
    /// Which thread of its name it is, from zero.
    var life: UInt32 = 0
    /// The event at which the recorder last lost some of this thread's.
    var gap: UInt64?
    var isMentioned = false { didSet { updateRunning() } }

    private mutating func updateRunning() {
      isRunning = isMentioned && joining == nil && conditionWait == nil && announcement == nil
    }
  }

  /// By their numbers in the record.
  var threads: [Thread] = []
  /// The first thread of the current input.
  var firstThread = 0
  /// The threads with open requests or joins.
  var waiting: [ThreadID] = []
  var traits = TraceTraits()
  var joins = JoinEvidence(isRecording: false)
  var inputNumber: UInt32 = 0
  /// When what is signalled rather than owned was signalled last.
  var signals = Signals()
  /// Of locks whose kind nothing has stated yet.
  var unjudgedWaits = UnjudgedWaits()
  /// What a lock is may be told as late as where its input ends: false in a program that runs,
  /// which cannot take back what it said.
  var settlesAtEnd = true
  /// Events so far, of all inputs.
  var eventCount: UInt64 = 0
  /// How often it may still be looked for two owners of a lock in this input.
  var ownerLooks = 0
  /// It shows what only a kernel has.
  var isOfKernel = false
  /// The event at which the recorder last lost some of any thread's.
  var commonGap: UInt64?

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    self.traits = traits
    inputNumber = number
    commonGap = nil
    firstThread = threads.count
    signals = Signals()
    unjudgedWaits = UnjudgedWaits()
    ownerLooks = 10_000
    joins = JoinEvidence(isRecording: !traits.isKernel && !traits.isUserSpace)
    isOfKernel = traits.isKernel
    for thread in waiting { threads[thread.index].waitingIndex = -1 }
    waiting.removeAll()
  }

  mutating func addThread(_ thread: ThreadID, epoch: UInt32) {
    threads.append(
      Thread(held: HeldLocks(evidenceSeed: Self.evidenceSeed(thread, epoch)), epoch: epoch))
    // It may have begun before the gap.
    if commonGap != nil { threads[thread.index].held.forget() }
  }

  static func evidenceSeed(_ thread: ThreadID, _ epoch: UInt32) -> UInt64 {
    // Not mixed with each other: threads and epochs rise together, and equal ones would cancel out.
    mixHash(UInt64(thread.rawValue) << 32 | UInt64(epoch), 0)
  }

  /// A thread's name in its current life.
  func owner(_ thread: ThreadID) -> ThreadLife {
    ThreadLife(thread, life: threads[thread.index].life)
  }

  /// The thread's next epoch of the fork/join order begins.
  mutating func begin(_ epoch: UInt32, of thread: ThreadID) {
    threads[thread.index].epoch = epoch
    threads[thread.index].eventBeforeEpoch = eventCount
    threads[thread.index].held.changeEvidenceSeed(to: Self.evidenceSeed(thread, epoch))
  }

  mutating func removeHeld(at index: Int, of thread: ThreadID, _ record: inout OrderRecord) {
    if !threads[thread.index].spanning.isEmpty { endSpawnHold(at: index, of: thread, &record) }
    record.table.locks[threads[thread.index].held.locks[index].lock.index].holds -= 1
    threads[thread.index].held.remove(at: index)
  }

  /// A lock that is no recursive one and was taken several times is given up once; where that one
  /// is then.
  mutating func splitUnlessRecursive(
    at index: Int, of thread: ThreadID, _ table: inout LockTable
  ) -> Int {
    let held = threads[thread.index].held.locks[index]
    guard held.reentries > 0, table.locks[held.lock.index].kind?.isReentrant != true else {
      return index
    }
    threads[thread.index].held.split(at: index)
    table.locks[held.lock.index].holds += 1
    return index + 1
  }

  /// A lock whose violations are kept apart until the input ends: they are none if it turns out
  /// that nobody owns it.
  func doubtful(_ lock: LockID, _ table: borrowing LockTable) -> LockID? {
    settlesAtEnd && table.mayTurnOutUnowned(lock) ? lock : nil
  }

  /// Whether a lock is held by the code that the running code interrupted.
  func isOfInterrupted(_ index: Int, _ thread: ThreadID) -> Bool {
    let held = threads[thread.index].held
    let frame = held.locks[index].frame
    return frame != HeldLocks.noFrame && Int(frame) < held.frames.count - 1
  }

  /// Who holds a lock, in the order of the threads' appearance.
  ///
  /// - Complexity: O(threads × locks held).
  func holders(of lock: LockID) -> [(thread: ThreadID, index: Int)] {
    threads.indices.compactMap { thread in
      threads[thread].held.lastIndex(of: lock).map { (ThreadID(UInt32(thread)), $0) }
    }
  }
}
