/// Reads inputs one after the other and measures the use of their locks together.
///
/// Not thread-safe: use one from one task. Memory grows with the threads, locks and classes of the
/// inputs, not with their length.
public struct StatisticsAnalyzer: ~Copyable {
  private let options: ReadingOptions
  private var collector: StatisticsCollector
  private var inputs: [TraceInput] = []
  private var ahead: TapedInputs?

  /// An analyzer that has read nothing yet.
  ///
  /// - Parameters:
  ///   - options: how the inputs are read.
  ///   - classBasis: what becomes the class of locks of which the traces state none.
  public init(
    options: ReadingOptions = ReadingOptions(), classBasis: ClassBasis = .initialization
  ) {
    self.options = options
    collector = StatisticsCollector(classBasis: classBasis)
  }

  /// Says which inputs will be read, and in which order, so that several can be read at a time.
  public mutating func expect(_ sources: [TraceSource]) {
    ahead = TapedInputs(sources, options)
  }

  /// Reads an input to its end.
  ///
  /// - Parameter progress: called now and then with the bytes read so far.
  /// - Throws: `TraceError` if it cannot be read, or holds a bad line and `keepGoing` is off.
  /// - Complexity: O(bytes); expected O(1) an event of a thread that holds few locks.
  public mutating func read(
    _ source: TraceSource, progress: ((Int) -> Void)? = nil
  ) throws(TraceError) {
    let number = UInt32(inputs.count)
    let taped = try ahead?.read(
      source, number: number, into: &collector, progress: progress)
    let input =
      if let taped { taped } else {
        try readTrace(
          source, number: number, options: options, into: &collector, progress: progress)
      }
    inputs.append(input)
  }

  /// What was measured.
  ///
  /// - Complexity: O(classes × log classes).
  public consuming func finish() -> LockStatistics { collector.statistics(of: inputs) }
}
