import LockGraphEngine

/// A command that reads and validates inputs.
///
/// It has all groups of options itself: the parser checks a group in a group anew for each check of
/// the outer one, which in debug builds took longer than the command.
protocol ValidatingCommand {
  var traces: TraceOptions { get }
  var classes: ClassOptions { get }
  var listing: ListingOptions { get }
  var prediction: PredictionArguments { get }
}

extension ValidatingCommand {
  var input: InputOptions {
    InputOptions(
      traces: traces, classes: classes, maxFindings: listing.maxFindings, prediction: prediction)
  }
}

/// What to read and look for.
struct InputOptions {
  let traces: TraceOptions
  let classes: ClassOptions
  let maxFindings: Int
  let prediction: PredictionArguments

  var inputs: [String] { traces.inputs }

  /// Reads and validates all inputs, or reports what is wrong with one and ends with status 2.
  ///
  /// - Parameter keepsOneWitness: of each dependency of the graph, the first.
  func analysis(keepsOneWitness: Bool = false) throws -> Analysis {
    var options = options
    options.keepsOneWitness = keepsOneWitness
    var analyzer = TraceAnalyzer(options: options)
    let sources = try sortedSources()
    analyzer.expect(sources)
    try traces.readAll(sources) { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let analysis = analyzer.finish()
    traces.warn(of: analysis.inputs)
    return analysis
  }

  /// The same, and in the same pass how the locks were used.
  ///
  /// - Parameter readsGraphFiles: whether graph files, which do not tell how, are inputs too.
  func measuredAnalysis(
    readsGraphFiles: Bool = false, limits: DurationLimits.Source? = nil
  ) throws -> (analysis: Analysis, statistics: LockStatistics) {
    var options = options
    options.durationLimits = limits
    var analyzer = MeasuringAnalyzer(options: options, readsGraphFiles: readsGraphFiles)
    let sources = try sortedSources()
    analyzer.expect(sources)
    try traces.readAll(sources) { (source, progress) throws(TraceError) in
      try analyzer.read(source, progress: progress)
    }
    let result = analyzer.finish()
    traces.warn(of: readsGraphFiles ? result.analysis.inputs : result.statistics.inputs)
    return result
  }

  /// By name: which evidence is kept of much that is alike depends on the order in which it comes,
  /// and the order of the arguments is to mean nothing.
  private func sortedSources() throws -> [TraceSource] {
    try traces.sources().sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  /// What a report is made from: how locks were used only where that is shown or
  /// limited.
  func analysis(
    for report: ReportOptions, limits: DurationLimits.Source? = nil
  ) throws -> (Analysis, LockStatistics?) {
    guard report.hasPage || limits != nil else { return (try analysis(), nil) }
    return try measuredAnalysis(readsGraphFiles: true, limits: limits)
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
