/// The entry point of libFuzzer: one input, read as whatever it is and as each format, with and
/// without stopping at bad lines; then reported, and merged into a graph file that must be
/// readable. Built by `scripts/fuzz` together with the sources of LockGraph.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReaders(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  analyzeSealed(bytes)
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
      let judged = JudgedAnalysis(analysis, verdict)
      _ = SARIFReport(judged).bytes
      _ = JUnitReport(judged).bytes
      _ = GitHubAnnotations(judged).bytes
      _ = CodeQualityReport(judged).bytes
      _ = MarkdownReport(judged).bytes
      mergeAndRead(bytes, options.reading)
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

/// What can be read can be merged, and what was merged can be read and does not change by merging.
private func mergeAndRead(_ bytes: [UInt8], _ reading: ReadingOptions) {
  func merged(_ bytes: [UInt8], _ reading: ReadingOptions) throws(TraceError) -> [UInt8] {
    var merger = GraphMerger(reading: reading)
    try merger.read(.bytes(bytes, name: "fuzz"))
    let output = Output()
    _ = merger.finish { output.append($0) }
    return output.bytes
  }
  do throws(TraceError) {
    let file = try merged(bytes, reading)
    let again = try merged(file, ReadingOptions())
    precondition(again == file, "merging a merged file changes it")
    var analyzer = TraceAnalyzer()
    try analyzer.read(.bytes(file, name: "fuzz"))
    _ = JSONReport(analyzer.finish()).bytes
  } catch {
    fatalError("a merged file cannot be read: \(error)")
  }
}

private final class Output {
  var bytes: [UInt8] = []

  func append(_ more: UnsafeRawBufferPointer) -> Bool {
    bytes += more
    return true
  }
}

/// A damaged graph file with the digest that its bytes have.
private func analyzeSealed(_ bytes: [UInt8]) {
  let end = 2 + GraphFile.digestLength
  guard bytes.starts(with: GraphFileMark.bytes), bytes.count > end else { return }
  var writer = BinaryWriter()
  writer.raw(bytes.dropLast(end))
  var digest = ContentDigest()
  writer.bytes.withUnsafeBytes { digest.add($0) }
  writer.byte(GraphFile.Section.end.rawValue)
  writer.number(GraphFile.digestLength)
  writer.digest(digest.value)
  var analyzer = TraceAnalyzer()
  guard (try? analyzer.read(.bytes(writer.bytes, name: "fuzz"))) != nil else { return }
  let analysis = analyzer.finish()
  _ = JSONReport(analysis).bytes
  _ = TextReport(analysis, width: 60).text
  mergeAndRead(writer.bytes, ReadingOptions())
}
