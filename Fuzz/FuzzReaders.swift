/// The entry point of libFuzzer: one input, read as whatever it is and as each format, with and without
/// stopping at bad lines; then reported. Built by `scripts/fuzz` together with the sources of LockGraph.

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReaders(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  for format in [nil] + TraceFormat.allCases.map(Optional.some) {
    for keepGoing in [false, true] {
      var options = TraceAnalyzer.Options()
      options.reading.format = format
      options.reading.keepGoing = keepGoing
      var analyzer = TraceAnalyzer(options: options)
      do {
        try analyzer.read(.bytes(bytes, name: "fuzz"))
      } catch {
        _ = error.description
        continue
      }
      let analysis = analyzer.finish()
      _ = JSONReport(analysis).bytes
      _ = TextReport(analysis, width: 60).text
      let verdict = GateVerdict(standings: analysis.findings.map { _ in .failing })
      _ = SARIFReport(analysis, verdict).bytes
      _ = JUnitReport(analysis, verdict).bytes
      _ = GitHubAnnotations(analysis, verdict).bytes
      _ = CodeQualityReport(analysis, verdict).bytes
      _ = MarkdownReport(analysis, verdict).bytes
      var measuring = StatisticsAnalyzer(options: options.reading)
      guard (try? measuring.read(.bytes(bytes, name: "fuzz"))) != nil else { continue }
      let statistics = measuring.finish()
      _ = StatisticsJSON(statistics).bytes
      _ = StatisticsTable(statistics, width: 60).text
      for encoding in TraceEncoding.allCases {
        var converter = TraceConverter(to: encoding, reading: options.reading) { _ in true }
        _ = try? converter.read(.bytes(bytes, name: "fuzz"))
        converter.finish()
      }
    }
  }
  return 0
}
