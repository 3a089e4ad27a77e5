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
  private var fold = GraphFold()

  /// How many potential deadlocks of one input are looked at for evidence that must not be lost.
  private static let inversionLimit = Limits.inversions

  /// A merger that has read nothing yet.
  ///
  /// - Parameters:
  ///   - reading: how the inputs are read.
  ///   - classBasis: what becomes the class of locks of which the traces state none.
  public init(
    reading: ReadingOptions = ReadingOptions(), classBasis: ClassBasis = .initialization
  ) {
    self.reading = reading
    self.classBasis = classBasis
    self.reading.digestsContent = true
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
    var validator = Validator(classBasis: classBasis)
    let graphs = GraphInputs()
    let input = try readTrace(
      source, number: 0, options: reading, into: &validator, graphs: graphs, progress: progress)
    if input.format == TraceFormat.graph.rawValue {
      fold.add(graphs.takeContent(), isCanonical: false)
    } else {
      fold.add(
        validator.finish().content(of: input, inversionLimit: Self.inversionLimit),
        isCanonical: false)
    }
    return input
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
