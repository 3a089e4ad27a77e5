import ArgumentParser
import LockGraphEngine

/// What to read and look for; shared by all commands that validate.
struct InputOptions: ParsableArguments {
  @OptionGroup var traces: TraceOptions
  @OptionGroup var classes: ClassOptions

  @Option(help: "How many lock-order inversions are listed; the rest is counted.")
  var maxFindings = Limits.inversions

  @OptionGroup var prediction: PredictionArguments

  var inputs: [String] { traces.inputs }

  func validate() throws {
    if maxFindings < 1 {
      throw ValidationError("--max-findings takes a number from 1 on.")
    }
  }

  /// Reads and validates all inputs, or reports what is wrong with one and ends with status 2.
  ///
  /// - Parameter keepsOneWitness: of each dependency of the graph, the first.
  func analysis(keepsOneWitness: Bool = false) throws -> Analysis {
    var options = options
    options.keepsOneWitness = keepsOneWitness
    var analyzer = TraceAnalyzer(options: options)
    try traces.readAll { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let analysis = analyzer.finish()
    traces.warn(of: analysis.inputs)
    return analysis
  }

  /// The same, and in the same pass how the locks were used.
  func measuredAnalysis() throws -> (analysis: Analysis, statistics: LockStatistics) {
    var analyzer = MeasuringAnalyzer(options: options)
    try traces.readAll { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let result = analyzer.finish()
    traces.warn(of: result.statistics.inputs)
    return result
  }

  private var options: TraceAnalyzer.Options {
    var options = TraceAnalyzer.Options()
    options.reading = traces.reading
    options.inversionLimit = maxFindings
    options.classBasis = classes.classBy
    options.prediction = prediction.options
    return options
  }
}
