/// Makes an execution of the events of a run, in their order.
///
/// Threads, locks, variables and what threads are signalled by are numbers that the caller gives
/// out, each kind from zero. Memory grows with the events.
struct ExecutionBuilder {
  private struct OpenSection {
    var lock: UInt32
    var section: UInt32
    var mode: LockMode
    /// Where it was taken.
    var place: UInt32
    /// How often the thread took the lock again inside.
    var reentries: Int
  }

  private struct Thread {
    var open: [OpenSection] = []
    var needs: [Execution.Need] = []
    var last = Execution.none
    /// The event that started it, until it has done something.
    var spawn = Execution.none
    /// The thread for whose end it waits, until it goes on.
    var joined: (thread: UInt32, canGiveUp: Bool, origin: Execution.Origin)?
    /// The generation of a barrier at which it has come.
    var arrival: (barrier: Int, generation: Int)?
    var wait: Wait?
  }

  private struct Wait {
    var condition: UInt32
    /// What was given up, if anything was.
    var hold: Execution.Hold?
    var reentries = 0
    /// How many signals the condition had had.
    var signals: Int
    var canGiveUp: Bool
  }

  private struct Signals {
    var events: [(event: UInt32, isBroadcast: Bool, isUsed: Bool)] = []
    /// Needs that one of them meets.
    var needs: [(thread: UInt32, number: Int)] = []
  }

  private struct Tokens {
    var given: [UInt32] = []
    var taken = 0
    /// How many there were from the beginning, as far as that is known.
    var permits = 0
    var needs: [(thread: UInt32, number: Int)] = []
    var isOnce = true
  }

  private struct Barrier {
    var thread: UInt32
    var arrivals: [UInt32] = []
    var generation = 0
    /// The end of the generation before.
    var completion = Execution.none
  }

  private struct Owners {
    var writers: Int32 = 0
    var readers: Int32 = 0
    var upgraders: Int32 = 0

    mutating func add(_ count: Int32, _ mode: LockMode) {
      switch mode {
      case .write: writers += count
      case .upgradable: upgraders += count
      case .read, .recursiveRead: readers += count
      }
    }
  }

  /// The locks whose requests may be sides of deadlocks that are asked for; all where nothing is
  /// said.
  struct Watch {
    var locks: [Bool]?
    /// Those for which readers may wait behind writers.
    var queues: [Bool]?
    /// A thread may wait for the end of one that has none of these locks.
    var watchesEnds = false

    @inline(__always)
    func contains(_ lock: UInt32) -> Bool { Self.contains(lock, locks) }

    func hasQueue(_ lock: UInt32) -> Bool { Self.contains(lock, queues) }

    @inline(__always)
    private static func contains(_ lock: UInt32, _ locks: [Bool]?) -> Bool {
      guard let locks else { return true }
      return Int(lock) < locks.count && locks[Int(lock)]
    }
  }

  /// Where the next events stand in the input.
  var origin = Execution.Origin()
  private var execution = Execution()
  private var threads: [Thread] = []
  private var owners: [Owners] = []
  private var lastWrites: [UInt32: UInt32] = [:]
  private var signals: [UInt32: Signals] = [:]
  private var tokens: [UInt32: Tokens] = [:]
  private var barriers: [UInt32: Int] = [:]
  private var barrierStates: [Barrier] = []
  /// By a hash of what they are, or the first free number behind it.
  private var groups: [UInt64: Int] = [:]
  private let watch: Watch
  /// No two threads had a lock at once that excludes it: what the order says can be trusted.
  private(set) var isConsistent = true

  var eventCount: Int { execution.events.count }

  init(watch: Watch = Watch()) { self.watch = watch }

  mutating func addThread() -> UInt32 {
    threads.append(Thread())
    return UInt32(threads.count - 1)
  }

  // MARK: Events

  @discardableResult
  private mutating func append(
    _ action: Execution.Action, _ thread: UInt32, _ operand: UInt32 = Execution.none
  ) -> UInt32 {
    settle(thread)
    return appendSettled(action, thread, operand)
  }

  private mutating func appendSettled(
    _ action: Execution.Action, _ thread: UInt32, _ operand: UInt32 = Execution.none
  ) -> UInt32 {
    let event = UInt32(execution.events.count)
    let number = Int(thread)
    execution.events.append(
      Execution.Event(
        thread: thread, operand: operand, previous: threads[number].last, origin: origin,
        action: action))
    threads[number].last = event
    if threads[number].spawn != Execution.none {
      need(event, threads[number].spawn, .structure)
      threads[number].spawn = Execution.none
    }
    return event
  }

  private mutating func need(
    _ event: UInt32, _ subject: UInt32, _ cause: Execution.Need.Cause
  ) {
    threads[Int(execution.events[Int(event)].thread)].needs.append(
      Execution.Need(event: event, subject: subject, cause: cause))
  }

  /// What a thread's next event shows to be over.
  @inline(__always)
  private mutating func settle(_ thread: UInt32) {
    let number = Int(thread)
    if threads[number].joined != nil || threads[number].arrival != nil { settleWaits(thread) }
  }

  private mutating func settleWaits(_ thread: UInt32) {
    // Who is joined has ended, so what that one waited for last is over too.
    var chain: [(thread: UInt32, joined: UInt32, canGiveUp: Bool, origin: Execution.Origin)] = []
    let present = origin
    defer { origin = present }
    var end = thread
    while let joined = threads[Int(end)].joined {
      threads[Int(end)].joined = nil
      chain.append((end, joined.thread, joined.canGiveUp, joined.origin))
      end = joined.thread
    }
    passBarrier(end)
    for link in chain.reversed() {
      origin = link.origin
      note(.end(ofThread: link.joined), of: link.thread, at: UInt32(execution.events.count))
      let event = appendSettled(.join, link.thread, link.joined)
      let last = threads[Int(link.joined)].last
      if last != Execution.none, !link.canGiveUp { need(event, last, .structure) }
    }
  }

  private mutating func passBarrier(_ thread: UInt32) {
    guard let arrival = threads[Int(thread)].arrival else { return }
    threads[Int(thread)].arrival = nil
    origin = Execution.Origin()
    complete(arrival.barrier, arrival.generation)
    let completion = barrierStates[arrival.barrier].completion
    let event = appendSettled(.step, thread)
    need(event, completion, .signal)
  }

  /// Notes that a thread asks at an event for what it may have to wait for.
  private mutating func note(_ wish: Execution.Wish, of thread: UInt32, at event: UInt32) {
    let open = threads[Int(thread)].open
    var hash = HashMixing.mix(UInt64(thread), UInt64(origin.place))
    switch wish {
    case .end(let other):
      guard watch.watchesEnds || open.contains(where: { watch.contains($0.lock) }) else { return }
      hash = HashMixing.mix(hash, UInt64(other) << 32 | 0xFF)
    case .lock(let lock, let mode):
      guard watch.contains(lock),
        watch.watchesEnds || open.contains(where: { watch.contains($0.lock) })
          || mode == .write && watch.hasQueue(lock)
      else { return }
      hash = HashMixing.mix(hash, UInt64(lock) << 32 | UInt64(mode.rawValue))
    }
    for hold in open {
      hash = HashMixing.mix(hash, UInt64(hold.lock) << 32 | UInt64(hold.mode.rawValue))
      hash = HashMixing.mix(hash, UInt64(hold.place))
    }
    while let known = groups[hash] {
      if isGroup(known, thread, wish, open) {
        execution.requests[known].events.append(event)
        return
      }
      hash &+= 1
    }
    groups[hash] = execution.requests.count
    execution.requests.append(
      Execution.RequestGroup(
        thread: thread, wish: wish, place: origin.place,
        holds: open.map { Execution.Hold(lock: $0.lock, mode: $0.mode) },
        holdPlaces: open.map(\.place), events: [event]))
  }

  private func isGroup(
    _ number: Int, _ thread: UInt32, _ wish: Execution.Wish, _ open: [OpenSection]
  ) -> Bool {
    let group = execution.requests[number]
    guard group.thread == thread, group.place == origin.place, group.wish == wish,
      group.holds.count == open.count
    else { return false }
    return open.indices.allSatisfy { index in
      group.holds[index].lock == open[index].lock && group.holds[index].mode == open[index].mode
        && group.holdPlaces[index] == open[index].place
    }
  }

  // MARK: Locks

  /// - Parameter waits: whether the thread waits if it cannot have the lock.
  mutating func acquire(
    _ lock: UInt32, _ mode: LockMode, by thread: UInt32, isReentrant: Bool = false,
    waits: Bool = true
  ) {
    settle(thread)
    if isReentrant,
      let index = threads[Int(thread)].open.lastIndex(where: { $0.lock == lock })
    {
      threads[Int(thread)].open[index].reentries += 1
      return
    }
    if waits { note(.lock(lock, mode), of: thread, at: UInt32(execution.events.count)) }
    let section = begin(lock, mode, thread)
    let event = appendSettled(.acquire, thread, section)
    execution.sections[Int(section)].begin = event
    need(event, section, .section)
  }

  /// The thread asked for the lock, and did not get it.
  mutating func request(_ lock: UInt32, _ mode: LockMode, by thread: UInt32) {
    settle(thread)
    note(.lock(lock, mode), of: thread, at: UInt32(execution.events.count))
    _ = appendSettled(.request, thread, lock)
  }

  private mutating func begin(_ lock: UInt32, _ mode: LockMode, _ thread: UInt32) -> UInt32 {
    let number = Int(lock)
    if number >= owners.count {
      owners += Array(repeating: Owners(), count: number + 1 - owners.count)
      execution.lockCount = owners.count
    }
    var others = owners[number]
    for own in threads[Int(thread)].open where own.lock == lock {
      others.add(-1, execution.sections[Int(own.section)].mode)
    }
    if others.writers > 0 || mode == .write && (others.readers > 0 || others.upgraders > 0)
      || mode == .upgradable && others.upgraders > 0
    {
      isConsistent = false
    }
    owners[number].add(1, mode)
    let section = UInt32(execution.sections.count)
    execution.sections.append(
      Execution.Section(
        lock: lock, thread: thread, begin: UInt32(execution.events.count), end: Execution.none,
        mode: mode))
    threads[Int(thread)].open.append(
      OpenSection(
        lock: lock, section: section, mode: mode, place: origin.place, reentries: 0))
    return section
  }

  /// The section that a thread leaves, if it has the lock.
  private mutating func end(_ lock: UInt32, _ thread: UInt32) -> UInt32? {
    guard let index = threads[Int(thread)].open.lastIndex(where: { $0.lock == lock }) else {
      return nil
    }
    if threads[Int(thread)].open[index].reentries > 0 {
      threads[Int(thread)].open[index].reentries -= 1
      return nil
    }
    let section = threads[Int(thread)].open.remove(at: index).section
    owners[Int(lock)].add(-1, execution.sections[Int(section)].mode)
    return section
  }

  /// A thread that does not have the lock releases it for nobody.
  mutating func release(_ lock: UInt32, by thread: UInt32) {
    settle(thread)
    guard let section = end(lock, thread) else { return }
    execution.sections[Int(section)].end = appendSettled(.release, thread, section)
  }

  /// A thread releases the lock that another one has.
  mutating func release(_ lock: UInt32, of owner: UInt32, by thread: UInt32) {
    settle(thread)
    guard let section = end(lock, owner) else { return }
    let event = appendSettled(.release, thread, section)
    execution.sections[Int(section)].end = event
    need(event, execution.sections[Int(section)].begin, .structure)
  }

  /// What a thread has exclusively becomes shared, or upgradable again.
  mutating func convert(_ lock: UInt32, to mode: LockMode, by thread: UInt32) {
    settle(thread)
    let number = Int(thread)
    guard let index = threads[number].open.lastIndex(where: { $0.lock == lock }) else { return }
    let reentries = threads[number].open[index].reentries
    threads[number].open[index].reentries = 0
    guard let section = end(lock, thread) else { return }
    let event = appendSettled(.convert, thread, section)
    execution.sections[Int(section)].end = event
    let next = begin(lock, mode, thread)
    execution.sections[Int(next)].begin = event
    threads[number].open[threads[number].open.count - 1].reentries = reentries
    need(event, next, .section)
  }

  // MARK: Threads

  mutating func spawn(_ child: UInt32, by thread: UInt32) {
    let event = append(.step, thread)
    if threads[Int(child)].last == Execution.none { threads[Int(child)].spawn = event }
  }

  /// It is over when the thread goes on.
  mutating func join(_ other: UInt32, by thread: UInt32, canGiveUp: Bool = false) {
    settle(thread)
    threads[Int(thread)].joined = (other, canGiveUp, origin)
  }

  mutating func step(_ thread: UInt32) { append(.step, thread) }

  /// The thread does something that nothing depends on.
  mutating func goOn(_ thread: UInt32) { settle(thread) }

  // MARK: Signals

  /// - Parameter lock: what the thread gives up while it waits.
  mutating func wait(
    _ condition: UInt32, givingUp lock: UInt32?, by thread: UInt32, canGiveUp: Bool = false
  ) {
    settle(thread)
    let number = Int(thread)
    var wait = Wait(
      condition: condition, signals: signals[condition]?.events.count ?? 0, canGiveUp: canGiveUp)
    var section = Execution.none
    if let lock, let index = threads[number].open.lastIndex(where: { $0.lock == lock }) {
      wait.reentries = threads[number].open[index].reentries
      threads[number].open[index].reentries = 0
      section = end(lock, thread) ?? Execution.none
      wait.hold = Execution.Hold(lock: lock, mode: execution.sections[Int(section)].mode)
    }
    let event = appendSettled(.wait, thread, section)
    if section != Execution.none { execution.sections[Int(section)].end = event }
    threads[number].wait = wait
  }

  /// The end of a wait, which takes again what it gave up.
  ///
  /// - Parameter lock: what that is, where the wait is not known.
  mutating func wake(having lock: UInt32?, by thread: UInt32) {
    settle(thread)
    let number = Int(thread)
    let isFirst =
      threads[number].last != Execution.none
      && execution.events[Int(threads[number].last)].action == .wait
    let wait = threads[number].wait
    threads[number].wait = nil
    let event = UInt32(execution.events.count)
    var section = Execution.none
    if let hold = wait?.hold ?? lock.map({ Execution.Hold(lock: $0, mode: .write) }),
      !threads[number].open.contains(where: { $0.lock == hold.lock })
    {
      note(.lock(hold.lock, hold.mode), of: thread, at: event)
      section = begin(hold.lock, hold.mode, thread)
      threads[number].open[threads[number].open.count - 1].reentries = wait?.reentries ?? 0
    }
    _ = appendSettled(.wake, thread, section)
    if section != Execution.none {
      execution.sections[Int(section)].begin = event
      need(event, section, .section)
    }
    if let wait, isFirst { needSignal(event, thread, wait) }
  }

  private mutating func needSignal(_ event: UInt32, _ thread: UInt32, _ wait: Wait) {
    guard let known = signals[wait.condition]?.events else { return }
    for number in wait.signals..<known.count
    where (known[number].isBroadcast || !known[number].isUsed)
      && execution.events[Int(known[number].event)].thread != thread
    {
      need(event, known[number].event, .signal)
      signals[wait.condition]!.events[number].isUsed = true
      if !wait.canGiveUp {
        let need = (thread: thread, number: threads[Int(thread)].needs.count - 1)
        signals[wait.condition]!.needs.append(need)
      }
      return
    }
  }

  mutating func signal(_ condition: UInt32, isBroadcast: Bool, by thread: UInt32) {
    let event = append(.step, thread)
    signals[condition, default: Signals()].events.append((event, isBroadcast, false))
  }

  /// States how often it can be taken before it is given.
  mutating func setPermits(_ count: Int, of semaphore: UInt32) {
    tokens[semaphore, default: Tokens()].permits = count
    if count > 0 { tokens[semaphore]!.isOnce = false }
  }

  mutating func give(_ semaphore: UInt32, by thread: UInt32) {
    let event = append(.step, thread)
    tokens[semaphore, default: Tokens()].given.append(event)
  }

  /// - Parameter isCompletion: one gift may be for all who come.
  mutating func take(_ semaphore: UInt32, isCompletion: Bool = false, by thread: UInt32) {
    let event = append(.step, thread)
    var state = tokens[semaphore] ?? Tokens()
    let number = state.taken - state.permits
    state.taken += 1
    if number >= 0 {
      if number < state.given.count {
        state.needs.append((thread, threads[Int(thread)].needs.count))
        need(event, state.given[number], .signal)
      } else if isCompletion, let last = state.given.last {
        state.needs.append((thread, threads[Int(thread)].needs.count))
        need(event, last, .signal)
      } else {
        // There was one more from the beginning than was known.
        state.permits += 1
        state.isOnce = false
      }
    }
    tokens[semaphore] = state
  }

  mutating func barrier(_ barrier: UInt32, by thread: UInt32) {
    settle(thread)
    let number: Int
    if let known = barriers[barrier] {
      number = known
    } else {
      number = barrierStates.count
      barriers[barrier] = number
      barrierStates.append(Barrier(thread: addThread()))
    }
    let event = appendSettled(.step, thread)
    if barrierStates[number].completion != Execution.none {
      need(event, barrierStates[number].completion, .signal)
    }
    barrierStates[number].arrivals.append(event)
    threads[Int(thread)].arrival = (number, barrierStates[number].generation)
  }

  /// All of a generation have come, as one of them goes on.
  private mutating func complete(_ number: Int, _ generation: Int) {
    guard barrierStates[number].generation == generation else { return }
    let completion = appendSettled(.step, barrierStates[number].thread)
    for arrival in barrierStates[number].arrivals { need(completion, arrival, .signal) }
    barrierStates[number].completion = completion
    barrierStates[number].arrivals.removeAll()
    barrierStates[number].generation += 1
  }

  // MARK: Data

  mutating func read(_ variable: UInt32, by thread: UInt32) {
    let event = append(.read, thread, variable)
    need(event, lastWrites[variable] ?? Execution.none, .data)
  }

  mutating func write(_ variable: UInt32, by thread: UInt32) {
    lastWrites[variable] = append(.write, thread, variable)
  }

  // MARK: What is left out

  /// The thread did once more what it does elsewhere: it had each of its locks for a while.
  mutating func repeatSections(by thread: UInt32) {
    append(.repeats, thread)
    execution.repeated[thread] = []
  }

  // MARK: State

  /// How a thread has a lock, the last time it took it; `nil` if it does not.
  func mode(of lock: UInt32, heldBy thread: UInt32) -> LockMode? {
    threads[Int(thread)].open.last { $0.lock == lock }.map {
      execution.sections[Int($0.section)].mode
    }
  }

  func holdCount(of lock: UInt32, by thread: UInt32) -> Int {
    threads[Int(thread)].open.reduce(0) { $0 + ($1.lock == lock ? 1 : 0) }
  }

  /// Whether any thread has a lock.
  func isHeld(_ lock: UInt32) -> Bool {
    guard Int(lock) < owners.count else { return false }
    let owners = owners[Int(lock)]
    return owners.writers > 0 || owners.readers > 0 || owners.upgraders > 0
  }

  /// Makes room for so many events, each of which may begin or end a section.
  ///
  /// - Parameter limit: bytes that they may take.
  mutating func reserve(events: Int, limit: Int) {
    let count = min(events, limit / MemoryLayout<Execution.Event>.stride)
    execution.events.reserveCapacity(count)
    execution.sections.reserveCapacity(count / 2)
  }

  /// About how much room what was built takes, in bytes.
  var size: Int {
    execution.events.count * MemoryLayout<Execution.Event>.stride
      + execution.events.count * MemoryLayout<Execution.Need>.stride
      + execution.sections.count * MemoryLayout<Execution.Section>.stride
  }

  // MARK: The end

  consuming func finish() -> Execution {
    for thread in threads.indices where threads[thread].joined != nil {
      settleWaits(UInt32(thread))
    }
    for state in signals.values where state.events.count == 1 {
      for need in state.needs { threads[Int(need.thread)].needs[need.number].cause = .structure }
    }
    for state in tokens.values where state.given.count == 1 && state.isOnce {
      for need in state.needs { threads[Int(need.thread)].needs[need.number].cause = .structure }
    }
    if !execution.repeated.isEmpty {
      var locks: [UInt32: Set<UInt32>] = [:]
      for section in execution.sections where execution.repeated[section.thread] != nil {
        locks[section.thread, default: []].insert(section.lock)
      }
      for (thread, locks) in locks { execution.repeated[thread] = locks.sorted() }
    }
    execution.lastEvents = threads.map(\.last)
    for thread in threads {
      execution.needs += thread.needs
      execution.needStarts.append(execution.needs.count)
    }
    return execution
  }
}

/// Mixes numbers into a hash.
private enum HashMixing {
  @inline(__always)
  static func mix(_ hash: UInt64, _ value: UInt64) -> UInt64 {
    let mixed = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
    return mixed ^ (mixed >> 29)
  }
}
