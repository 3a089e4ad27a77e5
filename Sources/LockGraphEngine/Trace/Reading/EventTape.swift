/// Events, names and bad lines as a reader found them, in a compact form: what one thread reads is
/// told to a consumer by another one later.
///
/// Most events take three words; what they say beyond that follows in more, or, where it is rare,
/// is a whole event kept beside. Texts lie in the bytes that were read, if these stay, or in memory
/// of the tape. One thread writes it, and one reads it afterwards.
final class EventTape {
  /// What a word that begins an entry says in its lowest byte, unless that is a verb.
  fileprivate enum Mark {
    static let whole: UInt8 = 0xF0
    static let thread: UInt8 = 0xF1
    static let lock: UInt8 = 0xF2
    static let rename: UInt8 = 0xF3
    static let fact: UInt8 = 0xF4
    static let failure: UInt8 = 0xF5
  }

  /// Which words follow.
  fileprivate struct Extras: OptionSet {
    let rawValue: UInt8
    static let time = Extras(rawValue: 1)
    static let lockClass = Extras(rawValue: 2)
    static let operand = Extras(rawValue: 4)
    static let at = Extras(rawValue: 8)
    static let stack = Extras(rawValue: 16)
  }

  /// A line that the reader refused.
  struct Failure {
    var failure: LineFailure
    var line: UnsafeRawBufferPointer
    var number: UInt64
  }

  /// The longest entry, in words.
  fileprivate static let longestEntry = 16
  private static let textSize = 1 << 16

  fileprivate var words: UnsafeMutablePointer<UInt64>
  fileprivate var capacity = 1 << 12
  fileprivate(set) var count = 0
  fileprivate var wholes: [LockEvent] = []
  fileprivate var facts: [GraphFact] = []
  fileprivate var failures: [Failure] = []
  private var texts: [UnsafeMutableRawBufferPointer] = []
  private var textsUsed = 0

  init() { words = .allocate(capacity: capacity) }

  deinit {
    words.deallocate()
    for text in texts { text.deallocate() }
  }

  /// Nothing is on it any more; its memory stays.
  func clear() {
    count = 0
    wholes.removeAll(keepingCapacity: true)
    facts.removeAll(keepingCapacity: true)
    failures.removeAll(keepingCapacity: true)
    for text in texts.dropFirst() { text.deallocate() }
    texts.removeLast(max(0, texts.count - 1))
    textsUsed = 0
  }

  /// A copy that stays as long as what is on the tape.
  @inline(never)
  fileprivate func copy(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    guard !text.isEmpty else { return text }
    if texts.isEmpty || texts[texts.count - 1].count - textsUsed < text.count {
      texts.append(
        .allocate(byteCount: max(Self.textSize, text.count), alignment: 8))
      textsUsed = 0
    }
    let copy = UnsafeMutableRawBufferPointer(
      rebasing: texts[texts.count - 1][textsUsed..<textsUsed + text.count])
    copy.copyMemory(from: text)
    textsUsed += text.count
    return UnsafeRawBufferPointer(copy)
  }

  @inline(never)
  fileprivate func grow() {
    let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity * 2)
    larger.update(from: words, count: count)
    words.deallocate()
    words = larger
    capacity *= 2
  }
}

/// Takes what a reader finds, and writes it on tapes.
///
/// Threads get numbers of the recorder's own, which go on from one tape to the next.
struct EventRecorder: EventConsumer, ~Copyable {
  static var usesTimes: Bool { true }

  private(set) var tape = EventTape()
  /// Set where an input began.
  private(set) var traits: TraceTraits?
  private var threadCount: UInt32 = 0
  /// What need not be copied.
  private var lasting: UnsafeRawBufferPointer

  /// - Parameter lasting: bytes that stay until the tape was replayed.
  init(lasting: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)) {
    self.lasting = lasting
  }

  /// Writes on another tape, which is empty.
  mutating func change(to tape: EventTape, lasting: UnsafeRawBufferPointer) {
    self.tape = tape
    self.lasting = lasting
  }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) { self.traits = traits }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    threadCount += 1
    add(EventTape.Mark.thread, number: 0, name)
    return ThreadID(threadCount - 1)
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    add(EventTape.Mark.rename, number: thread.rawValue, name)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    add(EventTape.Mark.lock, number: number, name)
  }

  mutating func consume(_ fact: GraphFact) {
    var fact = fact
    if case .lockClass(var stated) = fact {
      stated.name = lastingText(stated.name)
      fact = .lockClass(stated)
    }
    add(EventTape.Mark.fact, number: UInt32(tape.facts.count))
    tape.facts.append(fact)
  }

  mutating func add(_ failure: LineFailure, _ line: UnsafeRawBufferPointer, number: UInt64) {
    add(EventTape.Mark.failure, number: UInt32(tape.failures.count))
    tape.failures.append(
      EventTape.Failure(failure: failure, line: lastingText(line), number: number))
  }

  @inline(__always)
  mutating func consume(_ event: LockEvent) {
    guard event.isPlain else { return addWhole(event) }
    if tape.capacity - tape.count < EventTape.longestEntry { tape.grow() }
    var next = tape.words + tape.count
    let start = next
    var extras: EventTape.Extras = []
    next[1] = UInt64(event.thread.rawValue) << 32 | UInt64(event.lock)
    next[2] = event.line
    next += 3
    if let time = event.time {
      extras.insert(.time)
      next[0] = UInt64(bitPattern: time)
      next += 1
    }
    if let text = event.lockClass { put(text, .lockClass, &next, &extras) }
    if let text = event.operandName { put(text, .operand, &next, &extras) }
    if let text = event.at { put(text, .at, &next, &extras) }
    if let text = event.stack { put(text, .stack, &next, &extras) }
    start[0] =
      UInt64(event.verb.rawValue) | UInt64(event.options.rawValue) << 8
      | UInt64(event.mode?.rawValue ?? 0xFF) << 16 | UInt64(event.kind?.rawValue ?? 0xFF) << 24
      | UInt64(extras.rawValue) << 32 | UInt64(event.subclass) << 40
      | UInt64(event.context.rawValue) << 48 | (event.isAbsolute ? 1 << 56 : 0)
    tape.count += next - start
  }

  @inline(__always)
  private mutating func put(
    _ text: UnsafeRawBufferPointer, _ extra: EventTape.Extras,
    _ next: inout UnsafeMutablePointer<UInt64>, _ extras: inout EventTape.Extras
  ) {
    let text = lastingText(text)
    extras.insert(extra)
    next[0] = UInt64(UInt(bitPattern: text.baseAddress))
    next[1] = UInt64(text.count)
    next += 2
  }

  @inline(__always)
  private func lastingText(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
    let offset = UInt(bitPattern: text.baseAddress) &- UInt(bitPattern: lasting.baseAddress)
    return offset < UInt(lasting.count) ? text : tape.copy(text)
  }

  @inline(never)
  private mutating func addWhole(_ event: LockEvent) {
    var event = event
    if let text = event.lockClass { event.lockClass = lastingText(text) }
    if let text = event.operandName { event.operandName = lastingText(text) }
    if let text = event.at { event.at = lastingText(text) }
    if let text = event.stack { event.stack = lastingText(text) }
    add(EventTape.Mark.whole, number: UInt32(tape.wholes.count))
    tape.wholes.append(event)
  }

  @inline(never)
  private mutating func add(
    _ mark: UInt8, number: UInt32,
    _ text: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0)
  ) {
    let text = lastingText(text)
    if tape.capacity - tape.count < EventTape.longestEntry { tape.grow() }
    let next = tape.words + tape.count
    next[0] = UInt64(mark) | UInt64(number) << 8
    next[1] = UInt64(UInt(bitPattern: text.baseAddress))
    next[2] = UInt64(text.count)
    tape.count += 3
  }
}

extension LockEvent {
  /// It says nothing that an entry of a tape has no room for.
  @inline(__always)
  fileprivate var isPlain: Bool {
    otherThread.rawValue == Self.none && nest == Self.none && origin == 0 && reason == nil
      && rank == nil && permits == nil && assertion == .held && omittedCount == 0
      && !(nestsByInstance || isOrderKnown || isUnthreaded || isOfAllThreads)
  }
}

/// What the numbers of a recorder's threads and locks are to a consumer; goes on from tape to tape.
struct TapeNumbers {
  fileprivate var threads: [ThreadID] = []
  /// Empty where the numbers of locks are the consumer's own.
  fileprivate var locks: [UInt32] = []

  init() {}
}

extension EventTape {
  /// Tells an input from its beginning: the consumer is told of each name that the tape has.
  func replay<Consumer: EventConsumer & ~Copyable>(into consumer: inout Consumer) {
    var numbers = TapeNumbers()
    replay(
      linesBefore: 0, &numbers, into: &consumer,
      newThread: { name, consumer in consumer.newThread(named: name) },
      newLock: { name, numbers, consumer in
        consumer.newLock(number: UInt32(numbers.locks.count), named: name)
        return UInt32(numbers.locks.count)
      }, fail: { _ in })
  }

  /// Tells a piece of an input, whose names may have come in others.
  ///
  /// - Parameters:
  ///   - linesBefore: how many lines there were before the piece's first.
  ///   - numbers: those of the recorder that wrote the tape.
  ///   - names: those of the input.
  ///   - fail: takes lines that were refused; what it throws ends the replay.
  @inline(__always)
  func replay<Consumer: EventConsumer & ~Copyable>(
    linesBefore: UInt64, _ numbers: inout TapeNumbers, _ names: inout TraceNames,
    into consumer: inout Consumer, fail: (Failure) throws(TraceError) -> Void
  ) throws(TraceError) {
    try replay(
      linesBefore: linesBefore, &numbers, into: &consumer,
      newThread: { name, consumer in names.thread(name, &consumer) },
      newLock: { name, _, consumer in names.lock(name, &consumer) }, fail: fail)
  }

  @inline(__always)
  private func replay<Consumer: EventConsumer & ~Copyable, Problem: Error>(
    linesBefore: UInt64, _ numbers: inout TapeNumbers, into consumer: inout Consumer,
    newThread: (UnsafeRawBufferPointer, inout Consumer) -> ThreadID,
    newLock: (UnsafeRawBufferPointer, TapeNumbers, inout Consumer) -> UInt32,
    fail: (Failure) throws(Problem) -> Void
  ) throws(Problem) {
    var next = UnsafePointer(words)
    let end = next + count
    while next < end {
      let mark = UInt8(truncatingIfNeeded: next[0])
      guard mark >= Mark.whole else {
        var event = plainEvent(&next, numbers)
        event.line &+= linesBefore
        consumer.consume(event)
        continue
      }
      let number = Int(next[0] >> 8)
      let text = Self.text(next + 1)
      next += 3
      switch mark {
      case Mark.thread: numbers.threads.append(newThread(text, &consumer))
      case Mark.lock: numbers.locks.append(newLock(text, numbers, &consumer))
      case Mark.rename: consumer.rename(numbers.threads[number], to: text)
      case Mark.fact: consumer.consume(facts[number])
      case Mark.failure: try fail(failures[number])
      default:
        var event = wholes[number]
        if event.thread.rawValue != LockEvent.none {
          event.thread = numbers.threads[event.thread.index]
        }
        if event.otherThread.rawValue != LockEvent.none {
          event.otherThread = numbers.threads[event.otherThread.index]
        }
        if event.lock != LockEvent.none { event.lock = numbers.locks[Int(event.lock)] }
        if event.nest != LockEvent.none { event.nest = numbers.locks[Int(event.nest)] }
        event.line &+= linesBefore
        consumer.consume(event)
      }
    }
  }

  @inline(__always)
  private static func text(_ words: UnsafePointer<UInt64>) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(
      start: UnsafeRawPointer(bitPattern: UInt(words[0])), count: Int(words[1]))
  }

  @inline(__always)
  private func plainEvent(
    _ next: inout UnsafePointer<UInt64>, _ numbers: borrowing TapeNumbers
  ) -> LockEvent {
    let head = next[0]
    func part(_ shift: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: head >> shift) }
    let thread = UInt32(truncatingIfNeeded: next[1] >> 32)
    let lock = UInt32(truncatingIfNeeded: next[1])
    var event = LockEvent(
      verb: EventVerb(rawValue: part(0))!,
      thread: thread == LockEvent.none ? ThreadID(thread) : numbers.threads[Int(thread)],
      line: next[2])
    if lock != LockEvent.none { event.lock = numbers.locks[Int(lock)] }
    event.options = AcquisitionOptions(rawValue: part(8))
    event.mode = LockMode(rawValue: part(16))
    event.kind = LockKind(rawValue: part(24))
    event.subclass = part(40)
    event.context = InterruptContext(rawValue: part(48))!
    event.isAbsolute = head >> 56 != 0
    let extras = Extras(rawValue: part(32))
    next += 3
    guard !extras.isEmpty else { return event }
    if extras.contains(.time) {
      event.time = Int64(bitPattern: next[0])
      next += 1
    }
    if extras.contains(.lockClass) { event.lockClass = Self.takeText(&next) }
    if extras.contains(.operand) { event.operandName = Self.takeText(&next) }
    if extras.contains(.at) { event.at = Self.takeText(&next) }
    if extras.contains(.stack) { event.stack = Self.takeText(&next) }
    return event
  }

  @inline(__always)
  private static func takeText(_ next: inout UnsafePointer<UInt64>) -> UnsafeRawBufferPointer {
    defer { next += 2 }
    return text(next)
  }
}
