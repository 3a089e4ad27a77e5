/// Takes the events of any number of inputs and keeps what the rules need: who holds what, the order graph
/// and its evidence, and the violations that single events are.
///
/// Memory grows with threads and their spawns and joins, locks, classes and dependencies, never with the number
/// of acquisitions and releases. One file a
/// rule; this one hands events out. Not thread-safe: one owner feeds it.
struct Validator: ~Copyable, EventConsumer {
  struct ThreadRecord {
    var name: UInt32
    var input: UInt32
    var held: HeldLocks
    var pending: [PendingRequest] = []
    var waits: [WaitedLock] = []
    var pins: [LockID: Pin] = [:]
    /// What it holds since before it started threads, and what its parent held when it was started.
    var spanning: [SpawnHold] = []
    var awaited: [SpawnHold] = []
    /// The join that it is in, if it is.
    var joining: JoinWait?
    /// Where it stands in `waiting`, or -1.
    var waitingIndex = -1
    /// It said so.
    var hasEnded = false
    var epoch: UInt32
    var hasExited = false
    /// Which thread of its name it is, from zero.
    var life: UInt32 = 0
    /// The event at which the recorder last lost some of this thread's.
    var gap: UInt64?
    var isMentioned = false
  }

  var table = LockTable()
  var threads: [ThreadRecord] = []
  var threadNames = ByteInterner()
  var chains = ChainCache()
  var graph = LockOrderGraph()
  var evidence = EvidenceStore()
  var contextMarks = ContextMarkStore()
  var deadlocks = DeadlockStore()
  /// By owner of the evidence.
  var lifeGuards: [UInt64: [LifeGuard]] = [:]
  /// The threads with open requests or joins.
  var waiting: [ThreadID] = []
  var forkJoin = ForkJoinOrder()
  var violations = ViolationStore()
  var imports = ImportedFacts()
  var traits = TraceTraits()
  var inputNumber: UInt32 = 0
  /// Events so far, of all inputs.
  var eventCount: UInt64 = 0
  /// The event at which the recorder last lost some of any thread's.
  var commonGap: UInt64?
  /// A thread held more locks than edges are recorded from.
  var isDepthBounded = false
  /// What is new, for a validator that is asked as it goes; `nil` where the end is waited for.
  var journal: DependencyJournal?
  /// What graph files among the inputs say beside the order.
  var carried = CarriedSummary()
  var inputEvidence = InputEvidence()
  var instanceOrders = InstanceOrders()
  /// Scratch for the locks of an evidence record.
  var heldRecords: [EvidenceStore.HeldRecord] = []

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    if number > 0 {
      foldChainCounts()
      chains.removeAll()
      endInput()
    }
    self.traits = traits
    inputNumber = number
    commonGap = nil
    for thread in waiting { threads[thread.index].waitingIndex = -1 }
    waiting.removeAll()
    table.beginInput(number)
    imports.beginInput(traits)
    instanceOrders.beginInput()
  }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    let thread = ThreadID(UInt32(threads.count))
    let epoch = forkJoin.add()
    threads.append(
      ThreadRecord(
        name: threadNames.intern(name).id, input: inputNumber,
        held: HeldLocks(evidenceSeed: Self.evidenceSeed(thread, epoch)), epoch: epoch))
    // It may have begun before the gap.
    if commonGap != nil { threads[thread.index].held.forget() }
    return thread
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    threads[thread.index].name = threadNames.intern(name).id
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    table.add(name: name)
  }

  static func evidenceSeed(_ thread: ThreadID, _ epoch: UInt32) -> UInt64 {
    // Not mixed with each other: threads and epochs rise together, and equal ones would cancel out.
    mixHash(UInt64(thread.rawValue) << 32 | UInt64(epoch), 0)
  }

  mutating func consume(_ event: LockEvent) {
    eventCount += 1
    if event.verb != .lost {
      threads[event.thread.index].isMentioned = true
      if threads[event.thread.index].joining != nil { endJoin(event) }
    }
    switch event.verb {
    case .acquire: acquire(event)
    case .release: release(event)
    case .request: request(event)
    case .`init`: initialize(event)
    case .destroy: destroy(event)
    case .abandon: abandon(event)
    case .downgrade: downgrade(event)
    case .wait: beginWait(event)
    case .wake: endWait(event)
    case .spawn: spawn(event)
    case .join: join(event)
    case .exit: exit(event)
    case .enter: enter(event)
    case .leave: leave(event)
    case .disable, .enable: setMask(event)
    case .assert: assert(event)
    case .pin: pin(event)
    case .unpin: unpin(event)
    case .sleep: sleep(event)
    case .lost: lose(event)
    case .read, .write: break
    }
  }

  /// The lock of an event, with what the event states of it.
  @inline(__always)
  mutating func resolveLock(_ event: LockEvent) -> LockID {
    let lock = table.lock(event.lock, lockClass: event.lockClass)
    if event.lockClass != nil || event.kind != nil || event.rank != nil || event.nestsByInstance {
      applyStatements(event, to: lock)
    }
    return lock
  }

  @inline(never)
  mutating func applyStatements(_ event: LockEvent, to lock: LockID) {
    if let kind = event.kind { table.setKind(kind, of: lock) }
    if let name = event.lockClass { table.state(table.lockClass(named: name), of: lock) }
    if let rank = event.rank { table.locks[lock.index].rank = rank }
    if event.nestsByInstance { table.setNestsByInstance(lock) }
  }

  /// The chain of a prefix and a symbol, made where it is missing.
  @inline(__always)
  mutating func chain(_ parent: UInt32, _ symbol: ChainCache.Symbol) -> UInt32 {
    chains.child(of: parent, symbol) ?? chains.add(child: symbol, of: parent)
  }

  mutating func removeHeld(at index: Int, of thread: ThreadID) {
    if !threads[thread.index].spanning.isEmpty { endSpawnHold(at: index, of: thread) }
    table.locks[threads[thread.index].held.locks[index].lock.index].holds -= 1
    threads[thread.index].held.remove(at: index)
  }

  /// Before a thread's chain is asked for.
  @inline(__always)
  mutating func refreshChains(of thread: ThreadID) {
    if threads[thread.index].held.areChainsStale { rebuildChains(of: thread) }
  }

  @inline(never)
  private mutating func rebuildChains(of thread: ThreadID) {
    threads[thread.index].held.rebuildChains { parent, symbol in
      chains.child(of: parent, symbol) ?? chains.add(child: symbol, of: parent)
    }
  }

  /// Starts the chain cache again; what it counted goes to the graph first.
  @inline(never)
  mutating func flushChains() {
    foldChainCounts()
    chains.removeAll()
    for thread in threads.indices where !threads[thread].held.isEmpty {
      rebuildChains(of: ThreadID(UInt32(thread)))
    }
  }
}
