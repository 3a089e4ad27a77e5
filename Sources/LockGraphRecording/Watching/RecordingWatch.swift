import LockGraphEngine

/// Looks at the traces of programs while they run.
///
/// What a look costs decides when the next one is: watching takes a twentieth of a core at most.
package final class RecordingWatch {
  private struct Wait: Hashable {
    var path: String
    var thread: UInt32
    var offset: UInt64
  }

  private static let share = 20
  private static let shortestPause = Duration.seconds(1)

  private let place: RecordingPlace
  private let reading: ReadingOptions
  private let namer = RecordingNamer(usesDebugger: false)
  private var waits: [Wait: ContinuousClock.Instant] = [:]
  private var nextLook: ContinuousClock.Instant
  private var nextAnalysis: ContinuousClock.Instant
  /// Of each trace when it was analyzed last.
  private var progress: [String: UInt64] = [:]
  private var told: Set<String> = []

  /// - Parameter reading: how traces are read.
  package init(_ place: RecordingPlace, reading: ReadingOptions) {
    self.place = place
    self.reading = reading
    nextLook = .now + Self.shortestPause
    nextAnalysis = .now + Self.shortestPause * 2
  }

  /// All traces that are there now.
  package var traces: [String] { place.traces() }

  /// The traces with threads that have waited for one lock for so long, if it is time to look.
  ///
  /// A trace that cannot be read now is none: it may just come into being.
  package func hangs(after patience: Duration) -> [String] {
    let start = ContinuousClock.now
    guard start >= nextLook else { return [] }
    var current: [Wait: ContinuousClock.Instant] = [:]
    var hanging: [String] = []
    for path in place.traces() {
      guard let recording = try? Recording(contentsOf: path), recording.isRunning else { continue }
      for (thread, offset) in recording.openWaits() {
        let wait = Wait(path: path, thread: thread, offset: offset)
        let since = waits[wait] ?? start
        current[wait] = since
        if start - since >= patience, hanging.last != path { hanging.append(path) }
      }
    }
    waits = current
    nextLook = .now + max(min(Self.shortestPause, patience / 4), (.now - start) * Self.share)
    return hanging
  }

  /// What can deadlock that was not told before, if it is time to look and there is something new.
  package func newInversions() -> [Finding] {
    let start = ContinuousClock.now
    guard start >= nextAnalysis else { return [] }
    defer {
      nextAnalysis = .now + max(Self.shortestPause * 2, (.now - start) * Self.share)
    }
    let paths = place.traces()
    var current: [String: UInt64] = [:]
    for path in paths {
      if let recording = try? Recording(contentsOf: path) { current[path] = recording.progress }
    }
    guard current != progress else { return [] }
    progress = current
    guard let analysis = analysis(of: paths, includesUnsettled: false) else { return [] }
    return analysis.findings.filter { finding in
      finding.rule == .lockOrderInversion || finding.rule == .recursiveAcquisition
    }.filter { finding in
      guard let confidence = finding.confidence, confidence <= .feasible else { return false }
      return told.insert(finding.fingerprint).inserted
    }
  }

  /// What is known now; `nil` if nothing can be read.
  ///
  /// - Parameter includesUnsettled: whether what may still change counts.
  package func analysis(of paths: [String], includesUnsettled: Bool) -> Analysis? {
    var options = TraceAnalyzer.Options()
    options.reading = reading
    options.reading.keepGoing = true
    options.reading.readsUnsettled = includesUnsettled
    var analyzer = TraceAnalyzer(options: options)
    var isAny = false
    for path in paths {
      do throws(TraceError) {
        try analyzer.read(try namer.open(path))
        isAny = true
      } catch {
        continue
      }
    }
    let analysis = analyzer.finish()
    return isAny ? analysis : nil
  }
}
