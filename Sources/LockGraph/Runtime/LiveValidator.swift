import CLockGraph

/// The validator of the running program: the analyser's, fed with what threads tell of themselves.
///
/// Used by one thread at a time, under the validator's lock.
struct LiveValidator: ~Copyable {
  var validator: Validator
  /// What the inputs of reports are called: the program.
  let name: String
  var order = TopologicalOrder()
  /// The dependencies that are in the order.
  var knownOrders = PairSet()
  /// The dependencies that leave each class, linked.
  private var firstOutgoing: [Int32] = []
  private var nextOutgoing: [Int32] = []
  var places = SiteTexts()
  /// Numbers of locks to the validator's numbers.
  private var lockNumbers = LockNumberTable()
  private var lockCount: UInt32 = 0
  /// The validator's numbers of tasks that had something new to show.
  private var taskThreads: [UInt64: ThreadID] = [:]
  private var violationCount = 0
  private var deadlockCount = 0
  /// Dependencies on strong circles; a new witness may make them surer.
  private var cyclic: Set<UInt32> = []
  /// The ends of dependencies that closed circles.
  private var circleEnds: [(from: LockClassID, to: LockClassID)] = []
  /// Something is there to report that was not there when this was last taken back.
  var hasNews = false
  /// The last event.
  private(set) var line: UInt64 = 0
  /// Whose the events are.
  var scopes = ScopeRuns()
  let capturesStacks: Bool
  /// The validator's numbers of classes, by theirs.
  var classNumbers: [LockClassID?] = []
  var nestings = RecentNestings()
  var instances = InstanceNews()
  var lifetimes = LifetimeEvidence()
  var backlog = Backlog()

  /// When it began; tells it from others of its process.
  private let began = lg_now()

  /// How many potential deadlocks are looked at.
  static let inversionLimit = 1000

  init(name: String, capturesStacks: Bool) {
    self.name = name
    self.capturesStacks = capturesStacks
    validator = Validator()
    validator.journal = DependencyJournal()
    validator.beginInput(0, traits: TraceTraits())
  }

  // MARK: Names

  /// The validator's number of a thread, or of the task that runs on it, where that is known.
  ///
  /// - Parameter task: the task's number; 0 outside of tasks.
  mutating func thread(
    _ thread: UnsafeMutablePointer<lg_thread>, task: UInt64 = 0
  ) -> ThreadID {
    let task = thread == lg_current() ? TaskIdentity.current : task
    if task != 0 {
      if let known = taskThreads[task] { return known }
      let id = newThread(named: TaskIdentity.name(task))
      taskThreads[task] = id
      return id
    }
    if thread.pointee.validator_thread != 0 { return ThreadID(thread.pointee.validator_thread - 1) }
    let id = newThread(named: ThreadName.text(thread))
    lg_set_validator_thread(thread, id.rawValue + 1)
    return id
  }

  private mutating func newThread(named name: String) -> ThreadID {
    var name = name
    let id = name.withUTF8 { validator.newThread(named: UnsafeRawBufferPointer($0)) }
    validator.threads[id.index].isMentioned = true
    return id
  }

  /// The validator's number of a lock, and whether it has to be told what the lock is.
  private mutating func lock(_ number: UInt64) -> (number: UInt32, isNew: Bool) {
    if let known = lockNumbers.value(number) { return (known, false) }
    let new = lockCount
    lockCount += 1
    lockNumbers.insert(number, value: new)
    var name = LockNames.text(number)
    name.withUTF8 { validator.newLock(number: new, named: UnsafeRawBufferPointer($0)) }
    return (new, true)
  }

  // MARK: Events

  private mutating func event(
    _ verb: EventVerb, _ thread: ThreadID, number: UInt64, lockClass: UInt32, traits: UInt32 = 0,
    nest: UInt64 = 0, site: lg_site
  ) -> LockEvent {
    event(
      verb, thread, number: number, lockClass: lockClass, traits: traits, nest: nest,
      at: places.text(site))
  }

  mutating func event(
    _ verb: EventVerb, _ thread: ThreadID, number: UInt64, lockClass: UInt32, traits: UInt32,
    nest: UInt64 = 0, at place: UnsafeRawBufferPointer?
  ) -> LockEvent {
    line += 1
    var event = LockEvent(verb: verb, thread: thread, line: line)
    let (known, isNew) = lock(number)
    event.lock = known
    event.mode = LockMode(rawValue: UInt8(traits & LG_MODE_MASK))
    event.options = AcquisitionOptions(traits: traits)
    if lockClass & LG_UNORDERED != 0 { event.options.insert(.unchecked) }
    event.subclass = UInt8((traits & LG_SUBCLASS_MASK) >> UInt32(LG_SUBCLASS_SHIFT))
    if traits & LG_NESTED != 0 { event.nest = lock(nest).number }
    if isNew {
      event.kind = LockKind(lockClass: lockClass)
      event.lockClass = LockClassRegistry.nameBytes(lockClass & LG_CLASS_MASK)
      if lockClass & LG_HAS_RANK != 0 { event.rank = LockNames.rank(number) }
      event.nestsByInstance = LockClassRegistry.nestsByInstance(lockClass & LG_CLASS_MASK)
    }
    event.at = place
    return event
  }

  /// Lays out what a thread holds.
  private mutating func restore(_ held: UnsafeBufferPointer<lg_held>, _ thread: ThreadID) {
    for index in held.indices where held[index].traits & LG_UNSEEN == 0 {
      let one = held[index]
      let event = event(
        .acquire, thread, number: one.number, lockClass: one.lock_class, traits: one.traits,
        nest: one.nest, site: one.site)
      validator.hold(event, reentries: UInt32(clamping: one.reentries))
    }
  }

  /// Judges a request for a lock.
  ///
  /// - Returns: whether the same nesting of other instances is worth another look.
  mutating func ask(
    _ thread: UnsafeMutablePointer<lg_thread>, number: UInt64, lockClass: UInt32, traits: UInt32,
    nest: UInt64, site: lg_site
  ) -> Bool {
    catchUp()
    let id = self.thread(thread)
    restore(HeldStack.all(thread), id)
    let event = event(
      .acquire, id, number: number, lockClass: lockClass, traits: traits, nest: nest, site: site)
    let isWorthMore = ask(event, on: thread, number: number)
    validator.clear(id)
    judge()
    return isWorthMore
  }

  private mutating func ask(
    _ event: LockEvent, on thread: UnsafeMutablePointer<lg_thread>, number: UInt64
  ) -> Bool {
    guard capturesStacks else { return ask(event, stack: []) }
    let young = LifetimeEvidence.young(on: thread, wanted: number)
    guard !young.isEmpty else { return ask(event, stack: StackText.bytes(of: thread)) }
    let (addresses, frames) = StackText.addressesWithFrames(of: thread)
    var event = event
    event.origin = LifetimeEvidence.origin(young, addresses, frames)
    return ask(
      event, stack: addresses.withUnsafeBufferPointer { StackText.bytes($0) },
      young: young.map { ($0.number, LifetimeEvidence.start($0.frame, frames)) })
  }

  /// Judges a request by a thread that made locks of late; the first frames of functions that may
  /// have are in the stack.
  mutating func ask(
    _ event: LockEvent, stack: [UInt8], young: [(number: UInt64, start: Int)]
  ) -> Bool {
    let count = validator.evidence.records.count
    let isWorthMore = ask(event, stack: stack)
    guard validator.evidence.records.count > count else { return isWorthMore }
    for (number, start) in young {
      lifetimes.add(validator.table.lock(lock(number).number), start: start, to: UInt32(count))
    }
    return isWorthMore
  }

  /// Judges a request by a thread whose held locks are laid out.
  mutating func ask(_ event: LockEvent, stack: [UInt8]) -> Bool {
    stack.withUnsafeBytes {
      var event = event
      event.stack = $0.isEmpty ? nil : $0
      return validator.ask(event)
    }
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
    _ verb: EventVerb, _ thread: UnsafeMutablePointer<lg_thread>, number: UInt64, lockClass: UInt32,
    assertion: LockAssertion = .held, site: lg_site?,
    holders: [Holder] = []
  ) {
    catchUp()
    let id = self.thread(thread)
    for holder in holders {
      holder.holds.withUnsafeBufferPointer { restore($0, self.thread(holder.thread)) }
    }
    restore(HeldStack.all(thread), id)
    var event = event(
      verb, id, number: number, lockClass: lockClass,
      site: site ?? lg_site(file: nil, line: 0, column: 0))
    event.assertion = assertion
    // Nothing may have said before what the lock is.
    _ = validator.resolveLock(event)
    validator.consume(event)
    for holder in holders { validator.clear(self.thread(holder.thread)) }
    validator.clear(id)
    judge()
  }

  /// A thread ends; it may hold locks, for which others may wait.
  mutating func end(
    _ thread: UnsafeMutablePointer<lg_thread>, waiters: [WaitSnapshot]
  ) {
    catchUp()
    let id = self.thread(thread)
    restore(HeldStack.all(thread), id)
    let waiting = layOut(waiters)
    line += 1
    validator.consume(LockEvent(verb: .exit, thread: id, line: line))
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
    var ids: [ThreadID] = []
    for waiter in waiters {
      let id = thread(waiter.thread, task: waiter.waiting.task)
      ids.append(id)
      waiter.held.withUnsafeBufferPointer { restore($0, id) }
    }
    for (waiter, id) in zip(waiters, ids) {
      let waiting = waiter.waiting
      let event = event(
        .request, id, number: waiting.number, lockClass: waiting.lock_class,
        traits: waiting.traits, nest: waiting.nest, site: waiting.site)
      validator.consume(event)
    }
    return ids
  }

  /// Records misuse of a reference count, which is no event of a trace.
  mutating func tell(
    _ variant: ViolationStore.Variant, _ thread: UnsafeMutablePointer<lg_thread>, number: UInt64,
    lockClass: UInt32, site: lg_site
  ) {
    let id = self.thread(thread)
    let event = event(.assert, id, number: number, lockClass: lockClass, site: site)
    let lock = validator.resolveLock(event)
    validator.table.countInstance(lock)
    validator.record(
      .referenceCountMisused, variant: variant,
      lockClass: validator.table.locks[lock.index].lockClass
    ) { [$0.violationEvent("count", event, lock: lock)] }
    judge()
  }

  // MARK: News

  /// Notices whether the last events are a reason to report.
  mutating func judge() {
    if validator.violations.violations.count != violationCount {
      violationCount = validator.violations.violations.count
      hasNews = true
    }
    if validator.deadlocks.deadlocks.count != deadlockCount {
      deadlockCount = validator.deadlocks.deadlocks.count
      hasNews = true
    }
    if validator.instanceOrders.isBounded { instances.sayBound() }
    guard let journal = validator.journal, !journal.isEmpty else { return }
    for nesting in journal.nested {
      // Asked in any case: it puts the nesting into the order of locks. A circle of classes may be one of
      // locks with it.
      let closesCircle = instances.closesCircle(nesting)
      hasNews = hasNews || closesCircle || isOnCircle(nesting.lockClass)
    }
    for id in journal.grown {
      let edge = validator.graph[id]
      let isNew = link(id) && knownOrders.insert(edge.from.rawValue, edge.to.rawValue)
      let isOnCircle =
        isNew
        ? order.add(from: edge.from.index, to: edge.to.index)
        : order.asideCount > 0 && order.leads(from: edge.to.index, to: edge.from.index)
      if isNew, isOnCircle { circleEnds.append((edge.from, edge.to)) }
      guard isOnCircle || edge.from == edge.to else { continue }
      let isStrong = validator.graph.closesStrongCycle(id) { lockClass in
        successors(of: lockClass)
      }
      if isStrong {
        cyclic.insert(id.rawValue)
        hasNews = true
      }
    }
    // What lies on a circle with an edge that closed one is not all known; any witness may matter then.
    if !cyclic.isEmpty, !journal.witnessed.isEmpty {
      hasNews = hasNews || journal.witnessed.contains { mayBeCyclic($0) }
    }
    // Two locks that levels of one class tell apart may be taken in both orders: only an analysis tells.
    hasNews = hasNews || journal.witnessed.contains { isWithinClass($0) }
    validator.journal?.removeAll()
  }

  private func isWithinClass(_ id: DependencyID) -> Bool {
    let edge = validator.graph[id]
    func base(_ lockClass: LockClassID) -> LockClassID {
      validator.table.classes[lockClass.index].base ?? lockClass
    }
    return base(edge.from) == base(edge.to)
  }

  private mutating func isOnCircle(_ lockClass: LockClassID) -> Bool {
    circleEnds.contains {
      order.leads(from: $0.to.index, to: lockClass.index)
        && order.leads(from: lockClass.index, to: $0.from.index)
    }
  }

  private mutating func mayBeCyclic(_ id: DependencyID) -> Bool {
    let edge = validator.graph[id]
    return cyclic.contains(id.rawValue) || edge.from == edge.to
      || order.leads(from: edge.to.index, to: edge.from.index)
  }

  /// True if the dependency is new.
  private mutating func link(_ id: DependencyID) -> Bool {
    while nextOutgoing.count <= id.index { nextOutgoing.append(-2) }
    guard nextOutgoing[id.index] == -2 else { return false }
    let from = validator.graph[id].from.index
    while firstOutgoing.count <= from { firstOutgoing.append(-1) }
    nextOutgoing[id.index] = firstOutgoing[from]
    firstOutgoing[from] = Int32(id.index)
    return true
  }

  private func successors(of lockClass: LockClassID) -> [DependencyID] {
    var result: [DependencyID] = []
    guard lockClass.index < firstOutgoing.count else { return result }
    var number = firstOutgoing[lockClass.index]
    while number >= 0 {
      result.append(DependencyID(UInt32(number)))
      number = nextOutgoing[Int(number)]
    }
    return result
  }

  /// A class is judged by instance from now on.
  mutating func nestByInstance(_ number: UInt32) {
    let name = LockClassRegistry.nameBytes(number)
    validator.table.setNestsByInstance(validator.table.lockClass(named: name))
  }

  /// The orders that were seen.
  mutating func graph() -> ProgramGraph {
    catchUp()
    return ProgramGraph(validator, of: input, began: began, privacy: privacy())
  }

  /// What the program is called as an input, and how much it has done.
  private var input: Analysis.Input {
    Analysis.Input(
      name: name, format: "running program", events: line, skipped: 0, warnings: [])
  }

  /// Tells how a witness was made where nobody else could reach one of its locks.
  private func privacy() -> (CycleGrading.Candidate) -> String? {
    guard capturesStacks else { return { _ in nil } }
    let judge = LifetimeJudge(
      evidence: validator.evidence, table: validator.table, lifetimes: lifetimes)
    return { judge.privacy(of: $0) }
  }

  /// Everything that is known now.
  ///
  /// - Complexity: O(classes + dependencies), plus a bounded amount of work for the cycles.
  mutating func analysis() -> Analysis {
    catchUp()
    return validator.presentAnalysis(of: [input], inversionLimit: Self.inversionLimit, privacy: privacy())
  }
}

extension AcquisitionOptions {
  /// The bits of a running acquisition as the analyser's.
  init(traits: UInt32) {
    self = []
    if traits & LG_TRY != 0 { insert(.try) }
    if traits & LG_INTERRUPTIBLE != 0 { insert(.interruptible) }
    if traits & LG_KILLABLE != 0 { insert(.killable) }
    if traits & LG_TIMEOUT != 0 { insert(.timeout) }
    if traits & LG_UNCHECKED != 0 { insert(.unchecked) }
    if traits & LG_EXCLUSIVE != 0 { insert(.exclusive) }
  }
}

extension LockKind {
  /// The kind that the flags beside a lock's class tell.
  init(lockClass: UInt32) {
    switch lockClass & LG_KIND_MASK {
    case LG_KIND_RECURSIVE: self = .recursive
    case LG_KIND_SPIN: self = .spin
    case LG_KIND_READ_WRITE: self = .rwsem
    case LG_KIND_SEMAPHORE: self = .semaphore
    case LG_KIND_QUEUE: self = .queue
    default: self = .mutex
    }
  }
}
