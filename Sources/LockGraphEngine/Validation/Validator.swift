/// Takes the events of any number of inputs and writes what is learned from them into a record.
///
/// Memory grows with threads and their spawns and joins, locks, classes and dependencies, never
/// with the number of acquisitions and releases. This file hands events out; what each does stands
/// in a file of its own, and each rule is a function of what it may touch. Not thread-safe: one
/// owner feeds it.
struct Validator: ~Copyable, EventConsumer {
  /// What was learned.
  var record = OrderRecord()
  var state = HeldState()
  var chains = ChainCache()
  var dependencies = DependencyWriter()
  var placeMarks = PlaceMarkCache()

  /// - Parameter classBasis: what becomes the class of locks of which none is stated.
  init(classBasis: ClassBasis = .lock) { record.table.classBasis = classBasis }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    if number > 0 { endInput() }
    state.beginInput(number, traits: traits)
    record.table.beginInput(number)
    record.imports.beginInput(traits)
    dependencies.instanceOrders.beginInput()
  }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    let thread = record.threads.add(named: name, input: state.inputNumber)
    state.addThread(thread, epoch: record.forkJoin.add())
    return thread
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    record.threads.rename(thread, to: name)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    record.table.add(name: name)
  }

  mutating func consume(_ fact: GraphFact) { record.state(fact, input: state.inputNumber) }

  mutating func consume(_ event: LockEvent) {
    state.eventCount += 1
    if event.verb != .lost, !state.threads[event.thread.index].isRunning { resume(event) }
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
    case .signal, .broadcast:
      state.signals.noteSignal(event)
      state.noteAnnouncement(event)
    case .barrier: waitAtBarrier(event)
    case .post: post(event)
    case .spawn: spawn(event)
    case .join: join(event)
    case .exit: exit(event)
    case .enter: enter(event)
    case .leave: leave(event)
    case .disable, .enable: setMask(event)
    case .assert: AssertionRule.judge(event, state, &record)
    case .pin: PinRule.pin(event, &state, &record)
    case .unpin: PinRule.unpin(event, &state, &record)
    case .sleep: WaitContextRule.judgeSleep(event, &state, &record)
    case .lost: state.lose(event, &record)
    case .read, .write, .dropped: break
    }
  }

  /// The thread went on, so its join or condition wait is over: many a recorder says so then only.
  @inline(never)
  private mutating func resume(_ event: LockEvent) {
    state.threads[event.thread.index].isMentioned = true
    if state.threads[event.thread.index].announcement?.outlasts(event) == false {
      state.threads[event.thread.index].announcement = nil
    }
    WaitsFor.endJoin(event, &state, &record)
    state.endConditionWait(event)
  }

  /// The lock of an event, with what the event states of it.
  @inline(__always)
  mutating func resolveLock(_ event: LockEvent) -> LockID {
    let lock = record.table.lock(event.lock, lockClass: event.lockClass)
    if event.lockClass != nil || event.kind != nil || event.rank != nil || event.nestsByInstance {
      if event.kind?.isOfKernel == true { state.isOfKernel = true }
      record.table.applyStatements(event, to: lock)
    }
    if record.table.classBasis == .firstUse, event.verb == .acquire || event.verb == .request {
      record.table.noteFirstUse(of: lock, at: event)
    }
    return lock
  }

  /// Before a thread's chain is asked for.
  @inline(__always)
  mutating func refreshChains(of thread: ThreadID) {
    if state.threads[thread.index].held.areChainsStale { rebuildChains(of: thread) }
  }

  @inline(never)
  private mutating func rebuildChains(of thread: ThreadID) {
    state.threads[thread.index].held.rebuildChains { chains[chains.add($1, behind: $0)].chain }
  }

  /// Starts the chain cache again; what it counted goes to the graph first.
  @inline(never)
  mutating func flushChains() {
    chains.fold(into: &record)
    chains.startAgain()
    for thread in state.threads.indices where !state.threads[thread].held.isEmpty {
      rebuildChains(of: ThreadID(UInt32(thread)))
    }
  }

  /// The end of all inputs: everything that events said is in the record.
  consuming func finish() -> OrderRecord {
    settle()
    return record
  }

  private mutating func settle() {
    endInput()
    chains = ChainCache()
    record.applyLateClasses()
    record.counts = counts
  }

  private mutating func endInput() {
    JoinOrders.endInput(state, &record)
    chains.fold(into: &record)
    chains.removeAll()
    let start = dependencies.inputEvidence.start
    dependencies.endInput(&record)
    WaitContextRule.judgeLate(from: start, state, &record)
    record.settleInput(state.inputNumber, from: start)
    PoolExhaustion.judgeLate(&state, &record)
    WaitContextRule.endInput(state, &record)
    WaitsAtEnd.note(state, &record)
  }

  /// What is known now, while more may come: dependencies are not counted and classes that are
  /// stated late not applied.
  var knownRecord: OrderRecord {
    var known = record
    known.counts = counts
    return known
  }

  /// What would be known if the inputs ended now.
  ///
  /// - Complexity: O(classes + chains), and that of a copy.
  var settledRecord: OrderRecord {
    var settled = record
    chains.fold(into: &settled)
    settled.applyLateClasses()
    settled.counts = counts
    return settled
  }

  /// How much there was so far.
  var counts: OrderRecord.Counts {
    OrderRecord.Counts(
      threads: state.threads.reduce(0) { $0 + ($1.isMentioned ? 1 : 0) },
      locks: record.table.locks.reduce(0) { $0 + ($1.isCounted ? 1 : 0) })
  }
}
