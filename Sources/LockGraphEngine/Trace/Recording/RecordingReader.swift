/// Hands over the events of a recording.
///
/// Memory grows with threads, sites and locks, not with the number of records.
struct RecordingReader: ~Copyable {
  /// What is read.
  struct Options {
    /// The locks of the loader and of allocators too.
    var showsSystemLocks = false
    /// What may still be taken back of a process that runs too.
    var includesUnsettled = false
    /// Names that are missing and locks that are left out are no warnings.
    var sumsOmissions = false
  }

  private struct Thread {
    var identifier: ThreadID?
    /// It asked for a lock and has not got it.
    var openWait: UInt64?
    /// The lock that it has made, as long as it has done nothing since.
    var made: UInt64 = 0
    /// The thread whose end it waits for, and where.
    var openJoin: (thread: UInt64, site: UInt32, time: UInt64?)?
  }

  private let recording: Recording
  private let options: Options
  private let progress: ((Int) -> Void)?
  private var places: RecordingPlaces
  private var locks: RecordedLocks
  /// By cursor.
  private var threads: [Thread] = []
  private var threadIDs: [UInt64: ThreadID] = [:]
  /// Conditions and barriers, by their addresses.
  private var operandNames: [UInt64: [UInt8]] = [:]
  /// Locks of Python that were taken by who had just made them, by their addresses, with the
  /// cursors of those.
  private var ownSignals: [UInt64: Int] = [:]
  private var systemEvents: UInt64 = 0
  /// The locks of the loader and of allocators that are left out.
  private(set) var systemLocks: Set<UInt64> = []
  /// How many events were handed over.
  private(set) var events: UInt64 = 0
  /// What a reader of the report should know.
  private(set) var warnings: [String] = []
  private var course = RecordedCourse()
  /// The event at which the last tenth of the run begins.
  var lastTenth: UInt64? { course.lastTenth }

  init(_ recording: Recording, _ options: Options, progress: ((Int) -> Void)?) {
    self.recording = recording
    self.options = options
    self.progress = progress
    places = RecordingPlaces(recording.tables)
    locks = RecordedLocks(recording.tables)
  }

  /// Reads all of it.
  ///
  /// - Throws: what is damaged, and where.
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    into consumer: inout Consumer
  ) throws(TraceError) {
    var merge = try RecordingMerge(recording, includesUnsettled: options.includesUnsettled)
    threads = Array(repeating: Thread(), count: merge.count)
    var told: UInt64 = 0
    while consumer.wantsMore,
      try merge.takeTurn({ take($1, of: $0, &consumer) })
    {
      if let progress, events >= told + 1 << 16 {
        told = events
        progress(Int(clamping: events * RecordingLayout.recordSize))
      }
    }
    guard consumer.wantsMore else {
      throw TraceError(
        input: recording.name, message: "is not read on: nothing takes its events")
    }
    finishJoins(&consumer)
    warnings = recording.warnings(
      unknown: merge.unknown, gaps: merge.gaps, systemLocks: systemLocks.count,
      systemEvents: systemEvents, tellsOmissions: events > 0 && !options.sumsOmissions)
  }

  // MARK: Events

  @inline(__always)
  private mutating func take<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, of cursor: Int, _ consumer: inout Consumer
  ) {
    switch record.operation {
    case .acquire:
      acquire(record, cursor, &consumer)
      course.note(event: events, order: record.order)
    case .held: acquire(record, cursor, &consumer)
    case .release: emitLock(.release, record, cursor, &consumer)
    default: takeRare(record, cursor, &consumer)
    }
  }

  @inline(__always)
  private mutating func acquire<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    // A handler that interrupts a wait may lock something else.
    if threads[cursor].openWait == record.address { threads[cursor].openWait = nil }
    if threads[cursor].made != 0 || !ownSignals.isEmpty {
      acquireOwn(record, cursor, &consumer)
    } else {
      emitLock(.acquire, record, cursor, &consumer)
    }
    if record.flags.isClosed, record.operation == .acquire {
      // Where it was given up nobody noted.
      var release = record
      release.site = 0
      emitLock(.release, release, cursor, &consumer)
    }
  }

  /// The same where Python's locks may be signals, as those are by which a condition wakes who
  /// waits: made, taken, and asked for once more by the same thread, which others let through. Such
  /// a lock is nobody's. Nor can the thread wait that takes what it has just made.
  @inline(never)
  private mutating func acquireOwn<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    let isMade = threads[cursor].made == record.address
    threads[cursor].made = 0
    giveUpOwnSignal(record, cursor, &consumer)
    if isMade { ownSignals[record.address] = cursor }
    emitLock(.acquire, record, cursor, &consumer, isMade: isMade)
  }

  /// Lets go of a lock of Python before the thread that has it asks for it.
  private mutating func giveUpOwnSignal<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    guard let owner = ownSignals.removeValue(forKey: record.address), owner == cursor else {
      return
    }
    emitLock(.post, record, cursor, &consumer)
  }

  /// What the locks of Python that are made, given back and asked for mean for `acquireOwn`.
  private mutating func noteOwnSignals<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    if record.operation != .dropped { threads[cursor].made = 0 }
    guard record.flags.kind == .semaphore else { return }
    switch record.operation {
    case .initialize:
      ownSignals[record.address] = nil
      if places.place(record.site).isOfPython { threads[cursor].made = record.address }
    case .wait: giveUpOwnSignal(record, cursor, &consumer)
    case .post, .destroy: ownSignals[record.address] = nil
    default: break
    }
  }

  @inline(never)
  private mutating func takeRare<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    noteOwnSignals(record, cursor, &consumer)
    switch record.operation {
    case .wait:
      threads[cursor].openWait = record.address
      emitLock(.request, record, cursor, &consumer)
    case .failed: fail(record, cursor, &consumer)
    case .post: emitLock(.post, record, cursor, &consumer)
    case .initialize where record.flags.kind.lockKind != nil:
      locks.renew(locks.index(of: record.address))
      emitLock(.`init`, record, cursor, &consumer)
    case .destroy where record.flags.kind.lockKind != nil:
      emitLock(.destroy, record, cursor, &consumer)
    case .conditionWait: emitCondition(.wait, record, record.mutex, cursor, &consumer)
    case .wake: emitCondition(.wake, record, 0, cursor, &consumer)
    case .signal: emitCondition(.signal, record, 0, cursor, &consumer)
    case .broadcast: emitCondition(.broadcast, record, 0, cursor, &consumer)
    case .barrier: emitCondition(.barrier, record, 0, cursor, &consumer)
    case .spawn: emitThread(.spawn, record, cursor, &consumer)
    case .joinWait:
      threads[cursor].openJoin = (record.address, record.site, record.time)
    case .join:
      threads[cursor].openJoin = nil
      emitThread(.join, record, cursor, &consumer)
    case .end: emit(event(.exit, record, cursor, &consumer), &consumer)
    case .dropped, .lost:
      var event = event(record.operation == .lost ? .lost : .dropped, record, cursor, &consumer)
      event.omittedCount = max(1, record.address)
      if record.operation == .lost { threads[cursor].openWait = nil }
      emit(event, &consumer)
    default: break
    }
  }

  private mutating func fail<Consumer: EventConsumer & ~Copyable>(
    _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    // The thread goes on, which shows that it waits for nobody's end.
    if threads[cursor].openJoin != nil {
      threads[cursor].openJoin = nil
      return
    }
    var abandoned = record
    abandoned.flags = RecordedFlags(rawValue: 0)
    if let wanted = threads[cursor].openWait {
      abandoned.address = wanted
    } else {
      // A lock that refused at once; what sort it is its other events tell.
      emitLock(.request, abandoned, cursor, &consumer, statesKind: false)
    }
    threads[cursor].openWait = nil
    emitLock(
      .abandon, abandoned, cursor, &consumer, statesKind: false,
      reason: Self.reason(record.flags.rawValue))
  }

  private static func reason(_ error: UInt8) -> AbandonReason {
    switch error {
    case 110: .timeout
    case 35: .deadlock
    case 4: .interrupted
    case 254: .cancelled
    default: .failed
    }
  }

  @inline(__always)
  private mutating func emitLock<Consumer: EventConsumer & ~Copyable>(
    _ verb: EventVerb, _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer,
    statesKind: Bool = true, reason: AbandonReason? = nil, isMade: Bool = false
  ) {
    let index = locks.index(of: record.address)
    var isNew = false
    var lock: RecordedLocks.Lock
    if let known = locks.lock(at: index) {
      lock = known
    } else {
      // What a forked process gives up first its parent has taken.
      if verb == .release, recording.header.isForked { return }
      isNew = true
      lock = locks.make(
        record.address, at: index, isOfSystem: isOfSystem(record, statesKind),
        mayBeShared: statesKind && record.flags.kind != .semaphore,
        announce: { consumer.newLock(number: $0, named: $1) })
    }
    if lock.isOfSystem {
      systemEvents += 1
      systemLocks.insert(record.address)
      return
    }
    var event = event(verb, record, cursor, &consumer)
    event.lock = lock.number
    event.reason = reason
    if isNew, verb != .`init` { introduce(lock, event, record, statesKind, &consumer) }
    switch verb {
    case .acquire, .request:
      if statesKind {
        event.mode = record.flags.mode
        event.kind = record.flags.kind.lockKind
      }
      if record.flags.isTried, verb == .acquire,
        event.kind != .semaphore || isMade || !places.place(record.site).isOfPython
      {
        event.options.insert(.try)
      }
      if record.flags.isTimed { event.options.insert(.timeout) }
    case .`init`:
      event.kind = record.flags.kind.lockKind
      place(&event, lock)
      if event.kind == .semaphore { event.permits = record.value.map { UInt32(clamping: $0) } }
    case .post: event.kind = .semaphore
    default: break
    }
    emit(event, &consumer)
    // Its queue takes the lock to find that there is nothing, and waits for it then.
    if verb == .acquire, event.kind == .semaphore, places.place(record.site).isOfPythonQueue {
      event.verb = .post
      event.mode = nil
      event.options = []
      emit(event, &consumer)
    }
  }

  private mutating func isOfSystem(_ record: RecordedEvent, _ statesKind: Bool) -> Bool {
    guard !options.showsSystemLocks else { return false }
    let place = places.place(record.site)
    return statesKind && record.flags.kind == .loader || place.isOfAllocator
      || place.isOfRuntime && record.flags.kind != .once
      || isOfInterpreter(record.address, place)
  }

  /// Whether a lock or condition is CPython's, by which its threads take turns: all of them wait
  /// for their turn whatever they hold, and are woken by whoever had it.
  private func isOfInterpreter(_ address: UInt64, _ place: RecordingPlaces.Place) -> Bool {
    // It is made once in a process, and again in one that was forked.
    for generation: UInt32 in 0...2 {
      let known = recording.tables.lockNames[.init(address: address, generation: generation)]
      if let known {
        return known.name.hasPrefix("_PyRuntime")
          || place.isOfPython && Self.olderTurns.contains(known.name)
      }
    }
    return false
  }

  /// What the locks and conditions by which threads take turns were called before Python 3.7.
  private static let olderTurns: Set = ["gil_mutex", "switch_mutex", "gil_cond", "switch_cond"]

  /// A lock that nobody was seen to make comes into being where it is first used.
  @inline(never)
  private mutating func introduce<Consumer: EventConsumer & ~Copyable>(
    _ lock: RecordedLocks.Lock, _ use: LockEvent, _ record: RecordedEvent, _ statesKind: Bool,
    _ consumer: inout Consumer
  ) {
    var event = use
    event.verb = .`init`
    event.reason = nil
    event.kind = statesKind ? record.flags.kind.lockKind : nil
    place(&event, lock)
    emit(event, &consumer)
  }

  /// What a lock is known by where it is made stands in the place of where that is: locks of one
  /// member are alike wherever their objects come from.
  private func place(_ event: inout LockEvent, _ lock: RecordedLocks.Lock) {
    event.lockClass = lock.sharedClass
    guard lock.isNamed else { return }
    event.at = nil
    event.stack = lock.lockClass
  }

  private mutating func emitCondition<Consumer: EventConsumer & ~Copyable>(
    _ verb: EventVerb, _ record: RecordedEvent, _ mutex: UInt64, _ cursor: Int,
    _ consumer: inout Consumer
  ) {
    var event = event(verb, record, cursor, &consumer)
    if mutex != 0, let lock = locks.lock(at: locks.index(of: mutex)) {
      guard !lock.isOfSystem else { return }
      event.lock = lock.number
    }
    if verb == .wait, record.flags.isTimed { event.options.insert(.timeout) }
    let name = operandName(record.address)
    guard options.showsSystemLocks || !name.starts(with: "_PyRuntime".utf8) else { return }
    name.withUnsafeBytes {
      event.operandName = $0
      emit(event, &consumer)
    }
  }

  private mutating func operandName(_ address: UInt64) -> [UInt8] {
    if let known = operandNames[address] { return known }
    let known = recording.tables.lockNames[.init(address: address, generation: 0)]?.name
    let name = known ?? recording.tables.labels[address] ?? "0x" + String(address, radix: 16)
    operandNames[address] = Array(name.utf8)
    return Array(name.utf8)
  }

  private mutating func emitThread<Consumer: EventConsumer & ~Copyable>(
    _ verb: EventVerb, _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) {
    guard record.address != 0 else { return }
    var event = event(verb, record, cursor, &consumer)
    event.otherThread = thread(record.address, &consumer)
    if verb == .join, record.flags.isTimed || record.flags.isTried {
      event.options.insert(.timeout)
    }
    emit(event, &consumer)
  }

  /// Who waits for the end of a thread where the recording ends.
  private mutating func finishJoins<Consumer: EventConsumer & ~Copyable>(
    _ consumer: inout Consumer
  ) {
    for cursor in threads.indices {
      guard let join = threads[cursor].openJoin else { continue }
      let record = RecordedEvent(
        operation: .join, flags: RecordedFlags(rawValue: 0), address: join.thread, site: join.site,
        order: 0, time: join.time)
      emitThread(.join, record, cursor, &consumer)
    }
  }

  @inline(__always)
  private mutating func event<Consumer: EventConsumer & ~Copyable>(
    _ verb: EventVerb, _ record: RecordedEvent, _ cursor: Int, _ consumer: inout Consumer
  ) -> LockEvent {
    var event = LockEvent(verb: verb, thread: thread(ofCursor: cursor, &consumer), line: events + 1)
    if record.site != 0 {
      let place = places.place(record.site)
      event.at = place.at
      event.stack = place.stack
    }
    event.time = record.time.map { Int64(clamping: $0) }
    return event
  }

  @inline(__always)
  private mutating func emit<Consumer: EventConsumer & ~Copyable>(
    _ event: LockEvent, _ consumer: inout Consumer
  ) {
    var event = event
    events += 1
    event.line = events
    consumer.consume(event)
  }

  // MARK: Threads

  @inline(__always)
  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    ofCursor cursor: Int, _ consumer: inout Consumer
  ) -> ThreadID {
    if let known = threads[cursor].identifier { return known }
    let identifier = thread(UInt64(recording.chunks.threads[cursor].number), &consumer)
    threads[cursor].identifier = identifier
    return identifier
  }

  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ number: UInt64, _ consumer: inout Consumer
  ) -> ThreadID {
    if let known = threadIDs[number] { return known }
    var name = recording.threadName(number)
    let identifier = name.withUTF8 { consumer.newThread(named: UnsafeRawBufferPointer($0)) }
    threadIDs[number] = identifier
    return identifier
  }
}

extension Recording {
  /// What a thread is called: `main`, `T2`, `worker-T3`.
  package func threadName(_ number: UInt64) -> String {
    let thread = chunks.threads.first { UInt64($0.number) == number }
    if let thread, thread.identifier == header.process { return "main" }
    guard let name = tables.threadNames[UInt32(truncatingIfNeeded: number)], !name.isEmpty else {
      return "T\(number)"
    }
    return "\(name)-T\(number)"
  }

  /// What is not as it should be.
  ///
  /// - Parameter tellsOmissions: of what names are missing, and which locks were left out. Nobody
  ///   misses those where there are no events.
  func warnings(
    unknown: UInt64, gaps: Int, systemLocks: Int, systemEvents: UInt64,
    tellsOmissions: Bool
  ) -> [String] {
    var warnings: [String] = []
    if chunks.isCut { warnings.append("it is cut off in the middle, and was read up to there") }
    if gaps > 0 {
      warnings.append("\(Counted.plain(gaps, "part is", "parts are")) missing in it")
    }
    if unknown > 0 {
      warnings.append("\(Counted.plain(unknown, "record")) of a later version left out")
    }
    if header.lost > 0 {
      let reason = header.growthError == 0 ? "" : ": \(systemErrorText(Int32(header.growthError)))"
      warnings.append("\(Counted.plain(header.lost, "record")) could not be written\(reason)")
    }
    if header.hiddenLibraries > 0 {
      let libraries = Counted.plain(header.hiddenLibraries, "library", "libraries")
      warnings.append(
        "locks of \(libraries) that it loaded apart were not seen; record it with --audit")
    }
    if isRunning { warnings.append("its process still runs; it was read as far as it is settled") }
    guard tellsOmissions else { return warnings }
    for module in tables.missing.prefix(5) {
      let build = module.buildIdentifier.isEmpty ? "" : " (build-id \(module.buildIdentifier))"
      warnings.append("no debugging information of \(module.path)\(build)")
    }
    if systemLocks > 0 {
      let locks = Counted.plain(systemLocks, "lock")
      let events = Counted.plain(systemEvents, "event")
      warnings.append(
        "\(locks) of the loader and of allocators left out, with \(events); "
          + "--show-system-locks shows them")
    }
    return warnings
  }
}
