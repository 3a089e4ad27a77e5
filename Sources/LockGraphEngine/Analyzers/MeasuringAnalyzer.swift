/// Validates inputs and measures the use of their locks in one pass, for inputs that can be read
/// once only.
///
/// Not thread-safe: use one from one task.
public struct MeasuringAnalyzer: ~Copyable {
  private let options: TraceAnalyzer.Options
  private var consumers: ValidatorAndStatistics
  private var inputs: ReadInputs
  private let graphs: GraphInputs?

  /// An analyzer that has read nothing yet.
  ///
  /// - Parameter readsGraphFiles: takes graph files too, which tell of no times; else they are an
  ///   error.
  public init(
    options: TraceAnalyzer.Options = TraceAnalyzer.Options(), readsGraphFiles: Bool = false
  ) {
    self.options = options
    inputs = ReadInputs(options)
    graphs = readsGraphFiles ? GraphInputs() : nil
    consumers = ValidatorAndStatistics(
      classBasis: options.classBasis, limits: options.durationLimits)
  }

  /// Says which inputs will be read, and in which order, so that several can be read at a time.
  public mutating func expect(_ sources: [TraceSource]) {
    inputs.expect(sources)
  }

  /// Reads an input to its end.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Throws: `TraceError` if it cannot be read, or holds a bad line and `keepGoing` is off.
  /// - Complexity: O(bytes).
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) {
    try inputs.read(source, into: &consumers, graphs: graphs, progress: progress)
  }

  /// What `TraceAnalyzer` and `StatisticsAnalyzer` would have said of the same inputs.
  public consuming func finish() -> (analysis: Analysis, statistics: LockStatistics) {
    let inputs = inputs
    let limit = options.inversionLimit
    return consumers.finish(
      inputs.inputs, graphs, inversionLimit: limit, inputs.prediction(of: inputs.inputs))
  }
}

/// Hands every event to the validator and to the statistics; both number threads and locks alike.
private struct ValidatorAndStatistics: ~Copyable, EventConsumer {
  private var validator: Validator
  private var statistics: StatisticsCollector

  init(classBasis: ClassBasis, limits: DurationLimits.Source?) {
    validator = Validator(classBasis: classBasis)
    statistics = StatisticsCollector(classBasis: classBasis, limits: limits)
  }

  static var usesTimes: Bool { StatisticsCollector.usesTimes || Validator.usesTimes }

  mutating func beginInput(_ number: UInt32, traits: TraceTraits) {
    validator.beginInput(number, traits: traits)
    statistics.beginInput(number, traits: traits)
  }

  mutating func newThread(named name: UnsafeRawBufferPointer) -> ThreadID {
    let thread = validator.newThread(named: name)
    let same = statistics.newThread(named: name)
    assert(thread == same, "both number threads in the order of their appearance")
    return thread
  }

  mutating func rename(_ thread: ThreadID, to name: UnsafeRawBufferPointer) {
    validator.rename(thread, to: name)
    statistics.rename(thread, to: name)
  }

  mutating func newLock(number: UInt32, named name: UnsafeRawBufferPointer) {
    validator.newLock(number: number, named: name)
    statistics.newLock(number: number, named: name)
  }

  mutating func consume(_ event: LockEvent) {
    validator.consume(event)
    statistics.consume(event)
  }

  mutating func consume(_ fact: GraphFact) { validator.consume(fact) }

  consuming func finish(
    _ inputs: [TraceInput], _ graphs: GraphInputs?, inversionLimit: Int,
    _ prediction: InputPrediction?
  ) -> (analysis: Analysis, statistics: LockStatistics) {
    let statistics = statistics.statistics(of: inputs)
    var inputs = inputs
    var record = validator.finish()
    if let graphs, !graphs.isEmpty {
      let content = graphs.takeContent()
      let firstInput = UInt32(inputs.count)
      inputs += content.analysisInputs()
      record.load(content, firstInput: firstInput)
    }
    record.addStatedMarks()
    let analysis = record.analysis(
      of: inputs, inversionLimit: inversionLimit, predict: prediction?.predictor(record))
    return (analysis, statistics)
  }
}
