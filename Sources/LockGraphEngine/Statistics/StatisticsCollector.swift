/// Takes the events of any number of inputs and keeps, for each lock class, how often its locks
/// were taken, how long they were waited for and how long they were held.
///
/// - An acquisition is an `acquire`, and a `wake` that has its lock again. It waited if its open
///   `request` took time, or found the lock with another thread in a way that excludes it, or if
///   the format says so. Counting semaphores, completions and read-copy-update sections exclude
///   nobody.
/// - A thread has one hold of a lock, from its first acquisition to the release that matches it,
///   whatever it does in between: re-entries, and those of interrupts on top of it, count as
///   acquisitions and make it no other hold. It is one of the mode and class in which it began. A
///   `downgrade` ends the exclusive hold and begins a shared one; a condition wait ends the hold,
///   however often the lock was taken, and the end of the wait begins another.
/// - What a thread holds ends with the thread, and with the lock where that is destroyed or
///   initialised again. A semaphore that the thread does not hold itself is released for whoever
///   has had it for longest; of other locks such a release says nothing. Holds that are open where
///   the trace ends are counted, and their time is not known.
/// - Completions are waited for and not held.
/// - Where events were lost, the holds and waits of the threads concerned are forgotten.
/// - A duration is known if both its ends have times. One that is negative counts as 0, and is
///   counted.
///
/// Memory grows with threads, locks and classes, not with acquisitions: of each class there are
/// four histograms at most, and 64 places of either sort.
struct StatisticsCollector: ~Copyable, EventConsumer {
  struct Request {
    var lock: LockID
    var lockClass: LockClassID
    var isShared: Bool
    var subclass: UInt8
    var since: Int64
    var place: UInt32
    /// Where the thread that had the lock had taken it.
    var contendingPlace: UInt32
    /// It waits whatever the times say.
    var isContended: Bool
  }

  /// What a thread gave up for a condition wait.
  struct Suspension {
    var lock: LockID
    var lockClass: LockClassID
    var isShared: Bool
    var depth: UInt32
  }

  struct ThreadRecord {
    var input: UInt32
    var holds: [(lock: LockID, slot: UInt32)] = []
    var requests: [Request] = []
    var suspensions: [Suspension] = []
    var isMentioned = false
  }

  static let noTime = Int64.min
  /// As many as the rules follow: older ones were given up without a word.
  static let openRequests = 16

  static var usesTimes: Bool { true }

  var table = LockTable()
  var threads: [ThreadRecord] = []
  var pool = HoldPool()
  var places = PlaceTable()
  /// Two a class: exclusive and shared.
  var rows: [ModeCounters] = []
  /// By class.
  var points: [(contention: ContentionPoints, contending: ContentionPoints)] = []
  var inputNumber: UInt32 = 0
  var eventCount: UInt64 = 0
  var hasTimes = false
  var backwardDurations: UInt64 = 0
  /// Waits by when they were, from the first time of their input on.
  var waitBins = WaitBins()
  private var beginning = Self.noTime
  /// Only where somebody declared limits.
  var overruns: OverrunCollector?

  /// - Parameters:
  ///   - classBasis: what becomes the class of locks of which none is stated.
  ///   - limits: for how long locks may be held and waited for; `nil` is for ever.
  init(classBasis: ClassBasis, limits: DurationLimits.Source? = nil) {
    table.classBasis = classBasis
    overruns = limits.map { OverrunCollector($0) }
  }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    inputNumber = number
    beginning = Self.noTime
    table.beginInput(number)
  }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    threads.append(ThreadRecord(input: inputNumber))
    overruns?.add(thread: name)
    return ThreadID(UInt32(threads.count - 1))
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    overruns?.rename(thread, to: name)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    table.add(name: name)
  }

  mutating func consume(_ event: LockEvent) {
    eventCount += 1
    if beginning == Self.noTime, let time = event.time {
      hasTimes = true
      beginning = time
    }
    if event.verb != .lost { threads[event.thread.index].isMentioned = true }
    switch event.verb {
    case .acquire: acquire(event)
    case .release, .post: release(event)
    case .request: request(event)
    case .`init`: initialize(event)
    case .destroy: destroy(event)
    case .abandon: abandon(event)
    case .downgrade: downgrade(event)
    case .wait: beginWait(event)
    case .wake: endWait(event)
    case .exit: exit(event)
    case .lost: lose(event)
    case .spawn, .join:
      threads[event.otherThread.index].isMentioned = true
    case .signal, .broadcast, .barrier, .enter, .leave, .disable, .enable, .assert, .pin, .unpin,
      .sleep, .read, .write, .dropped:
      break
    }
  }

  /// The lock of an event, with what the event states of it.
  @inline(__always)
  mutating func resolveLock(_ event: LockEvent) -> LockID {
    let lock = table.lock(event.lock, lockClass: event.lockClass)
    if event.lockClass != nil || event.kind != nil { applyStatements(event, to: lock) }
    if table.classBasis == .firstUse, event.verb == .acquire || event.verb == .request {
      table.stateDerivedClass(of: lock, at: event, .firstUse)
    }
    return lock
  }

  @inline(never)
  mutating func applyStatements(_ event: LockEvent, to lock: LockID) {
    if let kind = event.kind { table.setKind(kind, of: lock, line: event.line) }
    if let permits = event.permits { table.setPermits(permits, of: lock, line: event.line) }
    if let name = event.lockClass { table.state(table.lockClass(named: name), of: lock) }
  }

  /// Where a class in a mode is counted.
  @inline(__always)
  mutating func row(_ lockClass: LockClassID, isShared: Bool) -> Int {
    let row = lockClass.index * 2 + (isShared ? 1 : 0)
    if row >= rows.count { growRows(to: row) }
    return row
  }

  @inline(never)
  private mutating func growRows(to row: Int) {
    while rows.count <= row {
      rows.append(ModeCounters())
      rows.append(ModeCounters())
      points.append((ContentionPoints(), ContentionPoints()))
    }
  }

  /// The time between two events, if both have times.
  @inline(__always)
  mutating func elapsed(since begin: Int64, _ event: LockEvent) -> UInt64? {
    guard begin != Self.noTime, let end = event.time else { return nil }
    if end < begin {
      backwardDurations += 1
      return 0
    }
    return UInt64(bitPattern: end &- begin)
  }

  /// Keeps when a wait for a class was that ends with an event.
  mutating func keepWait(since begin: Int64, _ event: LockEvent, of lockClass: LockClassID) {
    guard begin != Self.noTime, let end = event.time, end > begin, begin >= beginning else {
      return
    }
    waitBins.add(
      from: UInt64(bitPattern: begin &- beginning), to: UInt64(bitPattern: end &- beginning),
      row: lockClass.index)
  }

  @inline(__always)
  func slot(of lock: LockID, heldBy thread: ThreadID) -> UInt32? {
    threads[thread.index].holds.last { $0.lock == lock }?.slot
  }
}
