import LockGraphEngine

/// Bytes of an input, under its name.
public struct NamedInput {
  public var name: String
  public var bytes: [UInt8]

  public init(_ name: String, _ text: String) {
    self.name = name
    bytes = Array(text.utf8)
  }

  public init(_ name: String, _ bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }
}

/// The graph file of inputs.
public func merged(
  _ inputs: [NamedInput], keepGoing: Bool = false, predict: PredictionOptions.Mode = .never
) throws(TraceError) -> [UInt8] {
  var reading = ReadingOptions()
  reading.keepGoing = keepGoing
  var merger = GraphMerger(
    reading: reading, prediction: PredictionOptions(mode: predict))
  for input in inputs { try merger.read(.bytes(input.bytes, name: input.name)) }
  let output = WrittenBytes()
  let isWritten = merger.finish { output.append($0) }
  precondition(isWritten, "memory takes everything")
  return output.bytes
}

/// The graph file of graph files.
public func merged(_ files: [[UInt8]]) throws(TraceError) -> [UInt8] {
  try merged(files.enumerated().map { NamedInput("\($0).graph", $1) })
}

/// What is written, in memory.
public final class WrittenBytes {
  public var bytes: [UInt8] = []

  public init() {}

  public func append(_ more: UnsafeRawBufferPointer) -> Bool {
    bytes += more
    return true
  }
}

/// Analyses inputs together.
public func analyze(
  _ inputs: [NamedInput], inversionLimit: Int = 1000,
  predict: PredictionOptions.Mode = .never
) throws(TraceError) -> Analysis {
  var options = TraceAnalyzer.Options()
  options.inversionLimit = inversionLimit
  options.prediction = PredictionOptions(mode: predict)
  var analyzer = TraceAnalyzer(options: options)
  for input in inputs { try analyzer.read(.bytes(input.bytes, name: input.name)) }
  return analyzer.finish()
}
