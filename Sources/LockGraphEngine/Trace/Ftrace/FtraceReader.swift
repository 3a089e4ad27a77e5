/// Reads the text of the kernel's `/sys/kernel/tracing/trace` and `trace_pipe` with events
/// `lock:*`, and what `trace-cmd report` prints of them.
///
/// The capture begins and ends in the middle of things, which a leading `lost` says.
struct FtraceReader: StagedReader, ~Copyable {
  private var events = KernelLockEvents()

  // A ring buffer that overran: each CPU begins where its own oldest event is.
  private var missingCPUs = 0
  private var seenCPUs: Set<UInt32> = []
  private var presentCPUs: Int?
  private var preparedCPUs: Set<UInt32> = []
  private var awaitedCPUs = 0
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
    return warnings + events.warnings
  }

  /// Which CPUs appear at all, if the buffer overran.
  mutating func prepare(_ piece: UnsafeRawBufferPointer) {
    if presentCPUs == nil {
      guard let overrun = Self.overrun(piece.prefix(8192)), overrun.didOverrun else { return }
      awaitedCPUs = overrun.cpus
    }
    var rest = piece[...]
    while !rest.isEmpty, !isPrepared {
      let near = rest.prefix(ByteInput.longestLine)
      let newline = near.firstIndex(of: UInt8(ascii: "\n"))
      // A longer line is refused where it is read.
      guard newline != nil || near.count == rest.count else { break }
      let end = newline ?? rest.endIndex
      if let line = KernelEventLine(ftrace: UnsafeRawBufferPointer(rebasing: rest[..<end])) {
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

  /// `# entries-in-buffer/entries-written: 992929/992929   #P:2`, or in the latency format
  /// `# latency: 0 us, #992929/992929, CPU#0 | (M:preempt VP:0, KP:0, SP:0 HP:0 #P:2)`.
  private static func overrun(
    _ line: UnsafeRawBufferPointer
  ) -> (didOverrun: Bool, cpus: Int)? {
    guard line.count < 200, line.first == UInt8(ascii: "#") else { return nil }
    let text = String(decoding: line, as: UTF8.self)
    guard
      text.hasPrefix("# entries-in-buffer/entries-written:") || text.hasPrefix("# latency:")
    else { return nil }
    let words = text.split { " ,#()".contains($0) }
    guard
      let counts = words.lazy.map({ $0.split(separator: "/") })
        .first(where: { $0.count == 2 && $0.allSatisfy { UInt64($0) != nil } }),
      let inBuffer = UInt64(counts[0]), let written = UInt64(counts[1]),
      let last = words.last, last.hasPrefix("P:"), let cpus = Int(last.dropFirst(2))
    else { return nil }
    return (inBuffer < written, cpus)
  }

  @inline(__always)
  static func stage(_ line: UnsafeRawBufferPointer) -> KernelEventLine? {
    KernelEventLine(ftrace: line)
  }

  @inline(__always)
  mutating func read<Consumer: EventConsumer & ~Copyable>(
    _ event: KernelEventLine?, of line: UnsafeRawBufferPointer, number: UInt64,
    into consumer: inout Consumer
  ) throws(LineFailure) -> Bool {
    guard let event else {
      return try readOther(line, number, &consumer)
    }
    events.start(number, &consumer)
    if missingCPUs > 0, !reachesLastCPU(event) { return true }
    switch event.event {
    case .other: events.takeOther(event, number: number, into: &consumer)
    case .contentionEnd: events.takeContentionEnd(event, number: number, into: &consumer)
    default:
      let operand = try KernelLockOperand(event)
      events.take(event, operand, number: number, into: &consumer)
    }
    return true
  }

  /// Whether every CPU has an event by now; leaves the event out if not.
  @inline(never)
  private mutating func reachesLastCPU(_ event: KernelEventLine) -> Bool {
    if seenCPUs.insert(event.cpu).inserted { missingCPUs -= 1 }
    if missingCPUs > 0 { dropped += 1 }
    return missingCPUs == 0
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
        events.mayLackEvents = false
        if overrun.didOverrun {
          missingCPUs = presentCPUs ?? overrun.cpus
          seenCPUs.removeAll()
          if events.isStarted { events.lose(1, number, &consumer) }
        }
      }
      return false
    }
    if let count = FtraceOtherLine.lostEvents(line) {
      events.mayLackEvents = true
      events.lose(count, number, &consumer)
      return false
    }
    if FtraceOtherLine.isOfStack(line) || FtraceOtherLine.beginsReport(line) { return false }
    if FtraceOtherLine.lacksContext(line) {
      throw LineFailure(
        column: 1, message: "events without their tasks, so that nothing can be told from them",
        expected: "a capture with the trace option 'context-info'")
    }
    throw LineFailure(
      column: 1, message: "not an event line of the kernel's trace",
      expected: "TASK-PID [CPU] FLAGS TIME: EVENT: …")
  }
}
