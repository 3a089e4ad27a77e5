/// Reads what `babeltrace2` prints of `liblttng-ust-pthread-wrapper.so`, events
/// `lttng_ust_pthread:*`.
///
/// - A thread is a `vtid`, a lock an address, both of the process `vpid` where that was recorded.
/// - The wrapper says nothing of the kinds of mutexes: one that a thread gets again while it holds
///   it is recursive. So a request for a held one waits for what comes of it.
/// - Of locks and places in an executable or library that the trace has the mapping of
///   (`lttng_ust_statedump`), the address within that image is known: it is the lock's class, and
///   the place.
/// - The wrapper misses acquisitions: those before the recording, `pthread_mutex_timedlock`, and
///   what the tracer takes itself. So that a thread releases what it was not seen to take is a
///   mistake of the program only where the mutex says so (EPERM), or another thread was seen to
///   take it.
struct LTTngReader: LineReader, ~Copyable {
  private struct Thread {
    var id: ThreadID
    var procname: [UInt8]
    var held: [UInt32] = []
    /// A request for a mutex that the thread holds, until its outcome is known.
    var repeated: (lock: UInt32, line: UInt64, time: Int64?, at: [UInt8])?
  }

  private struct Lock {
    var kind = LockKind.mutex
    var isStated = false
    /// Who took it last and did not release it; a condition wait, which is no event, hides that.
    var holder: Int?
    /// Where it is in its image; empty if it is in none.
    var lockClass: [UInt8]

    /// A kind that showed only now, to be stated with the next event.
    mutating func become(_ kind: LockKind) {
      guard self.kind != kind else { return }
      self.kind = kind
      isStated = false
    }
  }

  private var processes = ByteInterner()
  private var threadKeys = PairTable()
  private var threadTexts = ByteInterner()
  private var threads: [Thread] = []
  private var lockKeys = PairTable()
  private var lockTexts = ByteInterner()
  private var locks: [Lock] = []
  private var images = LTTngImages()
  private var place: [UInt8] = []
  private var lastTime: Int64 = 0
  /// What to add to times that begin again at midnight.
  private var days: Int64 = 0

  init() {}

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let parsed = LTTngLine(line) else { return try readOther(line, number, &consumer) }
    guard parsed.event != .other else { return true }
    let fields = parsed.fields()
    let process = fields.vpid.map { processes.intern($0).id + 1 } ?? 0
    guard parsed.event != .image else {
      images.add(process: process, fields)
      return true
    }
    guard let mutex = fields.mutex else {
      throw LineFailure(
        column: parsed.column + 1,
        message: fields.lackNames ? "the fields have no names" : "the field 'mutex' is missing",
        expected: "what babeltrace2 prints with its default --names=payload,context")
    }
    guard let thread = fields.thread else {
      throw LineFailure(
        column: parsed.column + 1, message: "the event does not say which thread it is of",
        expected: "a trace recorded with: lttng add-context -u -t vtid")
    }
    let actor = self.thread(thread, process, fields, &consumer)
    var event = LockEvent(verb: .acquire, thread: threads[actor].id, line: number)
    if Consumer.usesTimes { event.time = time(line) }
    event.lock = lock(mutex, process, fields, &consumer)
    locate(fields, process)
    event.stack = fields.function
    event.at = fields.source ?? fields.binary
    if event.at == nil, !place.isEmpty {
      // A copy, which is none in memory: the events change the reader.
      let place = place
      place.withUnsafeBytes {
        event.at = $0
        handOver(parsed.event, fields.status, actor, event, &consumer)
      }
    } else {
      handOver(parsed.event, fields.status, actor, event, &consumer)
    }
    return true
  }

  /// A thread that never got the mutex that it asked for again stands still for good.
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    for thread in threads.indices { request(repeatedBy: thread, &consumer) }
  }

  /// What babeltrace2 writes beside events.
  @inline(never)
  private mutating func readOther<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, _ number: UInt64, _ consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let first = line.first(where: { $0 > UInt8(ascii: " ") }), first != UInt8(ascii: "#")
    else { return false }
    if let count = LTTngLine.discardedEvents(line) {
      lose(count, number, &consumer)
      return true
    }
    if line.starts(with: "[warning]".utf8) { return false }
    throw LineFailure(
      column: 1, message: "no event of babeltrace2's text",
      expected: "[TIME] (+DELTA) HOST PROVIDER:EVENT: { FIELDS }")
  }

  private mutating func lose<Consumer: EventConsumer & ~Copyable>(
    _ count: UInt64, _ number: UInt64, _ consumer: inout Consumer
  ) {
    for thread in threads.indices {
      threads[thread].held.removeAll()
      threads[thread].repeated = nil
    }
    for lock in locks.indices { locks[lock].holder = nil }
    var event = LockEvent(verb: .lost, thread: ThreadID(LockEvent.none), line: number)
    event.isOfAllThreads = true
    event.omittedCount = count
    consumer.consume(event)
  }

  /// Times of day begin again at midnight.
  @inline(__always)
  private mutating func time(_ line: UnsafeRawBufferPointer) -> Int64? {
    guard let time = LTTngLine.time(line) else { return nil }
    let day: Int64 = 86_400_000_000_000
    if time < day, lastTime < day, lastTime - time > day / 2 { days &+= day }
    lastTime = time
    return time &+ days
  }

  @inline(__always)
  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ process: UInt32, _ fields: LTTngLine.Fields,
    _ consumer: inout Consumer
  ) -> Int {
    let text = threadTexts.intern(name).id
    guard let known = threadKeys.value(process, text) else {
      let label = Self.label(name, fields)
      let id = label.withUnsafeBytes { consumer.newThread(named: $0) }
      threadKeys.insert(process, text, value: UInt32(threads.count))
      threads.append(Thread(id: id, procname: fields.procname.map(Array.init) ?? []))
      return threads.count - 1
    }
    let thread = Int(known)
    // Threads take their names only after they began.
    if let procname = fields.procname,
      procname.count != threads[thread].procname.count
        || !procname.elementsEqual(threads[thread].procname)
    {
      threads[thread].procname = Array(procname)
      Self.label(name, fields).withUnsafeBytes { consumer.rename(threads[thread].id, to: $0) }
    }
    return thread
  }

  /// `PROCNAME-VTID`, else `VPID/VTID`.
  private static func label(
    _ name: UnsafeRawBufferPointer, _ fields: LTTngLine.Fields
  ) -> [UInt8] {
    if let procname = fields.procname { return Array(procname) + [UInt8(ascii: "-")] + Array(name) }
    if let vpid = fields.vpid { return Array(vpid) + [UInt8(ascii: "/")] + Array(name) }
    return Array(name)
  }

  @inline(__always)
  private mutating func lock<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ process: UInt32, _ fields: LTTngLine.Fields,
    _ consumer: inout Consumer
  ) -> UInt32 {
    let text = lockTexts.intern(name).id
    if let known = lockKeys.value(process, text) { return known }
    return newLock(name, text, process, fields, &consumer)
  }

  @inline(never)
  private mutating func newLock<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ text: UInt32, _ process: UInt32,
    _ fields: LTTngLine.Fields, _ consumer: inout Consumer
  ) -> UInt32 {
    let lock = UInt32(locks.count)
    lockKeys.insert(process, text, value: lock)
    var lockClass: [UInt8] = []
    if let address = LTTngLine.integer(name) {
      _ = images.describe(address, process: process, into: &lockClass)
    }
    locks.append(Lock(lockClass: lockClass))
    // An address is one process's own.
    let label = Array(name) + (fields.vpid.map { [UInt8(ascii: "@")] + Array($0) } ?? [])
    label.withUnsafeBytes { consumer.newLock(number: lock, named: $0) }
    return lock
  }

  /// Puts down where the event's caller is.
  @inline(__always)
  private mutating func locate(_ fields: LTTngLine.Fields, _ process: UInt32) {
    place.removeAll(keepingCapacity: true)
    guard fields.source == nil, fields.binary == nil, let address = fields.instruction,
      !images.describe(address, process: process, into: &place)
    else { return }
    LTTngImages.append(address, to: &place)
  }

  /// The event of the model that is a wrapper's event.
  @inline(__always)
  private mutating func handOver<Consumer: EventConsumer & ~Copyable>(
    _ kind: LTTngLine.Event, _ status: Int64, _ actor: Int, _ event: LockEvent,
    _ consumer: inout Consumer
  ) {
    let isHeld = threads[actor].held.contains(event.lock)
    // EOWNERDEAD: the mutex is the thread's, and what it protects may be in disorder.
    let hasMutex = status == 0 || status == 130
    switch kind {
    case .request:
      request(repeatedBy: actor, &consumer)
      if isHeld, locks[Int(event.lock)].kind != .recursive {
        threads[actor].repeated = (
          event.lock, event.line, event.time, event.at.map(Array.init) ?? []
        )
      } else {
        consume(.request, event, &consumer)
      }
    case .acquired where hasMutex:
      if isHeld { locks[Int(event.lock)].become(.recursive) }
      if threads[actor].repeated?.lock == event.lock { threads[actor].repeated = nil }
      request(repeatedBy: actor, &consumer)
      threads[actor].held.append(event.lock)
      locks[Int(event.lock)].holder = actor
      consume(.acquire, event, &consumer)
    case .acquired:
      request(repeatedBy: actor, &consumer)
      var event = event
      event.reason = status == 35 ? .deadlock : .failed
      consume(.abandon, event, &consumer)
    case .tryLock where hasMutex:
      if isHeld { locks[Int(event.lock)].become(.recursive) }
      threads[actor].held.append(event.lock)
      locks[Int(event.lock)].holder = actor
      var event = event
      event.options = .try
      consume(.acquire, event, &consumer)
    case .unlock:
      let holder = locks[Int(event.lock)].holder
      if let index = threads[actor].held.lastIndex(of: event.lock) {
        // A release that failed leaves it as it was.
        guard status == 0 else { return }
        threads[actor].held.remove(at: index)
        if holder == actor, !threads[actor].held.contains(event.lock) {
          locks[Int(event.lock)].holder = nil
        }
      } else {
        guard status == 1 || status == 0 && holder != nil && holder != actor else { return }
      }
      consume(.release, event, &consumer)
    case .tryLock, .image, .other: break
    }
  }

  @inline(__always)
  private mutating func consume<Consumer: EventConsumer & ~Copyable>(
    _ verb: EventVerb, _ event: LockEvent, _ consumer: inout Consumer
  ) {
    var event = event
    event.verb = verb
    let lock = Int(event.lock)
    guard !locks[lock].isStated, verb == .acquire || verb == .request else {
      consumer.consume(event)
      return
    }
    locks[lock].isStated = true
    event.kind = locks[lock].kind
    locks[lock].lockClass.withUnsafeBytes {
      if !$0.isEmpty { event.lockClass = $0 }
      consumer.consume(event)
    }
  }

  /// The request that was held back is one that blocks.
  private mutating func request<Consumer: EventConsumer & ~Copyable>(
    repeatedBy thread: Int, _ consumer: inout Consumer
  ) {
    guard let repeated = threads[thread].repeated else { return }
    threads[thread].repeated = nil
    var event = LockEvent(verb: .request, thread: threads[thread].id, line: repeated.line)
    event.lock = repeated.lock
    event.time = repeated.time
    repeated.at.withUnsafeBytes {
      if !$0.isEmpty { event.at = $0 }
      consumer.consume(event)
    }
  }
}
