/// Makes events of the model from those of the kernel's tracepoints, whichever program wrote them
/// down.
///
/// - A thread is a process number; the idle threads, which share number 0, are told apart by CPU.
/// - A lock is an address and a name, its class the name: the trace shows neither nesting levels
///   nor `nest` locks, and several classes share a name, so a name that recurs on another address
///   says nothing.
/// - `lock_acquire` counts as the acquisition, as it does in lockdep: locks without a slow path
///   have no `lock_acquired`. If `lock_contended` follows, it was a request that waits; then
///   `lock_acquired` is the acquisition, and `lock_release` without one the end of a wait that was
///   interrupted.
/// - An address that comes up under another name was given to another lock, if nobody holds the one
///   before.
struct KernelLockEvents {
  private struct Task {
    var thread: ThreadID
    /// What the events so far state of it.
    var columns = KernelStateColumns.absent
    var cpu: UInt32
    /// Its name is known, and not a stand-in for one that was not cached.
    var isNamed: Bool
    /// What it waits for, after `lock_contended`.
    var waitsFor: [UInt32] = []
    /// What it asked for in vain, until it says that it gives that up.
    var refused: [UInt32] = []
    /// The lock of its last event, if that was an acquisition that could have waited.
    var lastAcquired: UInt32?
    /// What it acquired last, in a capture that lost whether it could have waited.
    var undecided: [UndecidedAcquisition] = []
  }

  private struct Lock {
    var readsRecursively: Bool
    var kind: LockKind?
    /// Whether its class went with an event already; again not so once its address was another
    /// lock's.
    var isStated = false
    /// How often it is held, as far as is known; not less often than it is.
    var holds: UInt32 = 0
    /// The loss of all that is held since which `holds` counts.
    var epoch: UInt32 = 0
  }

  /// The line that events are made from.
  private struct Place {
    var number: UInt64
    var time: Int64?
    var stack: UnsafeRawBufferPointer?

    func event(_ verb: EventVerb, _ thread: ThreadID) -> LockEvent {
      var event = LockEvent(verb: verb, thread: thread, line: number)
      event.time = time
      event.stack = stack
      return event
    }
  }

  /// An acquisition that the next event of the task decides on: `lock_acquired` and
  /// `lock_contended` follow those only that could have waited.
  private struct UndecidedAcquisition {
    var event: LockEvent
    var context: UInt8
  }

  private var taskNumbers = PairTable()
  private var tasks: [Task] = []
  private var lockNames = ByteInterner()
  private var locks: [Lock] = []
  /// The last lock that was acquired at an address, by the hash of the address.
  private var lockOfAddress: [UInt64: UInt32] = [:]
  /// Names are missing from all events but acquisitions, and from these whether they could have
  /// waited: the `hash-ptr` option of some kernels does that.
  private var lacksNames = false
  /// Where `ADDRESS NAME` is spelled out, as long as the longest so far.
  private var key: [UInt8] = []
  private var epoch: UInt32 = 0
  private(set) var isStarted = false
  /// How many locks were announced.
  var lockCount: UInt32 { UInt32(locks.count) }
  private var sawOtherEvents = false
  /// Events may be missing in the middle. Then a task that comes up on another CPU may have done
  /// anything on the one it left, because what a CPU lost is only said before that CPU's next
  /// event.
  var mayLackEvents = true

  /// What a reader of the report should know.
  var warnings: [String] {
    guard sawOtherEvents, locks.isEmpty else { return [] }
    return [
      "no lock_acquire among the events: record lock:lock_acquire and its companions, on a kernel with "
        + "CONFIG_PROVE_LOCKING or CONFIG_LOCK_STAT"
    ]
  }

  /// Nothing is known of what was held before the first event.
  @inline(__always)
  mutating func start<Consumer: EventConsumer & ~Copyable>(
    _ number: UInt64, _ consumer: inout Consumer
  ) {
    if !isStarted { lose(1, number, &consumer) }
  }

  /// Events of any task were lost.
  @inline(never)
  mutating func lose<Consumer: EventConsumer & ~Copyable>(
    _ count: UInt64, _ number: UInt64, _ consumer: inout Consumer
  ) {
    isStarted = true
    var lost = LockEvent(verb: .lost, thread: ThreadID(LockEvent.none), line: number)
    lost.isOfAllThreads = true
    lost.omittedCount = count
    consumer.consume(lost)
    epoch &+= 1
    for task in tasks.indices { forget(task) }
  }

  /// What is held, waited for and masked, and in which context: the consumer forgets it too.
  private mutating func forget(_ task: Int) {
    tasks[task].waitsFor.removeAll()
    tasks[task].refused.removeAll()
    tasks[task].lastAcquired = nil
    tasks[task].undecided.removeAll()
    tasks[task].columns = .absent
  }

  /// Takes an event of a lock, and the stack it happened in.
  @inline(__always)
  mutating func take<Consumer: EventConsumer & ~Copyable>(
    _ line: KernelEventLine, _ operand: KernelLockOperand, number: UInt64,
    stack: UnsafeRawBufferPointer? = nil, into consumer: inout Consumer
  ) {
    let place = Place(
      number: number, time: Consumer.usesTimes ? KernelTime.nanoseconds(line.time) : nil,
      stack: stack)
    let task = self.task(line, place, &consumer)
    if lacksNames, !tasks[task].undecided.isEmpty { decide(task, line, operand, &consumer) }
    takeLockEvent(line, operand, task, place, &consumer)
  }

  /// Takes an event that is about no lock.
  @inline(never)
  mutating func takeOther<Consumer: EventConsumer & ~Copyable>(
    _ line: KernelEventLine, number: UInt64, into consumer: inout Consumer
  ) {
    sawOtherEvents = true
    let time = Consumer.usesTimes ? KernelTime.nanoseconds(line.time) : nil
    _ = task(line, Place(number: number, time: time), &consumer)
  }

  /// The task of an event, brought to where the event was and to its context.
  @inline(__always)
  private mutating func task<Consumer: EventConsumer & ~Copyable>(
    _ line: KernelEventLine, _ place: Place, _ consumer: inout Consumer
  ) -> Int {
    let cpu = line.pid == 0 ? line.cpu : 0
    let task: Int
    if let found = taskNumbers.value(line.pid, cpu) {
      task = Int(found)
      if !tasks[task].isNamed { name(task, line, &consumer) }
    } else {
      task = newTask(line, cpu, &consumer)
    }
    if line.cpu != tasks[task].cpu { migrate(task, line, place, &consumer) }
    if line.columns != tasks[task].columns {
      changeState(of: task, to: line.columns, place, &consumer)
    }
    return task
  }

  @inline(never)
  private mutating func newTask<Consumer: EventConsumer & ~Copyable>(
    _ line: KernelEventLine, _ cpu: UInt32, _ consumer: inout Consumer
  ) -> Int {
    let (label, isNamed) = Self.label(line)
    let thread = label.withUnsafeBytes { consumer.newThread(named: $0) }
    taskNumbers.insert(line.pid, cpu, value: UInt32(tasks.count))
    tasks.append(Task(thread: thread, cpu: line.cpu, isNamed: isNamed))
    return tasks.count - 1
  }

  @inline(never)
  private mutating func name<Consumer: EventConsumer & ~Copyable>(
    _ task: Int, _ line: KernelEventLine, _ consumer: inout Consumer
  ) {
    let (label, isNamed) = Self.label(line)
    guard isNamed else { return }
    tasks[task].isNamed = true
    label.withUnsafeBytes { consumer.rename(tasks[task].thread, to: $0) }
  }

  /// `NAME-PID`, or `idle/CPU`. The tracer knows some names as `<...>`, perf as `:PID`.
  private static func label(_ line: KernelEventLine) -> (label: [UInt8], isNamed: Bool) {
    if line.pid == 0 { return (Array("idle/\(line.cpu)".utf8), true) }
    let name = line.task.drop { $0 == UInt8(ascii: " ") }
    let isNamed = !name.elementsEqual("<...>".utf8) && name.first != UInt8(ascii: ":")
    return (Array(name) + Array("-\(line.pid)".utf8), isNamed)
  }

  @inline(never)
  private mutating func migrate<Consumer: EventConsumer & ~Copyable>(
    _ task: Int, _ line: KernelEventLine, _ place: Place, _ consumer: inout Consumer
  ) {
    tasks[task].cpu = line.cpu
    guard mayLackEvents else { return }
    consumer.consume(place.event(.lost, tasks[task].thread))
    forget(task)
  }

  /// Enters and leaves contexts, and states what is masked where that is not known to be as it was.
  @inline(never)
  private mutating func changeState<Consumer: EventConsumer & ~Copyable>(
    of task: Int, to new: KernelStateColumns, _ place: Place, _ consumer: inout Consumer
  ) {
    let old = tasks[task].columns
    let thread = tasks[task].thread
    tasks[task].columns = new
    if old.context != new.context {
      if !tasks[task].undecided.isEmpty { decideWhatIsOver(task, new, &consumer) }
      let (left, entered) = (old.contexts, new.contexts)
      let shared = zip(left, entered).prefix { $0 == $1 }.count
      for context in left[shared...].reversed() {
        var event = place.event(.leave, thread)
        event.context = context
        consumer.consume(event)
      }
      for context in entered[shared...] {
        var event = place.event(.enter, thread)
        event.context = context
        consumer.consume(event)
      }
    }
    guard new.isMaskable else { return }
    for context in [InterruptContext.hardirq, .softirq] {
      let known = old.context == new.context ? old.masks(context) : nil
      guard let isMasked = new.masks(context), isMasked != known else { continue }
      var event = place.event(isMasked ? .disable : .enable, thread)
      event.context = context
      event.isAbsolute = true
      consumer.consume(event)
    }
  }

  @inline(__always)
  private mutating func takeLockEvent<Consumer: EventConsumer & ~Copyable>(
    _ line: KernelEventLine, _ operand: KernelLockOperand, _ task: Int, _ place: Place,
    _ consumer: inout Consumer
  ) {
    let thread = tasks[task].thread
    if line.event == .acquire {
      let lock = self.lock(operand, &consumer)
      var event = place.event(.acquire, thread)
      event.lock = lock
      event.mode = operand.isRead ? .read : .write
      if operand.isTry { event.options = .try }
      // The kernel's reader-writer spin locks let a reader in an interrupt pass waiting writers.
      if operand.isRead,
        tasks[task].columns.context != UInt8(ascii: ".") || locks[Int(lock)].readsRecursively
      {
        event.mode = .recursiveRead
      }
      if lacksNames {
        postpone(event, operand, task, place, &consumer)
        return
      }
      if !locks[Int(lock)].isStated {
        state(lock, operand, place, thread, &consumer)
        event.lockClass = operand.name
        event.kind = locks[Int(lock)].kind
      }
      hold(lock)
      tasks[task].lastAcquired = operand.isTry ? nil : lock
      consumer.consume(event)
      return
    }
    tasks[task].lastAcquired = nil
    guard let lock = mentionedLock(operand), locks[Int(lock)].isStated else { return }
    let waiting =
      tasks[task].waitsFor.isEmpty ? nil : tasks[task].waitsFor.firstIndex(of: lock)
    switch line.event {
    case .release:
      if !tasks[task].refused.isEmpty, let index = tasks[task].refused.lastIndex(of: lock) {
        // The end of a wait that is over.
        tasks[task].refused.remove(at: index)
        return
      }
      var event = place.event(.release, thread)
      if let waiting {
        tasks[task].waitsFor.remove(at: waiting)
        event.verb = .abandon
        event.reason = .interrupted
      } else {
        letGo(lock)
      }
      event.lock = lock
      consumer.consume(event)
    case .contended:
      guard waiting == nil else { return }
      tasks[task].waitsFor.append(lock)
      letGo(lock)
      var event = place.event(.request, thread)
      event.lock = lock
      event.isOrderKnown = true
      consumer.consume(event)
    case .acquired:
      guard let waiting else { return }
      tasks[task].waitsFor.remove(at: waiting)
      hold(lock)
      var event = place.event(.acquire, thread)
      event.lock = lock
      consumer.consume(event)
    case .acquire, .contentionEnd, .other: return
    }
  }

  @inline(__always)
  private mutating func hold(_ lock: UInt32) {
    if locks[Int(lock)].epoch != epoch {
      locks[Int(lock)].epoch = epoch
      locks[Int(lock)].holds = 0
    }
    locks[Int(lock)].holds &+= 1
  }

  @inline(__always)
  private mutating func letGo(_ lock: UInt32) {
    if locks[Int(lock)].holds > 0 { locks[Int(lock)].holds &-= 1 }
  }

  /// The lock that is acquired.
  @inline(__always)
  private mutating func lock<Consumer: EventConsumer & ~Copyable>(
    _ operand: KernelLockOperand, _ consumer: inout Consumer
  ) -> UInt32 {
    let (lock, isNew) = operand.key.map { lockNames.intern($0) } ?? internSpelledOut(operand)
    if isNew { newLock(operand, lock, &consumer) }
    return lock
  }

  private mutating func internSpelledOut(
    _ operand: KernelLockOperand
  ) -> (id: UInt32, isNew: Bool) {
    let count = spellOut(operand)
    return key.withUnsafeBytes { lockNames.intern(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  /// Writes `ADDRESS NAME` to the beginning of `key`; its length.
  private mutating func spellOut(_ operand: KernelLockOperand) -> Int {
    let nameStart = operand.address.count + 1
    let count = nameStart + operand.name.count
    if key.count < count { key = [UInt8](repeating: 0, count: 2 * count) }
    key.withUnsafeMutableBytes {
      $0.copyMemory(from: operand.address)
      $0[nameStart - 1] = UInt8(ascii: " ")
      UnsafeMutableRawBufferPointer(rebasing: $0[nameStart...]).copyMemory(from: operand.name)
    }
    return count
  }

  /// The lock of another event, if it was acquired before; where the name is missing, that which
  /// was acquired last at the address.
  @inline(__always)
  private mutating func mentionedLock(_ operand: KernelLockOperand) -> UInt32? {
    if operand.name.isEmpty {
      lacksNames = true
      return lockOfAddress[hashBytes(operand.address, seed: 0)]
    }
    if let key = operand.key { return lockNames.find(key) }
    let count = spellOut(operand)
    return key.withUnsafeBytes { lockNames.find(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
  }

  @inline(never)
  private mutating func newLock<Consumer: EventConsumer & ~Copyable>(
    _ operand: KernelLockOperand, _ lock: UInt32, _ consumer: inout Consumer
  ) {
    let nature = KernelLockNames.nature(of: operand.name)
    locks.append(Lock(readsRecursively: nature.readsRecursively, kind: nature.kind))
    let label = Array(operand.name) + [UInt8(ascii: "@")] + Array(operand.address)
    label.withUnsafeBytes { consumer.newLock(number: lock, named: $0) }
  }

  /// The lock is the one at its address from now on. The one before is gone, unless somebody holds
  /// it: then two addresses are printed alike, because they are hashed.
  @inline(never)
  private mutating func state<Consumer: EventConsumer & ~Copyable>(
    _ lock: UInt32, _ operand: KernelLockOperand, _ place: Place, _ thread: ThreadID,
    _ consumer: inout Consumer
  ) {
    locks[Int(lock)].isStated = true
    let address = hashBytes(operand.address, seed: 0)
    if let former = lockOfAddress[address], former != lock, locks[Int(former)].isStated,
      locks[Int(former)].epoch != epoch || locks[Int(former)].holds == 0
    {
      locks[Int(former)].isStated = false
      var event = place.event(.destroy, thread)
      event.lock = former
      consumer.consume(event)
    }
    lockOfAddress[address] = lock
  }
}

// Captures that do not tell which acquisitions could have waited.
extension KernelLockEvents {
  /// Keeps an acquisition until it is known which it was.
  @inline(never)
  private mutating func postpone<Consumer: EventConsumer & ~Copyable>(
    _ event: LockEvent, _ operand: KernelLockOperand, _ task: Int, _ place: Place,
    _ consumer: inout Consumer
  ) {
    if !locks[Int(event.lock)].isStated {
      state(event.lock, operand, place, event.thread, &consumer)
      var statement = place.event(.`init`, event.thread)
      statement.lock = event.lock
      statement.lockClass = operand.name
      statement.kind = locks[Int(event.lock)].kind
      consumer.consume(statement)
    } else {
      lockOfAddress[hashBytes(operand.address, seed: 0)] = event.lock
    }
    hold(event.lock)
    var event = event
    event.stack = nil
    tasks[task].undecided.append(
      UndecidedAcquisition(event: event, context: tasks[task].columns.context))
  }

  /// Hands over what the task acquired last, in the context of this event.
  @inline(never)
  private mutating func decide<Consumer: EventConsumer & ~Copyable>(
    _ task: Int, _ line: KernelEventLine, _ operand: KernelLockOperand,
    _ consumer: inout Consumer
  ) {
    guard let last = tasks[task].undecided.last, last.context == line.columns.context else {
      return
    }
    tasks[task].undecided.removeLast()
    var event = last.event
    let couldWait =
      (line.event == .acquired || line.event == .contended) && mentionedLock(operand) == event.lock
    if !couldWait { event.options = .try }
    consumer.consume(event)
  }

  /// Hands over what the task acquired last in contexts that it leaves.
  @inline(never)
  private mutating func decideWhatIsOver<Consumer: EventConsumer & ~Copyable>(
    _ task: Int, _ new: KernelStateColumns, _ consumer: inout Consumer
  ) {
    while let last = tasks[task].undecided.last {
      let context = KernelStateColumns(masks: 0, context: last.context)
      guard !new.contexts.starts(with: context.contexts) else { return }
      tasks[task].undecided.removeLast()
      var event = last.event
      event.options = .try
      consumer.consume(event)
    }
  }
}

// Waits that end with an error.
extension KernelLockEvents {
  /// Takes the end of a wait: with an error it is that of a request, which the task's wait is, or
  /// what it asked for last where the capture does not tell waits.
  @inline(never)
  mutating func takeContentionEnd<Consumer: EventConsumer & ~Copyable>(
    _ line: KernelEventLine, number: UInt64, into consumer: inout Consumer
  ) {
    sawOtherEvents = true
    let time = Consumer.usesTimes ? KernelTime.nanoseconds(line.time) : nil
    let place = Place(number: number, time: time)
    let task = self.task(line, place, &consumer)
    guard let reason = Self.reason(line.rest) else { return }
    let thread = tasks[task].thread
    var lock = tasks[task].waitsFor.popLast()
    if lock == nil, let last = tasks[task].lastAcquired {
      lock = last
      letGo(last)
      var request = place.event(.request, thread)
      request.lock = last
      request.isOrderKnown = true
      consumer.consume(request)
    }
    tasks[task].lastAcquired = nil
    guard let lock else { return }
    tasks[task].refused.append(lock)
    var event = place.event(.abandon, thread)
    event.lock = lock
    event.reason = reason
    consumer.consume(event)
  }

  /// What `ADDRESS (ret=-4)` says of a wait's end; `nil` if it ended well.
  private static func reason(_ rest: UnsafeRawBufferPointer) -> AbandonReason? {
    guard let bracket = rest.lastIndex(of: UInt8(ascii: "(")) else { return nil }
    let text = String(decoding: rest[bracket...].prefix(40), as: UTF8.self)
    guard text.hasPrefix("(ret=-"), let number = Int(text.dropFirst(5).prefix { $0 != ")" }) else {
      return nil
    }
    switch number {
    case -4: return .interrupted
    case -35: return .deadlock
    case -110: return .timeout
    default: return .failed
    }
  }
}
