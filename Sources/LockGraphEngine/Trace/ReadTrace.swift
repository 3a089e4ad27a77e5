#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one input, whatever its format, into what takes its events.
///
/// - Parameter graphs: takes the input if it is a graph file; without it such an input is an error.
func readTrace<Consumer: EventConsumer & ~Copyable>(
  _ source: TraceSource, number: UInt32, options: ReadingOptions,
  into consumer: inout Consumer, graphs: (any GraphFileTaker)? = nil, progress: ((Int) -> Void)?
) throws(TraceError) -> TraceInput {
  if let recording = try RecordingInput.open(source, options) {
    return try recording.read(number: number, into: &consumer, progress: progress)
  }
  var format = options.format
  var feed: LineFeed<Consumer>?
  var bytesRead = 0
  var isDeclared = options.format != nil
  var digest = options.digestsContent ? ContentDigest() : nil
  let inputWarnings = try ByteInput.read(source, keepGoing: options.keepGoing) {
    (bytes, isLast) throws(TraceError) in
    if format == nil {
      // A pipe may have delivered too little to tell.
      if !isLast, bytes.count < 4096, !TraceFormat.canRecognize(bytes) { return 0 }
      format = TraceFormat.recognize(bytes)
    }
    if format == .graph, graphs == nil {
      throw TraceError(
        input: source.name, message: "is a graph file, which holds orders and no events",
        expected: "a trace")
    }
    if feed == nil {
      feed = format!.feed(
        LineCutter(name: source.name, keepGoing: options.keepGoing), graphs: graphs,
        options)
    }
    if bytesRead == 0 {
      isDeclared = isDeclared || TraceFormat.isStated(bytes)
      consumer.beginInput(number, traits: format!.traits)
    }
    let used = try feed!.feed(bytes, isLast, &consumer)
    bytesRead += used
    digest?.add(UnsafeRawBufferPointer(rebasing: bytes[..<used]))
    progress?(bytesRead)
    if !consumer.wantsMore {
      throw TraceError(input: source.name, message: "is not read on: nothing takes its events")
    }
    return used
  } preview: { piece in
    if feed == nil {
      let recognized = format ?? TraceFormat.recognize(piece)
      format = recognized
      feed = recognized.feed(
        LineCutter(name: source.name, keepGoing: options.keepGoing), graphs: graphs,
        options)
    }
    return feed!.prepare(piece)
  }
  feed?.finish(&consumer)
  let lines = feed?.lines ?? LineCutter(name: source.name, keepGoing: options.keepGoing)
  var input = TraceInput(
    name: source.name, format: (format ?? .text).rawValue, events: feed?.events() ?? lines.events,
    facts: feed?.facts() ?? 0, skipped: lines.skipped, firstSkipped: lines.firstSkipped,
    warnings: inputWarnings + lines.warnings + (feed?.warnings() ?? []))
  input.digest = digest?.value
  input.doubt = InputDoubt(
    InputDoubt.Signs(
      events: input.events, facts: input.facts, bad: lines.skipped + (lines.isCut ? 1 : 0),
      isCut: lines.isCut, hasLoneReturns: lines.hasLoneReturns,
      hasForm: feed?.hasForm() ?? true, isDeclared: isDeclared))
  if !options.keepGoing, let error = input.doubt?.error(in: source.name) { throw error }
  return input
}

extension TraceFormat {
  /// A new reader of the format, with lines cut for it.
  fileprivate func feed<Consumer: EventConsumer & ~Copyable>(
    _ lines: LineCutter, graphs: (any GraphFileTaker)?, _ options: ReadingOptions
  ) -> LineFeed<Consumer> {
    switch self {
    case .text: LineFeed(TextTraceReader(), lines)
    case .ftrace: LineFeed(FtraceReader(), lines)
    case .jsonl: LineFeed(JSONLinesReader(), lines)
    case .std: LineFeed(STDReader(), lines)
    case .lttng: LineFeed(LTTngReader(), lines)
    case .perf: LineFeed(PerfReader(), lines)
    case .lockdep: LineFeed(LockdepReader(), lines)
    case .lockdepChains: LineFeed(LockdepChainsReader(), lines)
    case .kernelLog: LineFeed(KernelLogReader(), lines)
    case .recording: LineFeed(recordingsWith: options, lines)
    case .graph: LineFeed(graphs, lines)
    }
  }

  /// What the format cannot say.
  var traits: TraceTraits {
    let isTraced = self == .ftrace || self == .perf
    return TraceTraits(
      classesAreMerelyNames: isTraced,
      isKernel: isTraced || self == .lockdep || self == .lockdepChains || self == .kernelLog)
  }
}

/// Lines and a reader whose type is known to its closures alone: they are compiled for it, where a
/// method of a generic class would not be. One call a window of bytes.
private struct LineFeed<Consumer: EventConsumer & ~Copyable> {
  let lines: LineCutter
  /// Whether it wants to be shown more.
  let prepare: (UnsafeRawBufferPointer) -> Bool
  /// Reads all complete lines, and the rest too if it is the last; returns how many bytes that was.
  let feed: (UnsafeRawBufferPointer, Bool, inout Consumer) throws(TraceError) -> Int
  let finish: (inout Consumer) -> Void
  /// Of lines, or of what has none.
  let events: () -> UInt64
  let facts: () -> UInt64
  let hasForm: () -> Bool
  let warnings: () -> [String]

  @inline(__always)
  init<Reader: LineReader & ~Copyable>(_ reader: consuming Reader, _ lines: LineCutter) {
    let box = ReaderBox(reader)
    self.lines = lines
    prepare = {
      box.reader.prepare($0)
      return !box.reader.isPrepared
    }
    feed = { (bytes, isLast, consumer) throws(TraceError) in
      try lines.cut(bytes, isLast: isLast, for: &box.reader, into: &consumer)
    }
    finish = { box.reader.finish(into: &$0) }
    events = { lines.events }
    facts = { box.reader.facts }
    hasForm = { box.reader.hasForm }
    warnings = { box.reader.warnings }
  }

  /// What has no lines.
  init(_ graphs: (any GraphFileTaker)?, _ lines: LineCutter) {
    self.lines = lines
    graphs?.beginInput(named: lines.name)
    prepare = { _ in false }
    feed = { (bytes, isLast, _) throws(TraceError) in
      try graphs?.take(bytes, isLast: isLast)
      return bytes.count
    }
    finish = { _ in }
    events = { 0 }
    facts = { graphs?.facts ?? 0 }
    hasForm = { true }
    warnings = { [] }
  }

  /// Recordings that come out of a pipe or an archive: they are read where they are wanted, so all
  /// of one must be there first.
  init(recordingsWith options: ReadingOptions, _ lines: LineCutter) {
    let input = GatheredRecording(lines.name, options)
    self.lines = lines
    prepare = { _ in false }
    feed = { (bytes, isLast, consumer) throws(TraceError) in
      try input.take(bytes, isLast: isLast, into: &consumer)
      return bytes.count
    }
    finish = { _ in }
    events = { input.events }
    facts = { 0 }
    hasForm = { true }
    warnings = { input.warnings }
  }
}

private final class ReaderBox<Reader: LineReader & ~Copyable> {
  var reader: Reader
  init(_ reader: consuming Reader) { self.reader = reader }
}

/// Cuts bytes into lines, hands them to a reader, and deals with bad ones.
private final class LineCutter {
  let name: String
  let keepGoing: Bool
  private(set) var lineNumber: UInt64 = 0
  private(set) var events: UInt64 = 0
  private(set) var skipped: UInt64 = 0
  private(set) var firstSkipped: TraceError?
  private(set) var warnings: [String] = []
  /// The last line was bad and had no end.
  private(set) var isCut = false
  /// Before the first event there was a carriage return that ends no line.
  private(set) var hasLoneReturns = false

  init(name: String, keepGoing: Bool) {
    self.name = name
    self.keepGoing = keepGoing
  }

  /// Reads all complete lines, and the rest too if it is the last; returns how many bytes that was.
  @inline(__always)
  func cut<Reader: LineReader & ~Copyable, Consumer: EventConsumer & ~Copyable>(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, for reader: inout Reader,
    into consumer: inout Consumer
  ) throws(TraceError) -> Int {
    guard let base = bytes.baseAddress else { return 0 }
    // Some editors begin a file with a byte-order mark, which is part of no name.
    var start = lineNumber == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    // Kept out of the object while lines are read.
    var number = lineNumber
    var events = self.events
    defer {
      lineNumber = number
      self.events = events
    }
    while start < bytes.count {
      var end = bytes.count
      var isCut = true
      if let newline = memchr(base + start, 0x0A, bytes.count - start) {
        end = UnsafeRawPointer(newline) - base
        isCut = false
      } else if !isLast {
        return start
      }
      number += 1
      var length = end - start
      if length > 0, bytes[start + length - 1] == 0x0D { length -= 1 }
      if events == 0 {
        noteLoneReturns(
          UnsafeRawBufferPointer(start: base + start, count: isCut ? end - start : length))
      }
      let line = UnsafeRawBufferPointer(start: base + start, count: length)
      do throws(LineFailure) {
        if try reader.read(line, number: number, into: &consumer) { events += 1 }
      } catch {
        lineNumber = number
        try fail(error, line, isCut: isCut)
      }
      start = end + 1
    }
    return bytes.count
  }

  private func noteLoneReturns(_ line: UnsafeRawBufferPointer) {
    guard !hasLoneReturns, let start = line.baseAddress, !line.isEmpty else { return }
    hasLoneReturns = memchr(start, 0x0D, line.count) != nil
  }

  private func fail(
    _ failure: LineFailure, _ line: UnsafeRawBufferPointer, isCut: Bool
  ) throws(TraceError) {
    let excerpt = TraceError.excerpt(line, column: failure.column)
    let error = TraceError(
      input: name, line: lineNumber, column: failure.column, message: failure.message,
      text: excerpt.text, mark: excerpt.mark, expected: failure.expected)
    if isCut {
      // A program that crashed while it wrote.
      self.isCut = true
      warnings.append("line \(lineNumber), the last one, is cut off and was left out")
      return
    }
    guard keepGoing else { throw error }
    skipped += 1
    if firstSkipped == nil { firstSkipped = error }
  }
}
