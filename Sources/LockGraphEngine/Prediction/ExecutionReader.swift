/// Reads a trace once more, for what it says of other orders of its events.
///
/// What locks turned out to be is known from the first reading, and they are numbered as there.
struct ExecutionReader: EventConsumer, ~Copyable {
  /// Which requests may be sides of deadlocks.
  struct Watch {
    /// Locks that are held or wanted there.
    var locks: Set<LockID> = []
    /// Those whose readers may wait behind a writer.
    var queues: Set<LockID> = []
    /// The ends of threads are waited for too.
    var watchesEnds = false
  }

  private struct Thread {
    /// Its number in the execution; a name may come back as another thread.
    var number: UInt32
    var hasExited = false
    /// A request that nothing followed yet.
    var request: LockEventParts?
  }

  /// What is kept of a request.
  private struct LockEventParts {
    var lock: UInt32
    var mode: LockMode
    var options: AcquisitionOptions
    var origin: Execution.Origin
  }

  /// What the first reading learned.
  private let known: LockTable
  /// The number that the input's first lock had there.
  private let firstLock: Int
  /// What numbers of locks mean now; made as in the first reading.
  private var table = LockTable()
  private var builder: ExecutionBuilder
  private var threads: [Thread] = []
  /// By number in the execution, the thread's in the input.
  private(set) var inputThreads: [UInt32: UInt32] = [:]
  private(set) var threadNames: [String] = []
  private var conditions = ByteInterner()
  private var variables = ByteInterner()
  private var places = ByteInterner()
  /// The numbers of places, from those of position and stack.
  private var placeNumbers = PairTable()
  private var placeTexts: [(at: UInt32, stack: UInt32)] = [(0, 0)]
  private var event: UInt32 = 0
  private let sizeLimit: Int

  /// Events are missing.
  private(set) var hasGaps = false
  /// Repeats were left out.
  private(set) var hasRepeats = false
  private(set) var hasData = false
  private(set) var isOverLimit = false

  /// - Parameter events: how many the input has.
  init(_ known: LockTable, input: UInt32, events: Int, watch: Watch, sizeLimit: Int) {
    self.known = known
    self.sizeLimit = sizeLimit
    firstLock = known.locks.firstIndex { $0.input == input } ?? known.locks.count
    table.classBasis = known.classBasis
    var marks = ExecutionBuilder.Watch(locks: [], queues: [])
    marks.locks = Array(repeating: false, count: known.locks.count - firstLock)
    marks.queues = marks.locks
    for lock in watch.locks where lock.index >= firstLock {
      marks.locks?[lock.index - firstLock] = true
    }
    for lock in watch.queues where lock.index >= firstLock {
      marks.queues?[lock.index - firstLock] = true
    }
    marks.watchesEnds = watch.watchesEnds
    builder = ExecutionBuilder(watch: marks)
    builder.reserve(events: events, limit: sizeLimit)
    _ = places.intern("")
  }

  var wantsMore: Bool { !isOverLimit }

  /// The number of a place, the same for the same place in the input.
  mutating func place(at: UnsafeRawBufferPointer?, stack: UnsafeRawBufferPointer?) -> UInt32 {
    guard at != nil || stack != nil else { return 0 }
    let atNumber = at.map { places.intern($0).id } ?? 0
    let stackNumber = stack.map { places.intern($0).id } ?? 0
    if let number = placeNumbers.value(atNumber, stackNumber) { return number }
    let number = UInt32(placeTexts.count)
    placeNumbers.insert(atNumber, stackNumber, value: number)
    placeTexts.append((atNumber, stackNumber))
    return number
  }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    table.beginInput(number)
  }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    let thread = ThreadID(UInt32(threads.count))
    threads.append(Thread(number: addThread(thread)))
    threadNames.append(String(decoding: name, as: UTF8.self))
    return thread
  }

  private mutating func addThread(_ thread: ThreadID) -> UInt32 {
    let number = builder.addThread()
    inputThreads[number] = thread.rawValue
    return number
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    threadNames[thread.index] = String(decoding: name, as: UTF8.self)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    table.add(name: name)
  }

  mutating func consume(_ event: LockEvent) {
    if event.verb == .lost {
      // It may be of all threads, and then of none.
      hasGaps = true
      self.event += 1
      return
    }
    builder.origin = Execution.Origin(
      event: self.event, line: UInt32(truncatingIfNeeded: event.line),
      place: place(at: event.at, stack: event.stack))
    self.event += 1
    if threads[event.thread.index].request != nil { settleRequest(event) }
    take(event)
    if self.event & 0xFFFF == 0, builder.size > sizeLimit { isOverLimit = true }
  }

  private mutating func take(_ event: LockEvent) {
    let thread = threads[event.thread.index].number
    switch event.verb {
    case .acquire: acquire(event, thread)
    case .release, .post: release(event, thread)
    case .request: request(event)
    case .`init`: initialize(event)
    case .destroy: table.end(event.lock)
    case .downgrade: downgrade(event, thread)
    case .wait: wait(event, thread)
    case .wake:
      let lock = event.lock == LockEvent.none ? nil : resolve(event)
      builder.wake(having: lock, by: thread)
    case .signal, .broadcast:
      builder.signal(condition(event), isBroadcast: event.verb == .broadcast, by: thread)
    case .barrier: builder.barrier(condition(event), by: thread)
    case .spawn: spawn(event, thread)
    case .join:
      threads[event.otherThread.index].hasExited = true
      builder.join(
        threads[event.otherThread.index].number, by: thread,
        canGiveUp: event.options.contains(.timeout))
    case .exit:
      threads[event.thread.index].hasExited = true
      builder.step(thread)
    case .read, .write: access(event, thread)
    case .lost: break
    case .dropped:
      hasRepeats = true
      builder.repeatSections(by: thread)
    case .abandon, .enter, .leave, .disable, .enable, .assert, .pin, .unpin, .sleep:
      builder.goOn(thread)
    }
  }

  // MARK: Locks

  /// The lock's number in the execution.
  private mutating func resolve(_ event: LockEvent) -> UInt32 {
    let lock = table.lock(event.lock, lockClass: event.lockClass)
    if event.lockClass != nil || event.kind != nil { table.applyStatements(event, to: lock) }
    return lock.rawValue
  }

  private func isKnown(_ lock: UInt32) -> Bool { firstLock + Int(lock) < known.locks.count }

  private func id(_ lock: UInt32) -> LockID { LockID(UInt32(firstLock) + lock) }

  private func kind(_ lock: UInt32) -> LockKind? {
    isKnown(lock) ? known.locks[firstLock + Int(lock)].kind : nil
  }

  /// Whether threads have the lock for a time, and it keeps others out.
  private func isSection(_ lock: UInt32) -> Bool {
    guard isKnown(lock) else { return true }
    switch kind(lock) {
    case .rcu, .rcuSched, .local: return false
    case .semaphore, .completion: return known.isOwned(id(lock))
    default: return true
    }
  }

  private func isToken(_ lock: UInt32) -> Bool {
    isKnown(lock) && kind(lock)?.isReleasedByAnyThread == true && !known.isOwned(id(lock))
  }

  private mutating func acquire(_ event: LockEvent, _ thread: UInt32) {
    let lock = resolve(event)
    table.locks[Int(lock)].isCounted = true
    var mode = event.mode ?? .write
    var options = event.options
    if let request = threads[event.thread.index].request {
      // Kept until here only if it is for this lock.
      threads[event.thread.index].request = nil
      mode = event.mode ?? request.mode
      // The request says how the thread waited.
      options = request.options
      builder.origin.line = request.origin.line
      if request.origin.place != 0 { builder.origin.place = request.origin.place }
    }
    guard isSection(lock) else {
      if isToken(lock) {
        builder.take(lock, isCompletion: kind(lock) == .completion, by: thread)
      }
      return
    }
    builder.acquire(
      lock, mode, by: thread, isReentrant: isReentrant(lock, mode, thread),
      waits: event.nest == LockEvent.none && !isUnchecked(lock)
        && options.isDisjoint(with: [.try, .unchecked, .exclusive]))
  }

  private func isUnchecked(_ lock: UInt32) -> Bool {
    isKnown(lock) && known.locks[firstLock + Int(lock)].isUnchecked
  }

  private func isReentrant(_ lock: UInt32, _ mode: LockMode, _ thread: UInt32) -> Bool {
    switch kind(lock) {
    case .recursive: true
    case .reentrantRwlock:
      mode.isRead || builder.mode(of: lock, heldBy: thread) != .read
    default: false
    }
  }

  private mutating func request(_ event: LockEvent) {
    let lock = resolve(event)
    table.locks[Int(lock)].isCounted = true
    guard isSection(lock),
      event.nest == LockEvent.none && event.options.isDisjoint(with: [.try, .exclusive])
    else { return }
    threads[event.thread.index].request = LockEventParts(
      lock: lock, mode: event.mode ?? .write, options: event.options, origin: builder.origin)
  }

  /// What followed a request shows whether the thread got what it asked for.
  private mutating func settleRequest(_ event: LockEvent) {
    guard let request = threads[event.thread.index].request else { return }
    if event.verb == .acquire, resolve(event) == request.lock,
      event.mode == nil || event.mode == request.mode
    {
      return
    }
    let origin = builder.origin
    passRequest(of: event.thread.index, request)
    builder.origin = origin
  }

  private mutating func passRequest(of thread: Int, _ request: LockEventParts) {
    threads[thread].request = nil
    let number = threads[thread].number
    builder.origin = request.origin
    guard request.options.isDisjoint(with: [.unchecked]), !isUnchecked(request.lock),
      builder.mode(of: request.lock, heldBy: number) == nil
        || !isReentrant(request.lock, request.mode, number)
    else { return }
    builder.request(request.lock, request.mode, by: number)
  }

  private mutating func release(_ event: LockEvent, _ thread: UInt32) {
    let lock = resolve(event)
    if isToken(lock) {
      builder.give(lock, by: thread)
    } else if isSection(lock) {
      builder.release(lock, by: thread)
    }
  }

  private mutating func downgrade(_ event: LockEvent, _ thread: UInt32) {
    let lock = resolve(event)
    guard isSection(lock), let mode = builder.mode(of: lock, heldBy: thread), !mode.isRead else {
      return
    }
    if builder.holdCount(of: lock, by: thread) > 1 {
      // What was upgraded is upgradable again.
      builder.release(lock, by: thread)
    } else {
      builder.convert(lock, to: .read, by: thread)
    }
  }

  /// As in the first reading: a name can mean another lock from here on.
  private mutating func initialize(_ event: LockEvent) {
    var lock = table.lock(event.lock, lockClass: event.lockClass)
    if builder.isHeld(lock.rawValue)
      || table.locks[lock.index].isCounted && isAnother(event, lock)
    {
      lock = table.renew(event.lock, lockClass: event.lockClass)
    }
    if event.lockClass == nil { lock = table.noteInitialization(of: lock, at: event) }
    table.applyStatements(event, to: lock)
    table.locks[lock.index].isCounted = true
    if let permits = known.locks.count > firstLock + lock.index
      ? known.permits(of: id(lock.rawValue)) : nil
    {
      builder.setPermits(Int(permits), of: lock.rawValue)
    }
  }

  private mutating func isAnother(_ event: LockEvent, _ lock: LockID) -> Bool {
    let row = table.locks[lock.index]
    if let kind = event.kind, let known = row.kind, kind != known { return true }
    return event.lockClass.map { table.lockClass(named: $0) != row.lockClass } ?? false
  }

  // MARK: Others

  private mutating func spawn(_ event: LockEvent, _ thread: UInt32) {
    let child = event.otherThread.index
    if threads[child].hasExited {
      threads[child].hasExited = false
      threads[child].number = addThread(event.otherThread)
    }
    builder.spawn(threads[child].number, by: thread)
  }

  private mutating func condition(_ event: LockEvent) -> UInt32 {
    guard let name = event.operandName, !name.isEmpty else {
      // A monitor is its own condition.
      return event.lock == LockEvent.none ? UInt32.max - 1 : UInt32(1 << 31) | event.lock
    }
    return conditions.intern(name).id
  }

  private mutating func wait(_ event: LockEvent, _ thread: UInt32) {
    let lock = event.lock == LockEvent.none ? nil : resolve(event)
    builder.wait(
      condition(event), givingUp: lock, by: thread, canGiveUp: event.options.contains(.timeout))
  }

  private mutating func access(_ event: LockEvent, _ thread: UInt32) {
    guard let name = event.operandName else { return }
    hasData = true
    let variable = variables.intern(name).id
    if event.verb == .read {
      builder.read(variable, by: thread)
    } else {
      builder.write(variable, by: thread)
    }
  }

  /// What was read.
  consuming func finish() -> ReadExecution {
    for thread in threads.indices {
      if let request = threads[thread].request { passRequest(of: thread, request) }
    }
    var names: [String] = []
    let isConsistent = builder.isConsistent
    let execution = builder.finish()
    for number in 0..<execution.threadCount {
      names.append(inputThreads[UInt32(number)].map { threadNames[Int($0)] } ?? "")
    }
    return ReadExecution(
      execution: execution, isConsistent: isConsistent && !hasGaps, hasRepeats: hasRepeats,
      hasGaps: hasGaps, hasData: hasData, firstLock: firstLock,
      threadNames: names, inputThreads: inputThreads, places: places, placeTexts: placeTexts,
      placeNumbers: placeNumbers, variables: variables, conditions: conditions)
  }
}

/// The execution of an input, with the names of what it numbers.
struct ReadExecution: Sendable {
  var execution: Execution
  /// No two threads had a lock at once that excludes it, and no event is missing.
  var isConsistent: Bool
  var hasRepeats: Bool
  var hasGaps: Bool
  var hasData: Bool
  /// The lock that number 0 is.
  var firstLock: Int
  /// Empty for those that stand for barriers.
  var threadNames: [String]
  /// By number in the execution, the thread's in the input.
  var inputThreads: [UInt32: UInt32]
  fileprivate(set) var places: ByteInterner
  fileprivate(set) var placeTexts: [(at: UInt32, stack: UInt32)]
  fileprivate(set) var placeNumbers: PairTable
  var variables: ByteInterner
  var conditions: ByteInterner

  func lock(_ number: UInt32) -> LockID { LockID(UInt32(firstLock) + number) }

  /// The number of a place; `nil` if no event was there.
  func placeNumber(at: UnsafeRawBufferPointer?, stack: UnsafeRawBufferPointer?) -> UInt32? {
    guard at != nil || stack != nil else { return 0 }
    var (atNumber, stackNumber): (UInt32, UInt32) = (0, 0)
    if let at {
      guard let number = places.find(at) else { return nil }
      atNumber = number
    }
    if let stack {
      guard let number = places.find(stack) else { return nil }
      stackNumber = number
    }
    return placeNumbers.value(atNumber, stackNumber)
  }

  /// The place for a reader: the source position, else the innermost frame.
  func place(_ number: UInt32) -> String? {
    let texts = placeTexts[Int(number)]
    if texts.at != 0 { return places.string(texts.at) }
    guard texts.stack != 0 else { return nil }
    return places.string(texts.stack).split(separator: ";").first.map(String.init)
  }
}
