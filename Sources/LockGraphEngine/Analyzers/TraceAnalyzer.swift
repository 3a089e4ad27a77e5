/// Reads inputs one after the other and validates them together.
///
/// Not thread-safe: use one from one task. Memory grows with the threads, locks, classes and
/// dependencies of the inputs, not with their length.
public struct TraceAnalyzer: ~Copyable {
  /// How to read and what to look for.
  public struct Options: Sendable {
    /// How the inputs are read.
    public var reading = ReadingOptions()
    /// How many lock-order inversions are listed; the rest is counted.
    public var inversionLimit = Limits.inversions
    /// What becomes the class of locks of which the traces state none. Graph files say it
    /// themselves.
    public var classBasis = ClassBasis.initialization
    /// Whether potential deadlocks are looked for in other orders of the events, for which inputs
    /// are read once more.
    public var prediction = PredictionOptions(mode: .never)
    /// Whether the graph of the analysis has only the first witness of each dependency, which takes
    /// less memory. What it finds has all; what is looked for in the graph afterwards has one.
    package var keepsOneWitness = false
    /// For how long locks may be held and waited for; only a `MeasuringAnalyzer` looks.
    package var durationLimits: DurationLimits.Source?

    /// Stops at bad lines, recognises formats, lists a thousand inversions.
    public init() {}
  }

  private let options: Options
  private var validator: Validator
  private let graphs = GraphInputs()
  private var inputs: ReadInputs

  /// An analyzer that has read nothing yet.
  public init(options: Options = Options()) {
    self.options = options
    inputs = ReadInputs(options)
    validator = Validator(classBasis: options.classBasis)
  }

  /// Says which inputs will be read, and in which order, so that several can be read at a time.
  public mutating func expect(_ sources: [TraceSource]) {
    inputs.expect(sources)
  }

  /// Reads an input to its end.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Throws: `TraceError` if it cannot be read, or holds a bad line and `keepGoing` is off.
  /// - Complexity: O(bytes); expected O(1) an event whose chain of locks was seen before.
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) {
    try inputs.read(source, into: &validator, graphs: graphs, progress: progress)
  }

  /// Reads a recording that is open.
  ///
  /// - Throws: what is damaged, unless `keepGoing` is on.
  package mutating func read(_ recording: Recording) throws(TraceError) {
    try inputs.read(recording, into: &validator)
  }

  /// Searches the order graph and reports.
  ///
  /// - Complexity: O(classes + dependencies) for the graph, plus a bounded amount of work for the
  ///   cycles.
  public consuming func finish() -> Analysis {
    let options = options
    let read = inputs
    let (record, inputs) = settle()
    let prediction = read.prediction(of: inputs)
    var analysis = record.analysis(
      of: inputs, inversionLimit: options.inversionLimit,
      keepsOneWitness: options.keepsOneWitness, predict: prediction?.predictor(record))
    analysis.leaveOutIdleWaits()
    return analysis
  }

  /// Reports what there is, and what there would be if the program were changed so, one change
  /// after the other. Nothing is predicted: other events were not seen.
  ///
  /// - Throws: that a supposition means no class or place of the inputs.
  /// - Complexity: twice that of `finish()`.
  public consuming func finish(
    supposing suppositions: [Supposition]
  ) throws(SuppositionError) -> (found: Analysis, supposed: Analysis) {
    let limit = options.inversionLimit
    let (record, inputs) = settle()
    var changed = record
    for supposition in suppositions {
      changed = changed.supposing(try ResolvedSupposition(supposition, in: changed))
    }
    return (
      record.analysis(of: inputs, inversionLimit: limit),
      changed.analysis(of: inputs, inversionLimit: limit)
    )
  }

  /// What all inputs tell together.
  private consuming func settle() -> (record: OrderRecord, inputs: [TraceInput]) {
    var inputs = inputs.inputs
    let graphs = graphs
    var record = validator.finish()
    if !graphs.isEmpty {
      let content = graphs.takeContent()
      let firstInput = UInt32(inputs.count)
      inputs += content.analysisInputs()
      record.load(content, firstInput: firstInput)
    }
    record.addStatedMarks()
    return (record, inputs)
  }
}
