/// Writes the events of any number of inputs as one trace.
///
/// An encoding says all that events say, with these exceptions, for which there are faithful
/// equivalents:
/// - Threads and locks of different inputs that have one name get different ones, and such a lock
///   states its class, which its name would have been.
/// - A format may tell late that an acquisition was a request that waits. The `acquire` that was
///   written then becomes a `request`, as long as it is in the output's buffer.
/// - A format may show with each event what is masked. Only changes are written.
/// - A format may know names of classes only, so that nothing follows from one lock inside another
///   of its name. The inner one then states a higher rank.
/// What remains is counted as lost.
struct TraceWriter<Encoder: EventEncoder>: ~Copyable, EventConsumer {
  static var usesTimes: Bool { true }

  private struct Thread {
    var input: UInt32
    var masks: WrittenMasks
    /// What it holds, the last of it: these acquisitions may turn out to be requests; where their
    /// verbs are.
    var acquisitions: [(lock: UInt32, position: Int, depth: Int)] = []
    /// How deep in interrupts it is.
    var depth = 0
    /// Locks that it waits for by the trace, and holds by what is written.
    var lateWaits: [UInt32] = []
  }

  /// A lock that goes by another name.
  private struct ChangedLock {
    var name: [UInt8]
    var generation = 1
    var isStated = false

    /// The class that it is of if none is stated.
    var lockClass: [UInt8] { generation == 1 ? name : name + Array("#\(generation)".utf8) }
  }

  private var output: OutputBuffer
  private let joinsInputs: Bool
  private var threadNames = EncodedNames<Encoder>()
  private var lockNames = EncodedNames<Encoder>()
  private var threads: [Thread] = []
  private var input: UInt32 = 0
  /// Where the locks and threads of the current input begin.
  private var firstLock = 0
  private var firstThread = 0
  private var changedLocks: [UInt32: ChangedLock] = [:]
  /// Of the current input, if its names of classes are merely names.
  private var ranks: WrittenRanks?
  /// The current input is a kernel's capture.
  private var isKernel = false
  /// Events of all of the input's threads were lost.
  private var hasCommonGap = false
  private var losses = ConversionLosses()
  private var mendedTexts: UInt64 = 0

  /// - Parameters:
  ///   - joinsInputs: there may be several; what is said of all threads must then not touch other
  ///     inputs' threads.
  ///   - window: how many bytes are kept back, so that they can be changed.
  ///   - write: takes bytes, and returns false if it cannot.
  init(
    joinsInputs: Bool, window: Int = 4 << 20, write: @escaping (UnsafeRawBufferPointer) -> Bool
  ) {
    self.joinsInputs = joinsInputs
    output = OutputBuffer(window: window, write)
    Encoder.begin(&output)
  }

  /// Nothing more can be written.
  var wantsMore: Bool { !output.isBroken }

  /// Writes what is still here.
  mutating func finish() { output.flush() }

  /// What could not be said of the input that was read last.
  mutating func takeLosses() -> ConversionLosses {
    defer { losses = ConversionLosses() }
    return losses
  }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    input = number + 1
    firstLock = lockNames.count
    firstThread = threads.count
    changedLocks.removeAll()
    hasCommonGap = false
    ranks = traits.classesAreMerelyNames ? WrittenRanks() : nil
    isKernel = traits.isKernel
    if traits.isExcerpt {
      // As good as lost are the events of which a report or a dump does not tell.
      var event = LockEvent(verb: .lost, thread: ThreadID(LockEvent.none), line: 0)
      event.isOfAllThreads = true
      lose(event)
    }
  }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    let thread = ThreadID(UInt32(threads.count))
    let added = threadNames.add(name, input: input)
    if !added.isText { losses.addBeforeEvent(.notText) }
    if added.isChanged { losses.addBeforeEvent(.changedThreadName) }
    threads.append(Thread(input: input, masks: WrittenMasks(isKnown: !hasCommonGap)))
    if hasCommonGap, joinsInputs {
      // It may have begun before the gap.
      write(LockEvent(verb: .lost, thread: thread, line: 0))
    }
    return thread
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    losses.addBeforeEvent(.renamedThread)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    ranks?.addLock()
    let added = lockNames.add(name, input: input)
    if !added.isText { losses.addBeforeEvent(.notText) }
    guard added.isChanged else { return }
    losses.addBeforeEvent(.changedLockName)
    changedLocks[number] = ChangedLock(name: Array(name))
  }

  @inline(__always)
  mutating func consume(_ event: LockEvent) {
    losses.settle(line: event.line)
    if !changedLocks.isEmpty {
      consumeStating(event)
    } else {
      consumeStated(event)
    }
  }

  @inline(__always)
  private mutating func consumeStated(_ event: LockEvent) {
    switch event.verb {
    case .acquire: acquire(event)
    case .release, .abandon: giveUp(event)
    default: consumeRare(event)
    }
  }

  /// States the class of locks whose names were changed, at the first event of each.
  @inline(never)
  private mutating func consumeStating(_ event: LockEvent) {
    if event.nest != LockEvent.none { state(event.nest, before: event) }
    guard event.lock != LockEvent.none, let changed = changedLocks[event.lock] else {
      return consumeStated(event)
    }
    if event.verb == .destroy {
      changedLocks[event.lock]?.generation += 1
      changedLocks[event.lock]?.isStated = false
    } else if !changed.isStated {
      guard event.verb.statesLock else {
        state(event.lock, before: event)
        return consumeStated(event)
      }
      changedLocks[event.lock]?.isStated = true
      if event.lockClass == nil {
        var event = event
        changed.lockClass.withUnsafeBytes { name in
          event.lockClass = name
          consumeStated(event)
        }
        return
      }
    }
    consumeStated(event)
  }

  /// An event of its own, which says nothing but the class.
  private mutating func state(_ lock: UInt32, before event: LockEvent) {
    guard let changed = changedLocks[lock], !changed.isStated else { return }
    changedLocks[lock]?.isStated = true
    var statement = LockEvent(verb: .`init`, thread: event.thread, line: event.line)
    statement.lock = lock
    statement.time = event.time
    changed.lockClass.withUnsafeBytes { name in
      statement.lockClass = name
      write(statement)
    }
  }

  /// What a thread waits for in slow paths and interrupts is among its last acquisitions, and
  /// seldom does one hold more.
  private static var rememberedAcquisitions: Int { 256 }

  @inline(__always)
  private mutating func acquire(_ event: LockEvent) {
    let thread = event.thread.index
    if !threads[thread].lateWaits.isEmpty, endLateWait(event) { return }
    var event = event
    if ranks != nil, event.rank == nil {
      event.rank = ranks?.rank(of: event, holding: threads[thread].acquisitions.lazy.map(\.lock))
    }
    let position = write(event)
    if threads[thread].acquisitions.count >= Self.rememberedAcquisitions {
      threads[thread].acquisitions.removeFirst(Self.rememberedAcquisitions / 2)
    }
    threads[thread].acquisitions.append((event.lock, position, threads[thread].depth))
  }

  /// In a kernel's capture what an interrupt gives up is its own or nobody's.
  private mutating func noteInterrupt(_ event: LockEvent) {
    let thread = event.thread.index
    if let held = threads[thread].acquisitions.last(where: { $0.lock == event.lock }),
      held.depth < threads[thread].depth
    {
      losses.add(.releaseInInterrupt, line: event.line)
    }
  }

  @inline(__always)
  private mutating func giveUp(_ event: LockEvent) {
    let thread = event.thread.index
    if isKernel, threads[thread].depth > 0 { noteInterrupt(event) }
    if threads[thread].acquisitions.last?.lock == event.lock {
      threads[thread].acquisitions.removeLast()
    } else {
      forgetAcquisition(event)
    }
    if !threads[thread].lateWaits.isEmpty, endLateWait(event) {
      // By what is written, the lock was held all the while.
      var release = event
      release.verb = .release
      release.reason = nil
      write(release)
      return
    }
    write(event)
  }

  @inline(never)
  private mutating func forgetAcquisition(_ event: LockEvent) {
    let thread = event.thread.index
    guard
      let index = threads[thread].acquisitions.lastIndex(where: { $0.lock == event.lock })
    else { return }
    threads[thread].acquisitions.remove(at: index)
  }

  private mutating func endLateWait(_ event: LockEvent) -> Bool {
    let thread = event.thread.index
    guard let index = threads[thread].lateWaits.lastIndex(of: event.lock) else { return false }
    threads[thread].lateWaits.remove(at: index)
    return true
  }

  private mutating func beginWaitKnownLate(_ event: LockEvent) {
    let thread = event.thread.index
    let index = threads[thread].acquisitions.lastIndex { $0.lock == event.lock }
    if let index {
      let position = threads[thread].acquisitions.remove(at: index).position
      if output.replace(at: position, with: EventVerb.request.word) { return }
    }
    threads[thread].lateWaits.append(event.lock)
    losses.add(.lateWait, line: event.line)
  }

  @inline(never)
  private mutating func consumeRare(_ event: LockEvent) {
    switch event.verb {
    case .request where event.isOrderKnown: beginWaitKnownLate(event)
    case .enter:
      threads[event.thread.index].masks.enter(event.context)
      threads[event.thread.index].depth += 1
      write(event)
    case .leave:
      threads[event.thread.index].masks.leave(event.context)
      threads[event.thread.index].depth = max(0, threads[event.thread.index].depth - 1)
      write(event)
    case .enable, .disable: mask(event)
    case .lost: lose(event)
    case .spawn:
      // A thread that has done nothing yet begins here.
      threads[event.otherThread.index].masks = WrittenMasks(isKnown: true)
      write(event)
    default:
      write(event)
    }
  }

  private mutating func mask(_ event: LockEvent) {
    guard event.context != .nmi else { return losses.add(.maskedContext, line: event.line) }
    let times = threads[event.thread.index].masks.set(
      event.context, isMasked: event.verb == .disable, isAbsolute: event.isAbsolute)
    for _ in 0..<times { write(event) }
  }

  private mutating func lose(_ event: LockEvent) {
    guard event.isOfAllThreads else {
      forget(event.thread.index)
      write(event)
      return
    }
    hasCommonGap = true
    for thread in firstThread..<threads.count { forget(thread) }
    guard joinsInputs else {
      write(event)
      return
    }
    // Said of each thread of the input; those that come later say it when they do.
    var event = event
    event.isOfAllThreads = false
    for thread in firstThread..<threads.count {
      event.thread = ThreadID(UInt32(thread))
      write(event)
      event.omittedCount = 0
    }
  }

  private mutating func forget(_ thread: Int) {
    threads[thread].masks = WrittenMasks(isKnown: false)
    threads[thread].acquisitions.removeAll()
    threads[thread].depth = 0
    threads[thread].lateWaits.removeAll()
  }

  /// One line; returns where its verb is.
  @discardableResult
  @inline(__always)
  private mutating func write(_ event: LockEvent) -> Int {
    var event = event
    if let time = event.time, time < 0 {
      event.time = nil
      losses.add(.negativeTime, line: event.line)
    }
    if event.lockClass != nil || event.kind != nil || event.rank != nil, !event.verb.statesLock {
      losses.add(.statement, line: event.line)
    }
    let names = EventNames(
      thread: event.isOfAllThreads ? Self.allThreads : threadNames[event.thread.index],
      lock: event.lock == LockEvent.none ? nil : lockNames[firstLock + Int(event.lock)],
      otherThread: event.otherThread.rawValue == LockEvent.none
        ? nil : threadNames[event.otherThread.index],
      nest: event.nest == LockEvent.none ? nil : lockNames[firstLock + Int(event.nest)])
    let verb = Encoder.write(event, names, to: &output)
    if output.mendedTexts > mendedTexts {
      losses.add(.notText, line: event.line, count: output.mendedTexts - mendedTexts)
      mendedTexts = output.mendedTexts
    }
    output.writeIfFull()
    return verb
  }

  private static var allThreads: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: Encoder.allThreads.utf8Start, count: Encoder.allThreads.utf8CodeUnitCount)
  }
}
