/// What came out of analysing a number of inputs.
public struct Analysis: Sendable {
  /// One input, as it was read.
  public struct Input: Sendable, Equatable {
    /// The path as it was given, or `<stdin>`.
    public var name: String
    /// The name of the format it was read as.
    public var format: String
    /// How many events it held.
    public var events: UInt64
    /// How many facts it held that are no events: classes, dependencies and findings of another validator.
    public var facts: UInt64 = 0
    /// How many lines were bad and skipped; only with `keepGoing`.
    public var skipped: UInt64
    /// The first bad line that was skipped.
    public var firstSkipped: TraceError?
    /// What a reader of the report should know about the input.
    public var warnings: [String]
    /// Of its content, decompressed; where that was asked for.
    package var digest: ContentDigest.Value?
    /// Which process a running program is that writes a graph file itself.
    var process: String?

    /// It held nothing. A log without reports is not empty: that nothing was reported is what it says.
    public var isEmpty: Bool {
      events == 0 && facts == 0 && format != TraceFormat.kernelLog.rawValue
    }
  }

  /// How much there was.
  public struct Summary: Sendable, Equatable {
    /// Events of all inputs.
    public var events: UInt64
    /// Threads that did something or were mentioned.
    public var threads: Int
    /// Lock instances that were used.
    public var locks: Int
    /// Lock classes, nesting levels counted apart.
    public var classes: Int
    /// Edges of the order graph.
    public var dependencies: Int
    /// Cycles that were found and are not listed, because their number is bounded.
    public var omittedFindings: Int
    /// Dependencies on strong cycles that no listed finding shows.
    public var uncoveredDependencies: Int
  }

  /// In the order in which they were given.
  public var inputs: [Input]
  /// How much there was, and what was left out of the findings.
  public var summary: Summary
  /// Sorted: what is worse and surer first, then by rule and classes.
  public var findings: [Finding]
  /// The order graph, for drawing.
  public var graph: OrderGraphSnapshot
}

/// Reads inputs one after the other and validates them together.
///
/// Not thread-safe: use one from one task. Memory grows with the threads, locks, classes and dependencies of
/// the inputs, not with their length.
public struct TraceAnalyzer: ~Copyable {
  /// How to read and what to look for.
  public struct Options: Sendable {
    /// How the inputs are read.
    public var reading = ReadingOptions()
    /// How many lock-order inversions are listed; the rest is counted.
    public var inversionLimit = 1000
    /// Whether the graph of the analysis has only the first witness of each dependency, which takes less memory. What
    /// it finds has all; what is looked for in the graph afterwards has one.
    package var keepsOneWitness = false

    /// Stops at bad lines, recognises formats, lists a thousand inversions.
    public init() {}
  }

  private let options: Options
  private var validator = Validator()
  private var inputs: [Analysis.Input] = []

  /// An analyzer that has read nothing yet.
  public init(options: Options = Options()) {
    self.options = options
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
      progress: progress)
    inputs.append(input)
  }

  /// Searches the order graph and reports.
  ///
  /// - Complexity: O(classes + dependencies) for the graph, plus a bounded amount of work for the cycles.
  public consuming func finish() -> Analysis {
    validator.analysis(
      of: inputs, inversionLimit: options.inversionLimit,
      keepsOneWitness: options.keepsOneWitness)
  }
}
