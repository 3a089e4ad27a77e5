/// A trace of a run's events in the order that ends in a predicted deadlock, in the text format.
///
/// Each thread has the events that it has in the run, as far as it comes; those that end up waiting
/// ask for what they wait for. What is stated of locks anywhere in the run stands at the beginning.
public struct ScheduleTrace: Sendable {
  /// The trace, in UTF-8.
  public let bytes: [UInt8]

  /// Reads the run once more.
  ///
  /// - Parameters:
  ///   - schedule: that of a finding.
  ///   - source: the input that it is of, as it was when it was analyzed.
  ///   - reading: how it was read.
  /// - Throws: `TraceError` if it cannot be read.
  /// - Complexity: O(bytes of the input), and as much memory as the schedule's events have bytes.
  public init(
    _ schedule: Finding.Schedule, of source: TraceSource, reading: ReadingOptions
  ) throws(TraceError) {
    var collector = ScheduleCollector(schedule)
    _ = try readTrace(source, number: 0, options: reading, into: &collector, progress: nil)
    bytes = collector.trace()
  }
}

/// Takes the lines of a schedule out of a run.
private struct ScheduleCollector: EventConsumer, ~Copyable {
  private struct Line {
    var event: UInt32
    /// The lock that it asks for, or that it gets or gives up asking for.
    var requested: UInt32?
    var granted: UInt32?
    var start: Int
    var end: Int
  }

  /// What is stated of a lock.
  private struct Statement {
    var name: Int
    var lockClass: [UInt8]?
    var kind: LockKind?
    var rank: Int64?
    var permits: UInt32?
    var nestsByInstance = false
    var at: [UInt8]?
    var stack: [UInt8]?
    var isUsed = false
    var saysNothing: Bool {
      lockClass == nil && kind == nil && rank == nil && permits == nil && at == nil && stack == nil
        && !nestsByInstance
    }
  }

  private let schedule: Finding.Schedule
  /// By thread, the first event that is none of the schedule.
  private var ends: [UInt32: UInt32] = [:]
  /// By thread, the event at which it ends up waiting.
  private var waits: [UInt32: UInt32] = [:]
  private var lines: [[Line]] = []
  private var requests: [UInt32: (start: Int, end: Int, lock: UInt32)] = [:]
  private var text = OutputBuffer()
  private var threadNames = EncodedNames<TextEventEncoder>()
  private var lockNames = EncodedNames<TextEventEncoder>()
  private var plainLockNames: [[UInt8]] = []
  private var statements: [Statement] = []
  /// By lock number, the statement that is its now.
  private var current: [Int] = []
  private var generations: [Int] = []
  private var event: UInt32 = 0

  init(_ schedule: Finding.Schedule) {
    self.schedule = schedule
    for segment in schedule.segments {
      ends[segment.number] = max(ends[segment.number] ?? 0, segment.event + 1)
    }
    for wait in schedule.waits {
      ends[wait.number] = wait.event
      waits[wait.number] = wait.event
    }
  }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {}

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    let thread = ThreadID(UInt32(threadNames.count))
    _ = threadNames.add(name, input: 1)
    lines.append([])
    return thread
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {}

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    plainLockNames.append(Array(name))
    generations.append(1)
    current.append(addLock(Array(name)))
  }

  private mutating func addLock(_ name: [UInt8]) -> Int {
    statements.append(Statement(name: lockNames.count))
    name.withUnsafeBytes { _ = lockNames.add($0, input: 1) }
    return statements.count - 1
  }

  mutating func consume(_ event: LockEvent) {
    defer { self.event += 1 }
    if event.lock != LockEvent.none { note(event) }
    let thread = event.thread.rawValue
    let isWait = waits[thread] == self.event
    guard isWait || self.event < ends[thread] ?? 0 else { return renew(event) }
    switch event.verb {
    // What is stated of locks comes first, and what the input lacks cannot be put in another order.
    case .`init`, .lost, .dropped: break
    default: write(event, isWait: isWait)
    }
    renew(event)
  }

  private mutating func note(_ event: LockEvent) {
    let number = current[Int(event.lock)]
    if let name = event.lockClass { statements[number].lockClass = Array(name) }
    if let kind = event.kind { statements[number].kind = kind }
    if let rank = event.rank { statements[number].rank = rank }
    if let permits = event.permits { statements[number].permits = permits }
    if event.nestsByInstance { statements[number].nestsByInstance = true }
    if event.verb == .`init` {
      if let at = event.at { statements[number].at = Array(at) }
      if let stack = event.stack { statements[number].stack = Array(stack) }
    }
  }

  /// The name of a lock that is gone means another one.
  private mutating func renew(_ event: LockEvent) {
    guard event.verb == .destroy, event.lock != LockEvent.none else { return }
    let lock = Int(event.lock)
    generations[lock] += 1
    current[lock] = addLock(plainLockNames[lock] + Array("#\(generations[lock])".utf8))
  }

  private mutating func write(_ event: LockEvent, isWait: Bool) {
    var event = event
    let thread = event.thread.rawValue
    if isWait, event.verb != .join {
      let wait = schedule.waits.first { $0.number == thread && $0.event == self.event }
      if event.verb == .wake, event.lock == LockEvent.none { return }
      event.verb = .request
      event.mode = wait?.mode
      event.operandName = nil
    }
    event.time = nil
    event.lockClass = nil
    event.kind = nil
    event.rank = nil
    event.permits = nil
    event.nestsByInstance = false
    if event.lock != LockEvent.none { statements[current[Int(event.lock)]].isUsed = true }
    let start = text.position
    let names = EventNames(
      thread: threadNames[event.thread.index],
      lock: event.lock == LockEvent.none ? nil : lockNames[name(event.lock)],
      otherThread: event.otherThread.rawValue == LockEvent.none
        ? nil : threadNames[event.otherThread.index],
      nest: event.nest == LockEvent.none ? nil : lockNames[name(event.nest)])
    _ = TextEventEncoder.write(event, names, to: &text)
    if isWait {
      requests[thread] = (start, text.position, event.lock)
    } else {
      lines[event.thread.index].append(
        Line(
          event: self.event, requested: event.verb == .request ? event.lock : nil,
          granted: event.verb == .acquire || event.verb == .abandon ? event.lock : nil,
          start: start, end: text.position))
    }
  }

  private func name(_ lock: UInt32) -> Int { statements[current[Int(lock)]].name }

  consuming func trace() -> [UInt8] {
    var output = OutputBuffer()
    TextEventEncoder.begin(&output)
    if let thread = schedule.segments.first?.number ?? schedule.waits.first?.number {
      for statement in statements where statement.isUsed && !statement.saysNothing {
        write(statement, of: Int(thread), to: &output)
      }
    }
    var positions = lines.map { _ in 0 }
    var open: [Int: UInt32] = [:]
    for segment in schedule.segments {
      let thread = Int(segment.number)
      while positions[thread] < lines[thread].count,
        lines[thread][positions[thread]].event <= segment.event
      {
        append(lines[thread][positions[thread]], of: thread, &open, to: &output)
        positions[thread] += 1
      }
    }
    for wait in schedule.waits {
      let thread = Int(wait.number)
      for line in lines[thread][positions[thread]...] {
        append(line, of: thread, &open, to: &output)
      }
    }
    // Who waits behind a writer comes after it.
    for wait in schedule.waits.filter({ !$0.isQueued }) + schedule.waits.filter(\.isQueued) {
      guard let request = requests[wait.number] else { continue }
      if let lock = open[Int(wait.number)] {
        // The request that is waited at may stand there already.
        if lock == request.lock { continue }
        abandon(lock, of: Int(wait.number), to: &output)
      }
      output.append(text.content(from: request.start, to: request.end))
    }
    return Array(output.content(from: 0, to: output.position))
  }

  private func append(
    _ line: Line, of thread: Int, _ open: inout [Int: UInt32], to output: inout OutputBuffer
  ) {
    if let lock = open[thread], line.granted != lock { abandon(lock, of: thread, to: &output) }
    open[thread] = line.requested
    output.append(text.content(from: line.start, to: line.end))
  }

  /// The thread went on without the lock.
  private func abandon(_ lock: UInt32, of thread: Int, to output: inout OutputBuffer) {
    let event = LockEvent(verb: .abandon, thread: ThreadID(UInt32(thread)), line: 0)
    let names = EventNames(
      thread: threadNames[thread], lock: lockNames[name(lock)], otherThread: nil, nest: nil)
    _ = TextEventEncoder.write(event, names, to: &output)
  }

  private func write(_ statement: Statement, of thread: Int, to output: inout OutputBuffer) {
    var event = LockEvent(verb: .`init`, thread: ThreadID(UInt32(thread)), line: 0)
    event.kind = statement.kind
    event.rank = statement.rank
    event.permits = statement.permits
    event.nestsByInstance = statement.nestsByInstance
    let names = EventNames(
      thread: threadNames[thread], lock: lockNames[statement.name], otherThread: nil, nest: nil)
    (statement.lockClass ?? []).withUnsafeBytes { lockClass in
      (statement.at ?? []).withUnsafeBytes { at in
        (statement.stack ?? []).withUnsafeBytes { stack in
          if statement.lockClass != nil { event.lockClass = lockClass }
          if statement.at != nil { event.at = at }
          if statement.stack != nil { event.stack = stack }
          _ = TextEventEncoder.write(event, names, to: &output)
        }
      }
    }
  }
}
