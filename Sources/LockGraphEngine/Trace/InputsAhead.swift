#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads inputs of which the names are known before it is their turn, several at a time.
///
/// Only short plain files: what is long is cut into pieces where it is read, and what comes out of
/// a pipe or an archive, or is no text, is read by the caller too.
final class InputsAhead<Outcome> {
  private final class Input: @unchecked Sendable {
    let source: TraceSource
    /// Set by the thread that reads it, before the caller is given it.
    var outcome: Outcome?

    init(_ source: TraceSource) { self.source = source }
  }

  private let sources: [TraceSource]
  private let options: ReadingOptions
  private var jobs: Int { options.jobs }
  private let longest: Int
  private let takesGraphs: Bool
  private let read: (TraceSource, ReadingOptions) -> Outcome
  private var work: OrderedWork<Input>?
  /// For each source that was looked at, whether it was given away.
  private var isGiven: [Bool] = []
  private var next = 0

  /// Threads are not worth their start for less.
  private var leastBytes: Int { 2 * options.pieceSize }

  /// - Parameters:
  ///   - sources: in the order in which they will be asked for.
  ///   - options: how they are read, and by how many threads.
  ///   - longest: how long a file is at most.
  ///   - takesGraphs: whether graph files are read too.
  ///   - read: called on several threads at once.
  init(
    _ sources: [TraceSource], _ options: ReadingOptions, longest: Int, takesGraphs: Bool,
    read: @escaping (TraceSource, ReadingOptions) -> Outcome
  ) {
    self.sources = sources
    self.options = options
    self.longest = longest
    self.takesGraphs = takesGraphs
    self.read = read
    guard jobs > 1, sources.count > 1, isWorthIt else { return }
    var own = options
    own.jobs = 1
    work = OrderedWork(helpers: jobs - 1) { [own] in
      { $0.outcome = read($0.source, own) }
    }
  }

  private var isWorthIt: Bool {
    var bytes = 0
    for source in sources {
      if let size = size(source), size <= longest { bytes += size }
      if bytes >= leastBytes { return true }
    }
    return false
  }

  /// What came of the next input, if it was read; `nil` if the caller has to read it.
  func take(_ source: TraceSource) -> Outcome? {
    guard let work, next < sources.count, sources[next] == source else { return nil }
    while isGiven.count < sources.count, work.count < 3 * jobs || isGiven.count <= next {
      let source = sources[isGiven.count]
      let isGiven = isShortFile(source)
      if isGiven { work.add(Input(source)) }
      self.isGiven.append(isGiven)
    }
    next += 1
    guard isGiven[next - 1], case .done(let input) = work.next() else { return nil }
    return input.outcome
  }

  private func size(_ source: TraceSource) -> Int? {
    guard case .file(let path) = source else { return nil }
    var status = stat()
    guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
  }

  private func isShortFile(_ source: TraceSource) -> Bool {
    guard case .file(let path) = source, let size = size(source), size <= longest else {
      return false
    }
    return ByteInput.isPlain(path) || takesGraphs && TraceFormat.isGraph(path)
  }
}

extension TraceFormat {
  fileprivate static func isGraph(_ path: String) -> Bool {
    do throws(TraceError) {
      return try FileDescriptor.open(path).beginning(GraphFileMark.bytes.count)
        .elementsEqual(GraphFileMark.bytes)
    } catch {
      return false
    }
  }
}

/// What one thread read of an input, for another one to take its events.
final class TapedInput: @unchecked Sendable {
  private let tape: EventTape
  private let traits: TraceTraits?
  private let bytes: Int
  private let result: Result<TraceInput, TraceError>
  /// Longer files are cut into pieces.
  static let longest = 1 << 21

  init(_ source: TraceSource, _ options: ReadingOptions) {
    var recorder = EventRecorder()
    var bytes = 0
    do throws(TraceError) {
      result = .success(
        try readTrace(source, number: 0, options: options, into: &recorder) { bytes = $0 })
    } catch {
      result = .failure(error)
    }
    self.bytes = bytes
    tape = recorder.tape
    traits = recorder.traits
  }

  /// - Throws: why it could not be read, when everything before was told.
  func replay<Consumer: EventConsumer & ~Copyable>(
    number: UInt32, into consumer: inout Consumer, progress: ((Int) -> Void)?
  ) throws(TraceError) -> TraceInput {
    progress?(bytes)
    if let traits { consumer.beginInput(number, traits: traits) }
    tape.replay(into: &consumer)
    return try result.get()
  }
}

/// Inputs that are read ahead for one consumer.
struct TapedInputs {
  private let inputs: InputsAhead<TapedInput>

  /// - Parameter sources: in the order in which they are read.
  init(_ sources: [TraceSource], _ options: ReadingOptions) {
    var options = options
    // What has no lines is nothing for a tape.
    if options.format == .graph || options.format == .recording { options.jobs = 1 }
    inputs = InputsAhead(
      sources, options, longest: TapedInput.longest, takesGraphs: false, read: TapedInput.init)
  }

  /// The next input, if it was read ahead; `nil` if it is to be read.
  func read<Consumer: EventConsumer & ~Copyable>(
    _ source: TraceSource, number: UInt32, into consumer: inout Consumer,
    progress: ((Int) -> Void)?
  ) throws(TraceError) -> TraceInput? {
    guard let input = inputs.take(source) else { return nil }
    return try input.replay(number: number, into: &consumer, progress: progress)
  }
}
