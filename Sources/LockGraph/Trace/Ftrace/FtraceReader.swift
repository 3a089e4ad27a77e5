/// Reads the text of the kernel's `/sys/kernel/tracing/trace` with events `lock:*`.
///
/// - A thread is a process number; the idle threads, which share number 0, are told apart by CPU.
/// - A lock is an address and a name, its class the name: the trace shows neither nesting levels nor `nest`
///   locks, and several classes share a name, so a name that recurs on another address says nothing.
/// - `lock_acquire` counts as the acquisition, as it does in lockdep: locks without a slow path have no
///   `lock_acquired`. If `lock_contended` follows, it was a request that waits; then `lock_acquired` is the
///   acquisition, and `lock_release` without one the end of a wait that was interrupted.
/// - The capture begins and ends in the middle of things, which a leading `lost` says.
struct FtraceReader: LineReader, ~Copyable {
  private struct Task {
    var thread: ThreadID
    var context: UInt8 = UInt8(ascii: ".")
    var cpu: UInt32
    /// Its name is known, and not the `<...>` of a name that was not cached.
    var isNamed: Bool
    /// What it waits for, after `lock_contended`.
    var waitsFor: [UInt32] = []
  }

  private struct Lock {
    var readsRecursively: Bool
    var kind: LockKind?
    /// Whether its class went with an event already.
    var isStated = false
  }

  private var taskNumbers = PairTable()
  private var tasks: [Task] = []
  private var lockNames = ByteInterner()
  private var locks: [Lock] = []
  /// The last lock that was acquired at an address, for captures that lost the names of other events.
  private var lockOfAddress: [UInt64: UInt32] = [:]
  private var lacksNames = false
  private var key: [UInt8] = []
  private var isStarted = false

  // A ring buffer that overran: each CPU begins where its own oldest event is.
  private var missingCPUs = 0
  private var seenCPUs: Set<UInt32> = []
  private var presentCPUs: Int?
  private var preparedCPUs: Set<UInt32> = []
  private var awaitedCPUs = 0
  /// Events may be missing in the middle: the capture was read while it was written and so has no header, or
  /// says so. Then a task that comes up on another CPU may have done anything on the one it left, because
  /// what a CPU lost is only said before that CPU's next event.
  private var mayLackEvents = true
  private var dropped = 0

  init() {}

  var warnings: [String] {
    var warnings: [String] = []
    if dropped > 0 {
      warnings.append(
        "the ring buffer overran: \(dropped) events before the last CPU's first one were left out")
    }
    if missingCPUs > 0 {
      warnings.append(
        "no event was used: \(missingCPUs) of the CPUs never appear after an overrun; "
          + "give the capture as a file")
    }
    return warnings
  }

  /// Which CPUs appear at all, if the buffer overran.
  mutating func prepare(_ piece: UnsafeRawBufferPointer) {
    if presentCPUs == nil {
      guard let overrun = Self.overrun(piece.prefix(8192)), overrun.didOverrun else { return }
      awaitedCPUs = overrun.cpus
    }
    var rest = piece[...]
    while !rest.isEmpty, !isPrepared {
      let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
      if let line = FtraceLine(UnsafeRawBufferPointer(rebasing: rest[..<end])) {
        preparedCPUs.insert(line.cpu)
      }
      rest = end < rest.endIndex ? rest[(end + 1)...] : rest[end...]
    }
    presentCPUs = preparedCPUs.count
  }

  var isPrepared: Bool { preparedCPUs.count >= awaitedCPUs }

  private static func overrun(
    _ header: Slice<UnsafeRawBufferPointer>
  ) -> (didOverrun: Bool, cpus: Int)? {
    for line in header.split(separator: UInt8(ascii: "\n")) {
      if let found = overrun(UnsafeRawBufferPointer(rebasing: line)) { return found }
      if line.first != UInt8(ascii: "#") { return nil }
    }
    return nil
  }

  /// `# entries-in-buffer/entries-written: 992929/992929   #P:2`
  private static func overrun(
    _ line: UnsafeRawBufferPointer
  ) -> (didOverrun: Bool, cpus: Int)? {
    let mark = "# entries-in-buffer/entries-written:"
    guard line.starts(with: mark.utf8) else { return nil }
    let words = String(decoding: line.dropFirst(mark.utf8.count), as: UTF8.self)
      .split(separator: " ")
    let counts = words.first?.split(separator: "/").compactMap { UInt64($0) } ?? []
    guard counts.count == 2, let cpus = words.last, cpus.hasPrefix("#P:"),
      let cpuCount = Int(cpus.dropFirst(3))
    else { return nil }
    return (counts[0] < counts[1], cpuCount)
  }

  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, number: UInt64, into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let event = FtraceLine(line) else {
      return try readOther(line, number, &consumer)
    }
    if !isStarted { start(number, &consumer) }
    if missingCPUs > 0 {
      if seenCPUs.insert(event.cpu).inserted { missingCPUs -= 1 }
      if missingCPUs > 0 {
        dropped += 1
        return true
      }
    }
    let task = self.task(event, &consumer)
    if event.cpu != tasks[task].cpu { migrate(task, event, number, &consumer) }
    if event.context != tasks[task].context {
      changeContext(of: task, to: event.context, number, &consumer)
    }
    guard event.event != .other else { return true }
    try readLockEvent(event, task, number, &consumer)
    return true
  }

  /// Nothing is known of what was held before the first event.
  private mutating func start<Consumer: EventConsumer & ~Copyable>(
    _ number: UInt64, _ consumer: inout Consumer
  ) {
    isStarted = true
    lose(1, number, &consumer)
  }

  private mutating func lose<Consumer: EventConsumer & ~Copyable>(
    _ count: UInt64, _ number: UInt64, _ consumer: inout Consumer
  ) {
    var lost = LockEvent(verb: .lost, thread: ThreadID(LockEvent.none), line: number)
    lost.isOfAllThreads = true
    lost.lostCount = count
    consumer.consume(lost)
    for task in tasks.indices { tasks[task].waitsFor.removeAll() }
  }

  @inline(never)
  private mutating func migrate<Consumer: EventConsumer & ~Copyable>(
    _ task: Int, _ line: FtraceLine, _ number: UInt64, _ consumer: inout Consumer
  ) {
    tasks[task].cpu = line.cpu
    guard mayLackEvents else { return }
    var lost = LockEvent(verb: .lost, thread: tasks[task].thread, line: number)
    lost.lostCount = 0
    consumer.consume(lost)
    tasks[task].waitsFor.removeAll()
  }

  /// Headers, empty lines, lost events, and the lines of stack traces.
  @inline(never)
  private mutating func readOther<Consumer: EventConsumer & ~Copyable>(
    _ line: UnsafeRawBufferPointer, _ number: UInt64, _ consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let first = line.first(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") })
    else { return false }
    if first == UInt8(ascii: "#") {
      if let overrun = Self.overrun(line) {
        mayLackEvents = false
        if overrun.didOverrun {
          missingCPUs = presentCPUs ?? overrun.cpus
          seenCPUs.removeAll()
          if isStarted { lose(1, number, &consumer) }
        }
      }
      return false
    }
    if let count = FtraceLine.lostEvents(line) {
      isStarted = true
      mayLackEvents = true
      lose(count, number, &consumer)
      return false
    }
    let text = String(decoding: line.prefix(200), as: UTF8.self)
    if text.hasPrefix(" => ") || text.contains("<stack trace>") { return false }
    throw LineFailure(
      column: 1, message: "not an event line of the kernel's trace",
      expected: "TASK-PID [CPU] FLAGS TIME: EVENT: …")
  }

  @inline(__always)
  private mutating func task<Consumer: EventConsumer & ~Copyable>(
    _ line: FtraceLine, _ consumer: inout Consumer
  ) -> Int {
    let cpu = line.pid == 0 ? line.cpu : 0
    if let found = taskNumbers.value(line.pid, cpu) {
      let task = Int(found)
      if !tasks[task].isNamed { name(task, line, &consumer) }
      return task
    }
    return newTask(line, cpu, &consumer)
  }

  @inline(never)
  private mutating func newTask<Consumer: EventConsumer & ~Copyable>(
    _ line: FtraceLine, _ cpu: UInt32, _ consumer: inout Consumer
  ) -> Int {
    let (label, isNamed) = Self.label(line)
    let thread = label.withUnsafeBytes { consumer.newThread(named: $0) }
    taskNumbers.insert(line.pid, cpu, value: UInt32(tasks.count))
    tasks.append(Task(thread: thread, cpu: line.cpu, isNamed: isNamed))
    return tasks.count - 1
  }

  @inline(never)
  private mutating func name<Consumer: EventConsumer & ~Copyable>(
    _ task: Int, _ line: FtraceLine, _ consumer: inout Consumer
  ) {
    let (label, isNamed) = Self.label(line)
    guard isNamed else { return }
    tasks[task].isNamed = true
    label.withUnsafeBytes { consumer.rename(tasks[task].thread, to: $0) }
  }

  /// `NAME-PID`, or `idle/CPU`.
  private static func label(_ line: FtraceLine) -> (label: [UInt8], isNamed: Bool) {
    if line.pid == 0 { return (Array("idle/\(line.cpu)".utf8), true) }
    let name = line.task.drop { $0 == UInt8(ascii: " ") }
    return (Array(name) + Array("-\(line.pid)".utf8), !name.elementsEqual("<...>".utf8))
  }

  /// The contexts that a letter of the third column stands for, outermost first.
  private static func contexts(_ letter: UInt8) -> [InterruptContext] {
    switch letter {
    case UInt8(ascii: "s"): [.softirq]
    case UInt8(ascii: "h"): [.hardirq]
    case UInt8(ascii: "H"): [.softirq, .hardirq]
    case UInt8(ascii: "z"): [.nmi]
    case UInt8(ascii: "Z"): [.hardirq, .nmi]
    default: []
    }
  }

  @inline(never)
  private mutating func changeContext<Consumer: EventConsumer & ~Copyable>(
    of task: Int, to letter: UInt8, _ number: UInt64, _ consumer: inout Consumer
  ) {
    let (old, new) = (Self.contexts(tasks[task].context), Self.contexts(letter))
    tasks[task].context = letter
    let shared = zip(old, new).prefix { $0 == $1 }.count
    for context in old[shared...].reversed() {
      var event = LockEvent(verb: .leave, thread: tasks[task].thread, line: number)
      event.context = context
      consumer.consume(event)
    }
    for context in new[shared...] {
      var event = LockEvent(verb: .enter, thread: tasks[task].thread, line: number)
      event.context = context
      consumer.consume(event)
    }
  }

  @inline(__always)
  private mutating func readLockEvent<Consumer: EventConsumer & ~Copyable>(
    _ line: FtraceLine, _ task: Int, _ number: UInt64, _ consumer: inout Consumer
  ) throws(LineFailure) {
    let thread = tasks[task].thread
    let time = Consumer.usesTimes ? line.nanoseconds : nil
    if line.event == .acquire {
      var event = LockEvent(verb: .acquire, thread: thread, line: number)
      event.time = time
      let (lock, name) = try acquiredLock(line, &event, &consumer)
      event.lock = lock
      if event.mode == .read,
        tasks[task].context != UInt8(ascii: ".") || locks[Int(lock)].readsRecursively
      {
        event.mode = .recursiveRead
      }
      if !locks[Int(lock)].isStated {
        locks[Int(lock)].isStated = true
        event.lockClass = name
        event.kind = locks[Int(lock)].kind
      }
      consumer.consume(event)
      return
    }
    guard let lock = try mentionedLock(line), locks[Int(lock)].isStated else { return }
    let waiting =
      tasks[task].waitsFor.isEmpty ? nil : tasks[task].waitsFor.firstIndex(of: lock)
    switch line.event {
    case .release:
      var event = LockEvent(verb: .release, thread: thread, line: number)
      event.time = time
      if let waiting {
        tasks[task].waitsFor.remove(at: waiting)
        event.verb = .abandon
        event.reason = .interrupted
      }
      event.lock = lock
      consumer.consume(event)
    case .contended:
      guard waiting == nil else { return }
      tasks[task].waitsFor.append(lock)
      var event = LockEvent(verb: .request, thread: thread, line: number)
      event.time = time
      event.lock = lock
      event.isOrderKnown = true
      consumer.consume(event)
    case .acquired:
      guard let waiting else { return }
      tasks[task].waitsFor.remove(at: waiting)
      var event = LockEvent(verb: .acquire, thread: thread, line: number)
      event.time = time
      event.lock = lock
      consumer.consume(event)
    case .acquire, .other: return
    }
  }

  /// The lock of `ADDRESS [try ][read ]NAME`, and its name; sets how it was acquired.
  @inline(__always)
  private mutating func acquiredLock<Consumer: EventConsumer & ~Copyable>(
    _ line: FtraceLine, _ event: inout LockEvent, _ consumer: inout Consumer
  ) throws(LineFailure) -> (lock: UInt32, name: UnsafeRawBufferPointer) {
    let rest = line.rest
    let address = try addressLength(line)
    var name = address + 1
    if hasWord("try ", rest, name) {
      event.options = .try
      name += 4
    }
    if hasWord("read ", rest, name) {
      event.mode = .read
      name += 5
    } else {
      event.mode = .write
    }
    guard name < rest.count else {
      throw LineFailure(
        column: line.restColumn + address, message: "the name of the lock is missing",
        expected: "ADDRESS [try ][read ]NAME")
    }
    let nameBytes = UnsafeRawBufferPointer(rebasing: rest[name...])
    let (lock, isNew): (UInt32, Bool)
    if name == address + 1 {
      (lock, isNew) = lockNames.intern(rest)
    } else {
      key.removeAll(keepingCapacity: true)
      key.append(contentsOf: rest[...address])
      key.append(contentsOf: nameBytes)
      (lock, isNew) = key.withUnsafeBytes { lockNames.intern($0) }
    }
    if isNew { newLock(lock, rest[..<address], nameBytes, &consumer) }
    if lacksNames { remember(lock, at: rest[..<address]) }
    return (lock, nameBytes)
  }

  /// The lock of `ADDRESS NAME`, if it was acquired before; where the name is missing, that which was acquired
  /// last at the address.
  @inline(__always)
  private mutating func mentionedLock(_ line: FtraceLine) throws(LineFailure) -> UInt32? {
    let address = try addressLength(line)
    guard address < line.rest.count else {
      lacksNames = true
      return lockOfAddress[hashBytes(line.rest, seed: 0)]
    }
    return lockNames.find(line.rest)
  }

  @inline(__always)
  private func hasWord(
    _ word: StaticString, _ rest: UnsafeRawBufferPointer, _ position: Int
  ) -> Bool {
    let count = word.utf8CodeUnitCount
    return position + count < rest.count && rest[position] == word.utf8Start[0]
      && bytesAreEqual(rest.baseAddress! + position, word.utf8Start, count: count)
  }

  @inline(__always)
  private func addressLength(_ line: FtraceLine) throws(LineFailure) -> Int {
    let rest = line.rest
    if rest.count > 16, rest[16] == UInt8(ascii: " "), rest[0] != UInt8(ascii: "(") { return 16 }
    let length = rest.firstIndex(of: UInt8(ascii: " ")) ?? rest.count
    let isHexadecimal = rest[..<length].allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x66).contains($0 | 0x20) || $0 == UInt8(ascii: "x")
    }
    guard length > 0, isHexadecimal else {
      let isHidden = rest.starts(with: "(____ptrval____)".utf8)
      throw LineFailure(
        column: line.restColumn,
        message: isHidden
          ? "the addresses of locks are hidden, so locks cannot be told apart"
          : "a bad address of a lock",
        expected: isHidden
          ? "a capture from later after the boot, or with no_hash_pointers" : "ADDRESS NAME")
    }
    return length
  }

  @inline(never)
  private mutating func newLock<Consumer: EventConsumer & ~Copyable>(
    _ lock: UInt32, _ address: Slice<UnsafeRawBufferPointer>, _ name: UnsafeRawBufferPointer,
    _ consumer: inout Consumer
  ) {
    let nature = FtraceLockNames.nature(of: name)
    locks.append(Lock(readsRecursively: nature.readsRecursively, kind: nature.kind))
    remember(lock, at: address)
    let label = Array(name) + [UInt8(ascii: "@")] + Array(address)
    label.withUnsafeBytes { consumer.newLock(number: lock, named: $0) }
  }

  private mutating func remember(_ lock: UInt32, at address: Slice<UnsafeRawBufferPointer>) {
    lockOfAddress[hashBytes(UnsafeRawBufferPointer(rebasing: address), seed: 0)] = lock
  }
}
