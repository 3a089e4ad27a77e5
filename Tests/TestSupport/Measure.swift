import LockGraphEngine

/// Measures the use of locks in texts together, each an input of its own.
public func measure(
  _ texts: String..., keepGoing: Bool = false, format: TraceFormat? = nil
) throws(TraceError) -> LockStatistics {
  try measure(inputs: texts.map { Array($0.utf8) }, keepGoing: keepGoing, format: format)
}

/// Measures the use of locks in byte strings together, each an input of its own.
public func measure(
  inputs: [[UInt8]], keepGoing: Bool = false, format: TraceFormat? = nil
) throws(TraceError) -> LockStatistics {
  var options = ReadingOptions()
  options.keepGoing = keepGoing
  options.format = format
  var analyzer = StatisticsAnalyzer(options: options)
  for (number, bytes) in inputs.enumerated() {
    try analyzer.read(.bytes(bytes, name: "\(number + 1).trace"))
  }
  return analyzer.finish()
}

extension LockStatistics {
  /// The class of a name.
  public subscript(name: String) -> ClassStatistics? { classes.first { $0.name == name } }
}
