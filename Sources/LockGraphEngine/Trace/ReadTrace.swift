#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads one input, whatever its format, into what takes its events.
///
/// - Parameters:
///   - graphs: takes the input if it is a graph file; without it such an input is an error.
///   - spool: keeps what is read.
func readTrace<Consumer: EventConsumer & ~Copyable>(
  _ source: TraceSource, number: UInt32, options: ReadingOptions,
  into consumer: inout Consumer, graphs: (any GraphFileTaker)? = nil, spool: InputSpool? = nil,
  progress: ((Int) -> Void)?
) throws(TraceError) -> TraceInput {
  if let recording = try RecordingInput.open(source, options) {
    return try recording.read(number: number, into: &consumer, progress: progress)
  }
  var format = options.format
  var feed: LineFeed<Consumer>?
  var bytesRead = 0
  var isDeclared = options.format != nil
  var hasLook = true
  var looked = 0
  var digest = options.digestsContent ? ContentDigest() : nil
  let inputWarnings = try ByteInput.read(source, keepGoing: options.keepGoing) {
    (window) throws(TraceError) in
    let (bytes, isLast) = (window.bytes, window.isLast)
    if format == nil {
      // A pipe may have delivered too little to tell.
      if !isLast, bytes.count < awaitedBytes || isOneLine(bytes) {
        // What comes in small pieces is looked at each time that it has doubled.
        if bytes.count < 2 * looked { return 0 }
        looked = bytes.count
        if !TraceFormat.canRecognize(bytes) { return 0 }
      }
      format = try TraceFormat.recognize(bytes, of: source.name, options)
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
      if options.format != nil { hasLook = bytes.isEmpty || format!.hasLook(bytes) }
      isDeclared = isDeclared || TraceFormat.isStated(bytes)
      consumer.beginInput(number, traits: format!.traits)
    }
    let used = try feed!.feed(window, &consumer)
    bytesRead += used
    digest?.add(UnsafeRawBufferPointer(rebasing: bytes[..<used]))
    spool?.add(UnsafeRawBufferPointer(rebasing: bytes[..<used]))
    progress?(bytesRead)
    if !consumer.wantsMore {
      throw TraceError(input: source.name, message: "is not read on: nothing takes its events")
    }
    return used
  } preview: { piece in
    if feed == nil {
      // What is not recognised is told when it is read.
      let beginning = piece.upTo(ByteInput.longestLine)
      guard let recognized = format ?? TraceFormat.recognize(beginning) else { return false }
      format = recognized
      feed = recognized.feed(
        LineCutter(name: source.name, keepGoing: options.keepGoing), graphs: graphs,
        options)
    }
    return feed!.prepare(piece)
  } wantsPages: {
    options.jobs > 1 && feed?.isInPieces == false
  } atEnd: {
    feed?.stop()
  }
  feed?.finish(&consumer)
  let lines = feed?.lines ?? LineCutter(name: source.name, keepGoing: options.keepGoing)
  var input = TraceInput(
    name: source.name, format: (format ?? .text).rawValue, events: feed?.events() ?? 0,
    facts: feed?.facts() ?? 0, skipped: lines.skipped, firstSkipped: lines.firstSkipped,
    warnings: inputWarnings + lines.warnings + (feed?.warnings() ?? []))
  input.digest = digest?.value
  input.doubt = InputDoubt(
    InputDoubt.Signs(
      events: input.events, facts: input.facts, bad: lines.skipped + (lines.isCut ? 1 : 0),
      isCut: lines.isCut, hasLoneReturns: lines.hasLoneReturns,
      foreign: feed?.shortcoming() ?? (hasLook ? nil : format.map { "has nothing of \($0.title)" }),
      source: format?.source, isDeclared: isDeclared))
  if !options.keepGoing, let error = input.doubt?.error(in: source.name) { throw error }
  return input
}

/// How much of what comes in pieces is looked at before it is taken for nothing that is known.
private let awaitedBytes = 1 << 20

/// Whether no line has come to its end yet.
private func isOneLine(_ bytes: UnsafeRawBufferPointer) -> Bool {
  guard let base = bytes.baseAddress else { return true }
  return memchr(base, 0x0A, bytes.count) == nil
}

extension TraceFormat {
  /// The format of an input.
  ///
  /// - Throws: if it is none that is known. Where bad lines are skipped such an input is one that
  ///   has nothing else, and so is one that is empty.
  fileprivate static func recognize(
    _ bytes: UnsafeRawBufferPointer, of input: String, _ options: ReadingOptions
  ) throws(TraceError) -> TraceFormat {
    if let format = recognize(bytes) { return format }
    guard !options.keepGoing, bytes.contains(where: { $0 > 0x20 }) else {
      return bytes.first { $0 > 0x20 } == UInt8(ascii: "{") ? .jsonl : .text
    }
    throw .unknownFormat(of: input, bytes)
  }

  /// A new reader of the format, with lines cut for it.
  fileprivate func feed<Consumer: EventConsumer & ~Copyable>(
    _ lines: LineCutter, graphs: (any GraphFileTaker)?, _ options: ReadingOptions
  ) -> LineFeed<Consumer> {
    if self == .recording { return LineFeed(recordingsWith: options, lines) }
    if self == .graph { return LineFeed(graphs, lines) }
    var maker = FeedMaker<Consumer>(format: self, lines: lines, options: options)
    TraceReaders.visitAll(&maker)
    return maker.feed ?? LineFeed(TextTraceReader(), lines)
  }
}

/// Makes what feeds the reader of a format.
private struct FeedMaker<Consumer: EventConsumer & ~Copyable>: ReaderVisitor {
  let format: TraceFormat
  let lines: LineCutter
  let options: ReadingOptions
  var feed: LineFeed<Consumer>?

  init(format: TraceFormat, lines: LineCutter, options: ReadingOptions) {
    self.format = format
    self.lines = lines
    self.options = options
  }

  @inline(__always)
  mutating func visit<Reader: LineReader & ~Copyable>(_ reader: Reader.Type) {
    if Reader.format == format { feed = LineFeed(Reader(), lines) }
  }

  @inline(__always)
  mutating func visit<Reader: NamingReader & ~Copyable>(naming reader: Reader.Type) {
    guard Reader.format == format else { return }
    feed =
      options.jobs > 1
      ? LineFeed(inPieces: Reader(), lines, options) : LineFeed(Reader(), lines)
  }

  @inline(__always)
  mutating func visit<Reader: StagedReader & ~Copyable>(staged reader: Reader.Type) {
    guard Reader.format == format else { return }
    feed =
      options.jobs > 1
      ? LineFeed(inStages: Reader(), lines, options) : LineFeed(Reader(), lines)
  }

  mutating func visit<Reader: LineReader & ~Copyable>(report reader: Reader.Type) {
    if Reader.format == format { feed = LineFeed(relayed: Reader(), lines) }
  }
}

/// Lines and a reader whose type is known to its closures alone: they are compiled for it, where a
/// method of a generic class would not be. One call a window of bytes.
private struct LineFeed<Consumer: EventConsumer & ~Copyable> {
  let lines: LineCutter
  /// Whether it wants to be shown more.
  let prepare: (UnsafeRawBufferPointer) -> Bool
  /// Reads all complete lines, and the rest too if it is the last; returns how many bytes that was.
  let feed: (ByteInput.Window, inout Consumer) throws(TraceError) -> Int
  /// Several threads read its lines.
  var isInPieces = false
  /// Called before the bytes that were fed are gone.
  var stop: () -> Void = {}
  let finish: (inout Consumer) -> Void
  /// Of lines, or of what has none.
  let events: () -> UInt64
  let facts: () -> UInt64
  let shortcoming: () -> String?
  let warnings: () -> [String]

  @inline(__always)
  init<Reader: LineReader & ~Copyable>(_ reader: consuming Reader, _ lines: LineCutter) {
    let box = ReaderBox(reader)
    self.init(
      box, lines,
      feed: { (window, consumer) throws(TraceError) in
        try lines.cut(window.bytes, isLast: window.isLast, for: &box.reader, into: &consumer)
      },
      finish: { box.reader.finish(into: &$0) })
  }

  /// The same for one whose lines several threads read.
  @inline(__always)
  init<Reader: NamingReader & ~Copyable>(
    inPieces reader: consuming Reader, _ lines: LineCutter, _ options: ReadingOptions
  ) {
    let box = ReaderBox(reader)
    var numbers = Array(repeating: TapeNumbers(), count: options.jobs)
    let pieces = TracePieces<TapedPiece>(options) { number in
      let own = ReaderBox(Reader())
      let recorder = RecorderBox()
      return { piece in
        piece.reader = number
        lines.record(piece, by: &own.reader, in: &recorder.recorder)
      }
    }
    self.init(box, lines, pieces) { (piece, consumer) throws(TraceError) in
      try lines.replay(piece, &numbers[piece.reader], &box.reader.names, into: &consumer)
    }
  }

  /// The same for one of whose lines several threads find out what they consist of.
  @inline(__always)
  init<Reader: StagedReader & ~Copyable>(
    inStages reader: consuming Reader, _ lines: LineCutter, _ options: ReadingOptions
  ) {
    let box = ReaderBox(reader)
    let pieces = TracePieces<StagedPiece<Reader.Stage>>(options) { _ in
      { LineCutter.stage($0, for: Reader.self) }
    }
    self.init(box, lines, pieces) { (piece, consumer) throws(TraceError) in
      try lines.read(piece, by: &box.reader, into: &consumer)
    }
  }

  /// - Parameter tell: tells what is known of a piece.
  @inline(__always)
  private init<Reader: LineReader & ~Copyable, Piece: InputPiece>(
    _ box: ReaderBox<Reader>, _ lines: LineCutter, _ pieces: TracePieces<Piece>,
    tell: @escaping (Piece, inout Consumer) throws(TraceError) -> Void
  ) {
    self.init(
      box, lines,
      feed: { (window, consumer) throws(TraceError) in
        try pieces.feed(
          window, hasEvents: { lines.events > 0 },
          readNow: { (bytes, isLast) throws(TraceError) in
            try lines.cut(bytes, isLast: isLast, for: &box.reader, into: &consumer)
          },
          replay: { (piece) throws(TraceError) in try tell(piece, &consumer) })
      },
      finish: { box.reader.finish(into: &$0) })
    isInPieces = true
    stop = { pieces.stop() }
  }

  /// The same for a reader that is compiled once for all consumers.
  init<Reader: LineReader & ~Copyable>(relayed reader: consuming Reader, _ lines: LineCutter) {
    let box = ReaderBox(reader)
    self.init(
      box, lines,
      feed: { (window, consumer) throws(TraceError) in
        try withUnsafeMutablePointer(to: &consumer) { (consumer) throws(TraceError) in
          try box.cut(
            window.bytes, isLast: window.isLast, by: lines, into: EventRelay(to: consumer))
        }
      },
      finish: { withUnsafeMutablePointer(to: &$0) { box.finish(into: EventRelay(to: $0)) } })
  }

  @inline(__always)
  private init<Reader: LineReader & ~Copyable>(
    _ box: ReaderBox<Reader>, _ lines: LineCutter,
    feed: @escaping (ByteInput.Window, inout Consumer) throws(TraceError) -> Int,
    finish: @escaping (inout Consumer) -> Void
  ) {
    self.lines = lines
    self.feed = feed
    self.finish = finish
    prepare = { box.prepare($0) }
    events = { lines.events + box.reader.furtherEvents }
    facts = { box.reader.facts }
    shortcoming = { box.reader.shortcoming }
    warnings = { box.reader.warnings }
  }

  /// What has no lines.
  init(_ graphs: (any GraphFileTaker)?, _ lines: LineCutter) {
    self.lines = lines
    graphs?.beginInput(named: lines.name)
    prepare = { _ in false }
    feed = { (window, _) throws(TraceError) in
      try graphs?.take(window.bytes, isLast: window.isLast)
      return window.bytes.count
    }
    finish = { _ in }
    events = { 0 }
    facts = { graphs?.facts ?? 0 }
    shortcoming = { nil }
    warnings = { [] }
  }

  /// Recordings that come out of a pipe or an archive: they are read where they are wanted, so all
  /// of one must be there first.
  init(recordingsWith options: ReadingOptions, _ lines: LineCutter) {
    let input = GatheredRecording(lines.name, options)
    self.lines = lines
    prepare = { _ in false }
    feed = { (window, consumer) throws(TraceError) in
      try input.take(window.bytes, isLast: window.isLast, into: &consumer)
      return window.bytes.count
    }
    finish = { _ in }
    events = { input.events }
    facts = { 0 }
    shortcoming = { nil }
    warnings = { input.warnings }
  }
}

private final class RecorderBox {
  var recorder = EventRecorder()
}

private final class ReaderBox<Reader: LineReader & ~Copyable> {
  var reader: Reader
  init(_ reader: consuming Reader) { self.reader = reader }

  func prepare(_ piece: UnsafeRawBufferPointer) -> Bool {
    reader.prepare(piece)
    return !reader.isPrepared
  }

  func cut(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, by lines: LineCutter, into relay: EventRelay
  ) throws(TraceError) -> Int {
    var relay = relay
    return try lines.cut(bytes, isLast: isLast, for: &reader, into: &relay)
  }

  func finish(into relay: EventRelay) {
    var relay = relay
    reader.finish(into: &relay)
  }
}
