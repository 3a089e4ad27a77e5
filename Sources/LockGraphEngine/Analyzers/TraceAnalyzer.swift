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

    /// Stops at bad lines, recognises formats, lists a thousand inversions.
    public init() {}
  }

  private let options: Options
  private var validator: Validator
  private let graphs = GraphInputs()
  private var inputs: [TraceInput] = []
  private var sources: [TraceSource] = []

  /// An analyzer that has read nothing yet.
  public init(options: Options = Options()) {
    self.options = options
    validator = Validator(classBasis: options.classBasis)
  }

  /// Reads an input to its end.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Throws: `TraceError` if it cannot be read, or holds a bad line and `keepGoing` is off.
  /// - Complexity: O(bytes); expected O(1) an event whose chain of locks was seen before.
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) {
    let input = try readTrace(
      source, number: UInt32(inputs.count), options: options.reading, into: &validator,
      graphs: graphs, progress: progress)
    inputs.append(input)
    sources.append(source)
  }

  /// Reads a recording that is open.
  ///
  /// - Throws: what is damaged, unless `keepGoing` is on.
  package mutating func read(_ recording: Recording) throws(TraceError) {
    let input = RecordingInput(recording: recording, options: options.reading)
    inputs.append(
      try input.read(number: UInt32(inputs.count), into: &validator, progress: nil))
  }

  /// Searches the order graph and reports.
  ///
  /// - Complexity: O(classes + dependencies) for the graph, plus a bounded amount of work for the
  ///   cycles.
  public consuming func finish() -> Analysis {
    var record = validator.finish()
    if !graphs.isEmpty {
      let content = graphs.takeContent()
      let firstInput = UInt32(inputs.count)
      inputs += content.analysisInputs()
      record.load(content, firstInput: firstInput)
    }
    record.addStatedMarks()
    let prediction = InputPrediction(
      options.prediction, reading: options.reading, sources: sources, inputs: inputs)
    return record.analysis(
      of: inputs, inversionLimit: options.inversionLimit,
      keepsOneWitness: options.keepsOneWitness, predict: prediction?.predictor(record))
  }
}
