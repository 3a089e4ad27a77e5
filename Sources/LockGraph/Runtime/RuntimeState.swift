import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one validator of the program and what becomes of its findings. Under the validator's lock, but for what is
/// set once at the beginning.
final class RuntimeState: @unchecked Sendable {
  let configuration: LockValidator.Configuration
  let watchdogInterval: UInt64
  let isOn: Bool
  let trace: TraceRecorder?
  var live: LiveValidator
  var waits = WaitTable()
  /// Threads have ended that held locks.
  let hasEndedOwners = Atomic<Bool>(false)
  /// Semaphores that somebody signalled who had not taken them.
  var signalled: Set<UInt64> = [] {
    didSet { hasSignalled.store(!signalled.isEmpty, ordering: .relaxed) }
  }
  let hasSignalled = Atomic<Bool>(false)
  private let hasLateNews = Atomic<Bool>(false)

  private var reported: [String: Confidence?] = [:]
  private var handler: (@Sendable (LockValidator.Report) -> Void)?
  private var observers: [Int: @Sendable (LockValidator.Report) -> Void] = [:]
  private var observerCount = 0
  private var nextLook: UInt64 = 0
  /// There may be news of what another thread did.
  private var hasPutOff = false
  /// Of such news, until they are reported.
  private var late: Set<String> = []
  private let processIdentifier = getpid()

  init(_ configuration: LockValidator.Configuration) {
    self.configuration = configuration
    isOn = configuration.response != .off
    if let longest = configuration.longestWait {
      let (seconds, attoseconds) = longest.components
      watchdogInterval =
        UInt64(clamping: seconds) &* 1_000_000_000 &+ UInt64(clamping: attoseconds / 1_000_000_000)
    } else {
      watchdogInterval = 0
    }
    live = LiveValidator(
      name: ProgramName.text, capturesStacks: configuration.capturesStacks)
    trace = isOn ? configuration.tracePath.flatMap { TraceRecorder(path: $0) } : nil
    lg_threads_set_pace(!isOn ? LG_OFF : trace != nil ? LG_RECORDED : LG_FAST)
    if isOn { Self.registerEnd }
  }

  // MARK: Findings

  /// The findings that were not reported yet, or are surer now; empty in most cases.
  ///
  /// With thousands of findings each look at all of them takes long, so they are looked at more
  /// seldom then. Who observes wants to know who caused a finding, and is given more time.
  ///
  /// - Parameter isUrgent: nothing is put off, because the thread may wait for ever.
  func takeNews(isUrgent: Bool = false) -> [Finding] {
    guard live.hasNews else { return [] }
    if isUrgent { nextLook = 0 }
    let start = lg_now()
    guard start >= nextLook else {
      hasPutOff = true
      hasLateNews.store(true, ordering: .relaxed)
      return []
    }
    hasLateNews.store(false, ordering: .relaxed)
    let news = live.analysis().findings.filter { finding in
      guard let before = reported[finding.fingerprint] else { return true }
      guard let now = finding.confidence, let before else { return false }
      return now < before
    }
    for finding in news {
      reported[finding.fingerprint] = finding.confidence
      if hasPutOff { late.insert(finding.fingerprint) }
    }
    hasPutOff = false
    let end = lg_now()
    if end - start > (observers.isEmpty ? 5_000_000 : 100_000_000) {
      nextLook = end + 10 * (end - start)
    }
    return news
  }

  /// What was put off; now the thread may wait for ever.
  func deliverLateNews(on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site) {
    guard hasLateNews.load(ordering: .relaxed) else { return }
    let findings = LockRuntime.withValidatorLock { () -> [Finding] in
      nextLook = 0
      hasPutOff = true
      return takeNews()
    }
    if let findings { deliver(findings, on: thread, at: site) }
  }

  /// Reports findings, worst first, and does with the program what is configured.
  func deliver(
    _ findings: [Finding], on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site
  ) {
    guard !findings.isEmpty else { return }
    lg_set_busy(thread, thread.pointee.busy + 1)
    defer { lg_set_busy(thread, thread.pointee.busy - 1) }
    let place = site.file == nil ? nil : SiteTexts.describe(site)
    var isSerious = false
    for finding in findings {
      let finding = finding.withSymbols(Symbolizer.frames)
      isSerious = isSerious || finding.severity != .note
      let (isSurer, isLate) = countReport(of: finding)
      let report = LockValidator.Report(
        finding: finding, place: isLate ? nil : place, isSurer: isSurer,
        text: TextReport(finding: finding).text, isLate: isLate)
      let (handler, observers) =
        LockRuntime.withValidatorLock {
          (self.handler, self.observers.sorted { $0.key < $1.key }.map(\.value))
        } ?? (nil, [])
      for observer in observers { observer(report) }
      if let handler {
        handler(report)
      } else if observers.isEmpty {
        report.print()
      }
    }
    writeReport()
    guard isSerious else { return }
    switch configuration.response {
    case .off, .report: break
    case .abort: abort()
    case .trap: raise(SIGTRAP)
    }
  }

  private func countReport(of finding: Finding) -> (isSurer: Bool, isLate: Bool) {
    LockRuntime.withValidatorLock {
      deliveries[finding.fingerprint, default: 0] += 1
      let isLate = late.remove(finding.fingerprint) != nil
      return (deliveries[finding.fingerprint]! > 1, isLate)
    } ?? (false, true)
  }
  private var deliveries: [String: Int] = [:]

  func analysis() -> Analysis {
    let analysis = LockRuntime.withValidatorLock { live.analysis() }
    guard var analysis else {
      return Analysis(
        inputs: [],
        summary: Analysis.Summary(
          events: 0, threads: 0, locks: 0, classes: 0, dependencies: 0, omittedFindings: 0,
          uncoveredDependencies: 0), findings: [],
        graph: OrderGraphSnapshot(classes: [], dependencies: []) { _ in [] })
    }
    analysis.findings = analysis.findings.map { $0.withSymbols(Symbolizer.frames) }
    return analysis
  }

  func setHandler(_ handler: (@Sendable (LockValidator.Report) -> Void)?) {
    LockRuntime.withValidatorLock { self.handler = handler }
  }

  func addObserver(_ body: @escaping @Sendable (LockValidator.Report) -> Void) -> Int? {
    LockRuntime.withValidatorLock {
      observerCount += 1
      observers[observerCount] = body
      return observerCount
    }
  }

  func removeObserver(_ number: Int) {
    _ = LockRuntime.withValidatorLock { observers.removeValue(forKey: number) }
  }

  /// Under the validator's lock.
  func takeObservers(of other: RuntimeState) {
    observers = other.observers
    observerCount = other.observerCount
  }

  func waitStatistics() -> [WaitStatistics] {
    LockRuntime.withValidatorLock { waits.statistics() } ?? []
  }

  // MARK: Long waits

  func reportLongWait(_ wait: LongWait, on thread: UnsafeMutablePointer<lg_thread>) {
    lg_set_busy(thread, thread.pointee.busy + 1)
    defer { lg_set_busy(thread, thread.pointee.busy - 1) }
    writeToStandardError(wait.text)
  }

  // MARK: Files

  /// Writes the report file, if there is one.
  private func writeReport() {
    guard let path = configuration.reportPath, getpid() == processIdentifier else { return }
    AtomicFile.write(JSONReport(analysis()).bytes, to: path)
  }

  private func writeGraph() {
    guard let path = configuration.graphPath, getpid() == processIdentifier else { return }
    if let bytes = orderTrace() { AtomicFile.write(bytes, to: path) }
  }

  func orderTrace() -> [UInt8]? {
    LockRuntime.withValidatorLock { live.validator.witnessTrace() }
  }

  /// The program ends.
  private func end() {
    guard isOn, let thread = LockRuntime.currentThread else { return }
    // All that is known by now has been said, whatever was put off.
    let findings = LockRuntime.withValidatorLock { () -> [Finding] in
      live.lookAgain()
      return takeNews(isUrgent: true)
    }
    if let findings {
      deliver(findings, on: thread, at: lg_site(file: nil, line: 0, column: 0))
    }
    writeReport()
    writeGraph()
  }

  private static let registerEnd: Void = {
    atexit { LockRuntime.state?.end() }
  }()
}

/// What reports call the program.
enum ProgramName {
  static let text: String = {
    let path = CommandLine.arguments.first ?? "program"
    return path.split(separator: "/").last.map(String.init) ?? path
  }()
}

extension LongWait {
  var text: String {
    let seconds =
      Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18
    let rounded = (seconds * 10).rounded() / 10
    var text =
      "LockGraph: \(thread) has waited \(rounded) s for \(lockClass.withVisibleControls) at \(place)\n"
    if owners.isEmpty { text += "  nobody is known to hold it\n" }
    for owner in owners { text += "  held by \(owner)\n" }
    for frame in stack.prefix(16) { text += "    \(frame)\n" }
    return text
  }
}
