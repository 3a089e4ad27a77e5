import LockGraphEngine

/// Analyzes a trace and the other orders of its events.
func predict(_ text: String, format: TraceFormat? = nil) throws(TraceError) -> Analysis {
  var options = TraceAnalyzer.Options()
  options.prediction = PredictionOptions(mode: .always)
  options.reading.format = format
  var analyzer = TraceAnalyzer(options: options)
  try analyzer.read(source(text))
  return analyzer.finish()
}

/// A trace as an input.
func source(_ text: String) -> TraceSource { .bytes(Array(text.utf8), name: "run.trace") }

extension Finding.Schedule {
  /// The deadlocks that happen in the trace that is written of it, each by its threads.
  func deadlocks(of text: String) throws(TraceError) -> [Set<String>] {
    let trace = try ScheduleTrace(self, of: source(text), reading: ReadingOptions())
    var analyzer = TraceAnalyzer()
    try analyzer.read(.bytes(trace.bytes, name: "schedule.trace"))
    return analyzer.finish().findings.filter { finding in
      finding.rule == .deadlock && finding.confidence == .observed
    }.map { Set($0.waiters.map(\.thread)) }
  }
}
