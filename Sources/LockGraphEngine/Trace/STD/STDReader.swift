/// Reads STD, the format of RAPID and of the research prototypes that took it over.
///
/// - Locks are Java monitors, so all are recursive; a location is what `at=` is in the text format.
/// - Some recorders write `fork(9)` for the start of `T9`. Where threads are called so, the number
///   means that thread, whichever of the two names comes first.
/// - `wait(l)` gives the monitor up if the thread still holds it; some recorders write `rel(l)`
///   before it. The thread has the monitor again at its `acq(l)`, or, where the recorder writes
///   none, at its next event.
/// - `end` is the end of a thread, or, in traces for atomicity, of a transaction: what the thread
///   does next, if anything, tells.
struct STDReader: LineReader, ~Copyable {
  private struct Thread {
    var id: ThreadID
    /// It did something, and was not only the operand of a fork or join.
    var hasActed = false
    var waiting: Waiting?
    /// The line of an `end` that nothing followed yet.
    var end: UInt64?
    /// The monitors it holds and how often.
    var held: [(lock: UInt32, count: Int)] = []
    /// The monitor it released with its last event.
    var justReleased: UInt32?
  }

  private struct Waiting {
    /// `LockEvent.none` if the monitor was released by an event of its own.
    var lock: UInt32
    /// How often the monitor was held when the wait began.
    var levels: Int
    /// The recorder wrote a release before the wait of a monitor that was taken several times.
    var isOneLevelShort: Bool
  }

  private var threadNames = ByteInterner()
  /// By the number of a name; two names of one thread have the same.
  private var threadOfName: [Int] = []
  private var threads: [Thread] = []
  private var lastName: [UInt8] = []
  private var lastThread = 0
  private var usesNumberedNames = false
  private var lockNames = ByteInterner()
  /// By the number of a lock: its kind was stated.
  private var isStated: [Bool] = []

  init() {}

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let parsed = try STDLine(line) else { return false }
    let actor = self.actor(parsed.thread, &consumer)
    if needsAttention(actor), resume(actor, parsed, number, &consumer) { return true }
    var event = LockEvent(verb: .read, thread: threads[actor].id, line: number)
    event.at = parsed.location
    switch parsed.operation {
    case .read:
      event.operandName = parsed.argument
      consumer.consume(event)
    case .write:
      event.verb = .write
      event.operandName = parsed.argument
      consumer.consume(event)
    case .acquire:
      event.verb = .acquire
      name(parsed.argument, in: &event, &consumer)
      hold(event.lock, actor)
      consumer.consume(event)
    case .release:
      event.verb = .release
      name(parsed.argument, in: &event, &consumer)
      release(event.lock, actor)
      consumer.consume(event)
    case .request:
      event.verb = .request
      name(parsed.argument, in: &event, &consumer)
      consumer.consume(event)
    case .fork, .join:
      let target = self.target(parsed.argument, of: parsed.thread, &consumer)
      finish(target, &consumer)
      event.verb = parsed.operation == .fork ? .spawn : .join
      event.otherThread = threads[target].id
      consumer.consume(event)
    case .wait: wait(parsed, actor, event, &consumer)
    case .notify, .notifyAll:
      guard !parsed.argument.isEmpty else { break }
      event.verb = parsed.operation == .notify ? .signal : .broadcast
      event.operandName = parsed.argument
      consumer.consume(event)
    case .end: threads[actor].end = number
    case .other: break
    }
    return true
  }

  /// What the last events turn out to have been.
  mutating func finish<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    for thread in threads.indices { finish(thread, &consumer) }
  }

  @inline(__always)
  private mutating func actor<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> Int {
    if name.count == lastName.count,
      lastName.withUnsafeBytes({
        bytesAreEqual($0.baseAddress, name.baseAddress, count: name.count)
      })
    {
      return lastThread
    }
    lastThread = thread(name, isActing: true, &consumer)
    lastName.removeAll(keepingCapacity: true)
    lastName.append(contentsOf: name)
    if !threads[lastThread].hasActed {
      threads[lastThread].hasActed = true
      if Self.number(of: name) != nil { usesNumberedNames = true }
    }
    return lastThread
  }

  private mutating func thread<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, isActing: Bool, _ consumer: inout Consumer
  ) -> Int {
    let (id, isNew) = threadNames.intern(name)
    guard isNew else { return threadOfName[Int(id)] }
    // A thread that a fork or join named by its number alone.
    if isActing, let number = Self.number(of: name), let known = threadNames.find(number) {
      let thread = threadOfName[Int(known)]
      if !threads[thread].hasActed {
        consumer.rename(threads[thread].id, to: name)
        threadOfName.append(thread)
        return thread
      }
    }
    threads.append(Thread(id: consumer.newThread(named: name)))
    threadOfName.append(threads.count - 1)
    return threads.count - 1
  }

  /// The thread that a fork or join is about.
  private mutating func target<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, of actor: UnsafeRawBufferPointer, _ consumer: inout Consumer
  ) -> Int {
    guard usesNumberedNames, name.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      return thread(name, isActing: false, &consumer)
    }
    if let known = threadNames.find(name) { return threadOfName[Int(known)] }
    let prefix = Self.number(of: actor) == nil ? UInt8(ascii: "T") : actor[0]
    let full = [prefix] + Array(name)
    return full.withUnsafeBytes { thread($0, isActing: false, &consumer) }
  }

  /// The digits of `T9`; `nil` if a name is not of that form.
  private static func number(of name: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
    guard name.count > 1, name[0] | 0x20 == UInt8(ascii: "t"),
      name.dropFirst().allSatisfy({ $0 >= 0x30 && $0 <= 0x39 })
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: name[1...])
  }

  private mutating func finish<Consumer: EventConsumer & ~Copyable>(
    _ thread: Int, _ consumer: inout Consumer
  ) {
    guard let line = threads[thread].end else { return }
    threads[thread].end = nil
    threads[thread].held.removeAll()
    consumer.consume(LockEvent(verb: .exit, thread: threads[thread].id, line: line))
  }

  /// Sets an event's lock, and its kind where nothing said it before.
  @inline(__always)
  private mutating func name<Consumer: EventConsumer & ~Copyable>(
    _ name: UnsafeRawBufferPointer, in event: inout LockEvent, _ consumer: inout Consumer
  ) {
    let (id, isNew) = lockNames.intern(name)
    if isNew {
      consumer.newLock(number: id, named: name)
      isStated.append(false)
    }
    event.lock = id
    if !isStated[Int(id)], event.verb != .release {
      isStated[Int(id)] = true
      event.kind = .recursive
    }
  }

  @inline(__always)
  private mutating func hold(_ lock: UInt32, _ actor: Int) {
    if let index = threads[actor].held.lastIndex(where: { $0.lock == lock }) {
      threads[actor].held[index].count += 1
    } else {
      threads[actor].held.append((lock, 1))
    }
  }

  @inline(__always)
  private mutating func release(_ lock: UInt32, _ actor: Int) {
    threads[actor].justReleased = lock
    guard let index = threads[actor].held.lastIndex(where: { $0.lock == lock }) else { return }
    threads[actor].held[index].count -= 1
    if threads[actor].held[index].count == 0 { threads[actor].held.remove(at: index) }
  }

  private mutating func wait<Consumer: EventConsumer & ~Copyable>(
    _ line: STDLine, _ actor: Int, _ event: LockEvent, _ consumer: inout Consumer
  ) {
    var event = event
    event.verb = .wait
    event.operandName = line.argument
    name(line.argument, in: &event, &consumer)
    let lock = event.lock
    let index = threads[actor].held.lastIndex { $0.lock == lock }
    let wasReleased = threads[actor].justReleased == lock
    var waiting = Waiting(lock: lock, levels: 0, isOneLevelShort: wasReleased)
    if let index {
      waiting.levels = threads[actor].held.remove(at: index).count
    } else if wasReleased {
      waiting.lock = LockEvent.none
      event.lock = LockEvent.none
    }
    threads[actor].justReleased = nil
    threads[actor].waiting = waiting
    consumer.consume(event)
  }

  @inline(__always)
  private func needsAttention(_ actor: Int) -> Bool {
    threads[actor].waiting != nil || threads[actor].end != nil
      || threads[actor].justReleased != nil
  }

  /// What an event of a thread says of the one before; true if that is all it says.
  @inline(never)
  private mutating func resume<Consumer: EventConsumer & ~Copyable>(
    _ actor: Int, _ line: STDLine, _ number: UInt64, _ consumer: inout Consumer
  ) -> Bool {
    threads[actor].end = nil
    if line.operation != .wait { threads[actor].justReleased = nil }
    guard let waiting = threads[actor].waiting else { return false }
    let isSameLock =
      waiting.lock != LockEvent.none && lockNames.find(line.argument) == waiting.lock
    // The wake-up asks for the monitor anyhow.
    if isSameLock, line.operation == .request { return true }
    threads[actor].waiting = nil
    var event = LockEvent(verb: .wake, thread: threads[actor].id, line: number)
    event.at = line.location
    event.lock = waiting.lock
    consumer.consume(event)
    guard waiting.lock != LockEvent.none else { return false }
    threads[actor].held.append((waiting.lock, max(1, waiting.levels)))
    guard isSameLock, line.operation == .acquire else { return false }
    if waiting.isOneLevelShort {
      event.verb = .acquire
      hold(event.lock, actor)
      consumer.consume(event)
    }
    return true
  }
}
