/// Validates inputs and measures the use of their locks in one pass, for inputs that can be read
/// once only.
///
/// Not thread-safe: use one from one task.
public struct MeasuringAnalyzer: ~Copyable {
  private let options: TraceAnalyzer.Options
  private var consumers: ValidatorAndStatistics
  private var inputs: [TraceInput] = []
  private var sources: [TraceSource] = []

  /// An analyzer that has read nothing yet.
  public init(options: TraceAnalyzer.Options = TraceAnalyzer.Options()) {
    self.options = options
    consumers = ValidatorAndStatistics(classBasis: options.classBasis)
  }

  /// Reads an input to its end.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Throws: `TraceError` if it cannot be read, or holds a bad line and `keepGoing` is off.
  /// - Complexity: O(bytes).
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) {
    inputs.append(
      try readTrace(
        source, number: UInt32(inputs.count), options: options.reading, into: &consumers,
        progress: progress))
    sources.append(source)
  }

  /// What `TraceAnalyzer` and `StatisticsAnalyzer` would have said of the same inputs.
  public consuming func finish() -> (analysis: Analysis, statistics: LockStatistics) {
    let inputs = inputs
    let limit = options.inversionLimit
    let prediction = InputPrediction(
      options.prediction, reading: options.reading, sources: sources, inputs: inputs)
    return consumers.finish(inputs, inversionLimit: limit, prediction)
  }
}

/// Hands every event to the validator and to the statistics; both number threads and locks alike.
private struct ValidatorAndStatistics: ~Copyable, EventConsumer {
  private var validator: Validator
  private var statistics: StatisticsCollector

  init(classBasis: ClassBasis) {
    validator = Validator(classBasis: classBasis)
    statistics = StatisticsCollector(classBasis: classBasis)
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
    _ inputs: [TraceInput], inversionLimit: Int, _ prediction: InputPrediction?
  ) -> (analysis: Analysis, statistics: LockStatistics) {
    let statistics = statistics.statistics(of: inputs)
    var record = validator.finish()
    record.addStatedMarks()
    let analysis = record.analysis(
      of: inputs, inversionLimit: inversionLimit, predict: prediction?.predictor(record))
    return (analysis, statistics)
  }
}
