import LockGraphEngine

/// Analyses texts together, each an input of its own named `1.trace`, `2.trace` and so on.
public func analyze(
  _ texts: String..., keepGoing: Bool = false, format: TraceFormat? = nil,
  inversionLimit: Int = 1000
) throws(TraceError) -> Analysis {
  try analyze(
    inputs: texts.map { Array($0.utf8) }, keepGoing: keepGoing, format: format,
    inversionLimit: inversionLimit)
}

/// Analyses byte strings together, each an input of its own.
public func analyze(
  inputs: [[UInt8]], keepGoing: Bool = false, format: TraceFormat? = nil, inversionLimit: Int = 1000
) throws(TraceError) -> Analysis {
  var options = TraceAnalyzer.Options()
  options.reading.keepGoing = keepGoing
  options.reading.format = format
  options.inversionLimit = inversionLimit
  var analyzer = TraceAnalyzer(options: options)
  for (number, bytes) in inputs.enumerated() {
    try analyzer.read(.bytes(bytes, name: "\(number + 1).trace"))
  }
  return analyzer.finish()
}

/// What is wrong with a text, `nil` if nothing is.
public func failure(of text: String, format: TraceFormat? = nil) -> TraceError? {
  failure(of: Array(text.utf8), format: format)
}

/// What is wrong with a byte string, `nil` if nothing is.
public func failure(of bytes: [UInt8], format: TraceFormat? = nil) -> TraceError? {
  do throws(TraceError) {
    _ = try analyze(inputs: [bytes], format: format)
    return nil
  } catch {
    return error
  }
}

extension Analysis {
  /// The findings of one rule.
  public func findings(_ rule: Rule) -> [Finding] { findings.filter { $0.rule == rule } }

  /// The graph's edges as `A -> B [EN SN]`, sorted by the classes' names.
  public var edges: [String] {
    graph.dependencies.map { edge in
      "\(graph.classes[edge.from].name) -> \(graph.classes[edge.to].name) "
        + "[\(edge.kinds.names.joined(separator: " "))]"
    }
  }

  /// Every finding as its rule, confidence and classes.
  public var verdicts: [String] {
    findings.map { finding in
      ([finding.rule.rawValue, finding.confidence?.rawValue].compactMap { $0 } + finding.classes)
        .joined(separator: " ")
    }
  }
}
