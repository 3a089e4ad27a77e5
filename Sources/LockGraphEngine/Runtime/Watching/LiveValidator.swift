import CLockGraph

/// The validator of the running program: the analyser's, fed with what threads tell of themselves.
///
/// It joins five parts that know nothing of each other: the names by which the validator knows
/// things, the events it is given, the watch over what it learns, the calls that are kept as
/// evidence, and what is put off. Used by one thread at a time, under the validator's lock.
struct LiveValidator: ~Copyable {
  var validator: Validator
  var names = ValidatorNames()
  var events = LiveEvents()
  var watch = DependencyWatch()
  var calls: CallEvidence
  var backlog = Backlog()
  var nestings = RecentNestings()
  /// Whose the events are.
  var scopes = ScopeRuns()
  var overruns: LiveOverruns
  /// What the inputs of reports are called: the program.
  let name: String
  /// When it began; tells it from others of its process.
  private let began = lg_now()

  /// How many potential deadlocks are looked at.
  static let inversionLimit = 1000

  init(
    name: String, capturesStacks: Bool, limits: [LockValidator.DurationLimit] = []
  ) {
    self.name = name
    overruns = LiveOverruns(limits)
    calls = CallEvidence(capturesStacks: capturesStacks)
    validator = Validator()
    validator.dependencies.journal = DependencyJournal()
    validator.state.settlesAtEnd = false
    validator.beginInput(0, traits: TraceTraits(isUserSpace: true))
    validator.record.table.lacksAcquisitions = true
  }

  // MARK: Events

  mutating func event(_ verb: EventVerb, _ thread: ThreadID, _ use: LockUse) -> LockEvent {
    events.event(verb, thread, use, &names, &validator.record.table)
  }

  /// The validator's number of a thread or task, with what it holds laid out.
  private mutating func layOut(
    _ thread: UnsafeMutablePointer<lg_thread>, task: UInt64 = 0,
    holding held: UnsafeBufferPointer<lg_held>
  ) -> ThreadID {
    let id = names.thread(thread, task: task, in: &validator)
    events.restore(held, id, &names, in: &validator)
    return id
  }

  /// Judges a request for a lock.
  ///
  /// - Returns: whether the same nesting of other instances is worth another look.
  mutating func ask(_ thread: UnsafeMutablePointer<lg_thread>, _ use: LockUse) -> Bool {
    catchUp()
    let id = layOut(thread, holding: HeldStack.all(thread))
    let event = event(.acquire, id, use)
    let isWorthMore = ask(event, calls.calls(of: thread, wanted: use.number))
    validator.clear(id)
    judge()
    return isWorthMore
  }

  /// Judges a request by a thread whose held locks are laid out.
  mutating func ask(_ event: LockEvent, _ calls: CallEvidence.Calls) -> Bool {
    let count = validator.record.evidence.records.count
    let isWorthMore = calls.stack.withUnsafeBytes { stack in
      var event = event
      event.stack = stack.isEmpty ? nil : stack
      event.origin = calls.origin
      return validator.ask(event)
    }
    guard validator.record.evidence.records.count > count else { return isWorthMore }
    for (number, start) in calls.young {
      let known = names.lock(number, in: &validator.record.table).number
      self.calls.note(validator.record.table.lock(known), start: start, of: count)
    }
    return isWorthMore
  }

  /// A thread that holds the lock that an event is about.
  struct Holder {
    var thread: UnsafeMutablePointer<lg_thread>
    var holds: [lg_held]
  }

  /// Judges an event that is no request: a release, an assertion, the end of a lock or thread.
  ///
  /// - Parameter holders: other threads that hold the lock.
  mutating func tell(
    _ verb: EventVerb, _ thread: UnsafeMutablePointer<lg_thread>, _ use: LockUse,
    assertion: LockAssertion = .held, holders: [Holder] = []
  ) {
    catchUp()
    let others = holders.map { holder in
      holder.holds.withUnsafeBufferPointer { layOut(holder.thread, holding: $0) }
    }
    let id = layOut(thread, holding: HeldStack.all(thread))
    var event = event(verb, id, use)
    event.assertion = assertion
    // Nothing may have said before what the lock is.
    _ = validator.resolveLock(event)
    validator.consume(event)
    for other in others { validator.clear(other) }
    validator.clear(id)
    judge()
  }

  /// A thread ends; it may hold locks, for which others may wait.
  mutating func end(
    _ thread: UnsafeMutablePointer<lg_thread>, waiters: [WaitSnapshot]
  ) {
    catchUp()
    let id = layOut(thread, holding: HeldStack.all(thread))
    let waiting = layOut(waiters)
    validator.consume(events.event(.exit, id))
    for id in waiting { validator.clear(id) }
    judge()
  }

  /// Judges threads that all wait at this moment; who waits for whom is the analyser's search.
  mutating func judge(waiters: [WaitSnapshot]) {
    catchUp()
    for id in layOut(waiters) { validator.clear(id) }
    judge()
  }

  /// Lays out what threads hold and what they wait for.
  private mutating func layOut(_ waiters: [WaitSnapshot]) -> [ThreadID] {
    let ids = waiters.map { waiter in
      waiter.held.withUnsafeBufferPointer {
        layOut(waiter.thread, task: waiter.waiting.task, holding: $0)
      }
    }
    for (waiter, id) in zip(waiters, ids) {
      validator.consume(event(.request, id, LockUse(waiter.waiting)))
    }
    return ids
  }

  /// Records misuse of a reference count, which is no event of a trace.
  mutating func tell(
    _ variant: ViolationVariant, _ thread: UnsafeMutablePointer<lg_thread>, _ use: LockUse
  ) {
    let id = names.thread(thread, in: &validator)
    let event = event(.assert, id, use)
    let lock = validator.resolveLock(event)
    validator.record.table.countInstance(lock)
    let key = ViolationStore.Key(variant, validator.record.table.locks[lock.index].lockClass)
    if validator.record.violations.isFirst(key) {
      let event = validator.state.violationEvent(.count, event, lock: lock, &validator.record)
      validator.record.violations.add(key, [event])
    }
    judge()
  }

  /// A class is judged by instance from now on.
  mutating func nestByInstance(_ number: UInt32) {
    let name = LockClassRegistry.nameBytes(number)
    validator.record.table.setNestsByInstance(validator.record.table.lockClass(named: name))
  }

  // MARK: What is known

  /// Notices whether the last events are a reason to report.
  mutating func judge() {
    watch.count(
      violations: validator.record.violations.violations.count,
      deadlocks: validator.record.deadlocks.deadlocks.count)
    if validator.record.bounds.instanceOrders { watch.sayBound() }
    guard let journal = validator.dependencies.journal, !journal.isEmpty else { return }
    watch.look(at: journal, in: validator.record.graph, validator.record.table)
    validator.dependencies.journal?.removeAll()
  }

  /// What the program is called as an input, and how much it has done.
  private var input: TraceInput {
    TraceInput(
      name: name, format: TraceInput.runningProgram, events: events.line, skipped: 0, warnings: [])
  }

  /// The orders that were seen.
  mutating func graph() -> ProgramGraph {
    catchUp()
    return ProgramGraph(
      validator.settledRecord, learned: validator.record.learnedCount, of: input, began: began,
      privacy: calls.privacy(validator.record.evidence, validator.record.table))
  }

  /// What is to be reported now.
  ///
  /// - Complexity: as `analysis`, without a copy of the graph.
  mutating func findings() -> [Finding] {
    catchUp()
    let found = validator.knownRecord.findings(
      of: [input], inversionLimit: Self.inversionLimit,
      privacy: calls.privacy(validator.record.evidence, validator.record.table))
    return overruns.isEmpty ? found : (found + Finding.overruns(overruns.all))
  }

  /// Everything that is known now.
  ///
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  mutating func analysis() -> Analysis {
    catchUp()
    var analysis = validator.knownRecord.analysis(
      of: [input], inversionLimit: Self.inversionLimit,
      privacy: calls.privacy(validator.record.evidence, validator.record.table))
    _ = analysis.addOverruns(
      overruns.all, rules: [.longHold, .longWait], limit: Self.inversionLimit)
    return analysis
  }
}
