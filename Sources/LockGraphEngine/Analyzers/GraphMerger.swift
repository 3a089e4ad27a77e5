/// Puts traces and graph files together into one graph file.
///
/// Merging is associative, commutative and idempotent, byte for byte: an input counts once however
/// often it comes, and what is written does not depend on the order of the inputs or on what was
/// merged before. An input is known by its name, its format and the digest of its content.
///
/// Not thread-safe: use one from one task. Memory grows with the classes, the dependencies and
/// their bounded evidence, and by some hundred bytes an input, not with the length of the inputs.
public struct GraphMerger: ~Copyable {
  private var reading: ReadingOptions
  private let classBasis: ClassBasis
  private let prediction: PredictionOptions
  private var fold = GraphFold()
  private var ahead: InputsAhead<MergeInput>?

  /// A merger that has read nothing yet.
  ///
  /// - Parameters:
  ///   - reading: how the inputs are read.
  ///   - classBasis: what becomes the class of locks of which the traces state none.
  ///   - prediction: whether potential deadlocks are looked for in other orders of the events, for
  ///     which inputs are read once more. What is found is kept.
  public init(
    reading: ReadingOptions = ReadingOptions(), classBasis: ClassBasis = .initialization,
    prediction: PredictionOptions = PredictionOptions(mode: .never)
  ) {
    self.reading = reading
    self.classBasis = classBasis
    self.prediction = prediction
    self.reading.digestsContent = true
  }

  /// Says which inputs will be read, and in which order, so that several can be read at a time.
  public mutating func expect(_ sources: [TraceSource]) {
    ahead = InputsAhead(sources, reading, longest: MergeInput.longest, takesGraphs: true) {
      [classBasis, prediction] in
      MergeInput($0, $1, classBasis, prediction, progress: nil)
    }
  }

  /// Reads a trace, or graph files one behind the other, to the end.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Returns: the input as it was read.
  /// - Throws: `TraceError` if it cannot be read, holds a bad line and `keepGoing` is off, or is a
  ///   graph file that is cut off or damaged.
  /// - Complexity: O(bytes), and a search for potential deadlocks in a trace.
  @discardableResult
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) -> TraceInput {
    let input =
      ahead?.take(source)
      ?? MergeInput(source, reading, classBasis, prediction, progress: progress)
    let (told, content) = try input.result.get()
    if ahead != nil { progress?(input.bytes) }
    fold.add(content, isCanonical: false)
    return told
  }

  /// Writes the graph file.
  ///
  /// - Parameter write: takes the next bytes, and returns false if it cannot; then nothing more is
  ///   written.
  /// - Returns: false if bytes could not be written.
  /// - Complexity: O(size × log size).
  public consuming func finish(_ write: @escaping (UnsafeRawBufferPointer) -> Bool) -> Bool {
    var writer = GraphFileWriter(fold.result(), write: write)
    return writer.run()
  }
}

/// One input as it is merged.
private struct MergeInput {
  /// Longer files are read one after the other.
  static let longest = 1 << 25
  /// How many potential deadlocks of one input are looked at for evidence that must not be lost.
  private static let inversionLimit = Limits.inversions

  let result: Result<(TraceInput, GraphContent), TraceError>
  let bytes: Int

  init(
    _ source: TraceSource, _ reading: ReadingOptions, _ classBasis: ClassBasis,
    _ prediction: PredictionOptions, progress: ((Int) -> Void)?
  ) {
    var bytes = 0
    do throws(TraceError) {
      result = .success(
        try Self.read(source, reading, classBasis, prediction) {
          bytes = $0
          progress?($0)
        })
    } catch {
      result = .failure(error)
    }
    self.bytes = bytes
  }

  private static func read(
    _ source: TraceSource, _ reading: ReadingOptions, _ classBasis: ClassBasis,
    _ prediction: PredictionOptions, _ progress: @escaping (Int) -> Void
  ) throws(TraceError) -> (TraceInput, GraphContent) {
    var validator = Validator(classBasis: classBasis)
    let graphs = GraphInputs()
    let again = RereadableSource(source, isWanted: prediction.mode != .never)
    let input = try readTrace(
      source, number: 0, options: reading, into: &validator, graphs: graphs, spool: again.spool,
      progress: progress)
    guard input.format != TraceFormat.graph.rawValue else { return (input, graphs.takeContent()) }
    var record = validator.finish()
    let prediction = InputPrediction(
      prediction, reading: reading, sources: [again], inputs: [input])
    if let prediction { record.keepVerdicts(of: input, prediction, limit: inversionLimit) }
    return (input, record.content(of: input, inversionLimit: inversionLimit))
  }
}
