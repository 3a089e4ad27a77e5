/// Reads inputs one after the other and writes their events as one trace.
///
/// Memory grows with the names of the inputs' threads and locks, not with their length. Not
/// thread-safe: use one from one task.
public struct TraceConverter: ~Copyable {
  private let reading: ReadingOptions
  private let writer: any Writing
  private var inputCount: UInt32 = 0

  /// A converter that has read nothing yet.
  ///
  /// - Parameters:
  ///   - encoding: what is written.
  ///   - reading: how the inputs are read.
  ///   - joinsInputs: more than one input will be read.
  ///   - write: takes the next bytes of the output, and returns false if it cannot; then reading
  ///     ends.
  public init(
    to encoding: TraceEncoding, reading: ReadingOptions = ReadingOptions(),
    joinsInputs: Bool = false, write: @escaping (UnsafeRawBufferPointer) -> Bool
  ) {
    self.reading = reading
    writer =
      switch encoding {
      case .text: EncodedWriting<TextEventEncoder>(joinsInputs, write)
      case .jsonl: EncodedWriting<JSONLinesEventEncoder>(joinsInputs, write)
      }
  }

  /// Reads an input to its end. What the encoding cannot say of it is among the warnings.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Throws: `TraceError` if it cannot be read, or holds a bad line and `keepGoing` is off, or
  ///   the output takes no more.
  /// - Complexity: O(bytes).
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) -> TraceInput {
    defer { inputCount += 1 }
    return try writer.read(source, number: inputCount, reading, progress)
  }

  /// Writes what is not written yet. The last few megabytes wait for this, so that short inputs
  /// with a mistake leave nothing behind.
  public consuming func finish() { writer.finish() }
}

/// A writer whose encoding is known to itself alone.
private protocol Writing: AnyObject {
  func read(
    _ source: TraceSource, number: UInt32, _ options: ReadingOptions, _ progress: ((Int) -> Void)?
  ) throws(TraceError) -> TraceInput
  func finish()
}

private final class EncodedWriting<Encoder: EventEncoder>: Writing {
  private var writer: TraceWriter<Encoder>

  init(_ joinsInputs: Bool, _ write: @escaping (UnsafeRawBufferPointer) -> Bool) {
    writer = TraceWriter(joinsInputs: joinsInputs, write: write)
  }

  func read(
    _ source: TraceSource, number: UInt32, _ options: ReadingOptions, _ progress: ((Int) -> Void)?
  ) throws(TraceError) -> TraceInput {
    var input = try readTrace(
      source, number: number, options: options, into: &writer, progress: progress)
    input.warnings += writer.takeLosses().warnings
    if input.facts > 0 {
      let facts = Counted.plain(
        input.facts, "fact that is no event", "facts that are no events")
      input.warnings.append(
        "\(facts) left out: a trace cannot state classes, dependencies and findings")
    }
    return input
  }

  func finish() { writer.finish() }
}
