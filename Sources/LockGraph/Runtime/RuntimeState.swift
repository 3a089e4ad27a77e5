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
  private let outputs: ProgramOutputs
  var live: LiveValidator
  var waits = WaitTable()
  /// Threads have ended that held locks.
  let hasEndedOwners = Atomic<Bool>(false)
  /// What is on stacks of threads that do not have it any more.
  let lostHolds = LostHolds()
  /// There may be news of what another thread did.
  private let hasPutOff = Atomic<Bool>(false)
  /// How many threads are delivering reports.
  private let deliveries = Atomic<Int>(0)

  private var reported: [String: Confidence?] = [:]
  private var handler: (@Sendable (LockValidator.Report) -> Void)?
  private var observers: [Int: @Sendable (LockValidator.Report) -> Void] = [:]
  private var observerCount = 0
  private var nextLook: UInt64 = 0

  init(_ configuration: LockValidator.Configuration) {
    self.configuration = configuration
    outputs = ProgramOutputs(configuration)
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

  /// A finding that was not reported yet, or is surer now.
  private struct News {
    var finding: Finding
    var isSurer: Bool
    var isLate: Bool
  }

  /// Puts something to the validator, and reports what comes of it.
  ///
  /// - Parameter isUrgent: nothing is put off, because the thread may wait for ever.
  func judge(
    on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site?, isUrgent: Bool = false,
    _ body: (inout LiveValidator) -> Void
  ) {
    let news = LockRuntime.withValidatorLock { () -> [News] in
      if outputs.isForked {
        live.catchUp()
        outputs.inherit(orders: live.orderCount)
      }
      body(&live)
      let news = takeNews(isUrgent: isUrgent)
      // Still under the lock: whoever gets it next can wait for their delivery.
      if !news.isEmpty { deliveries.wrappingAdd(1, ordering: .sequentiallyConsistent) }
      return news
    }
    guard let news, !news.isEmpty else { return }
    deliver(news, on: thread, at: site)
    deliveries.wrappingSubtract(1, ordering: .sequentiallyConsistent)
  }

  /// What was put off; now the thread may wait for ever.
  func deliverLateNews(on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site?) {
    guard hasPutOff.load(ordering: .relaxed) else { return }
    judge(on: thread, at: site, isUrgent: true) { _ in }
  }

  /// Empty in most cases.
  ///
  /// With thousands of findings each look at all of them takes long, so they are looked at more
  /// seldom then. Who observes wants to know who caused a finding, and is given more time.
  private func takeNews(isUrgent: Bool) -> [News] {
    guard live.hasNews else { return [] }
    let start = lg_now()
    guard isUrgent || start >= nextLook else {
      hasPutOff.store(true, ordering: .relaxed)
      return []
    }
    live.hasNews = false
    let isLate = hasPutOff.exchange(false, ordering: .relaxed)
    let news = live.analysis().findings.compactMap { finding -> News? in
      guard let before = reported[finding.fingerprint] else {
        return News(finding: finding, isSurer: false, isLate: isLate)
      }
      guard let now = finding.confidence, let before, now < before else { return nil }
      return News(finding: finding, isSurer: true, isLate: isLate)
    }
    for one in news { reported[one.finding.fingerprint] = one.finding.confidence }
    let end = lg_now()
    nextLook =
      end - start > (observers.isEmpty ? 5_000_000 : 100_000_000) ? end + 10 * (end - start) : 0
    return news
  }

  /// Reports findings, worst first, and does with the program what is configured.
  private func deliver(
    _ news: [News], on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site?
  ) {
    lg_set_busy(thread, thread.pointee.busy + 1)
    defer { lg_set_busy(thread, thread.pointee.busy - 1) }
    let place = site.map(SiteTexts.describe)
    for one in news {
      let finding = one.finding.withSymbols(Symbolizer.frames)
      let report = LockValidator.Report(
        finding: finding, place: one.isLate ? nil : place, isSurer: one.isSurer,
        text: TextReport(finding: finding).text, isLate: one.isLate)
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
    let isBad = news.contains { $0.finding.severity != .note }
    let isLast = isBad && (configuration.response == .abort || configuration.response == .trap)
    outputs.writeReport(afterNews: true, isLast: isLast, analysis)
    guard isLast else { return }
    if configuration.response == .abort { outputs.end() }
    switch configuration.response {
    case .off, .report: break
    case .abort: abort()
    case .trap: raise(SIGTRAP)
    }
  }

  func analysis() -> Analysis {
    let analysis = LockRuntime.withValidatorLock { live.analysis() }
    guard var analysis else {
      return Analysis(
        inputs: [],
        summary: Analysis.Summary(
          events: 0, threads: 0, locks: 0, classes: 0, dependencies: 0, omittedFindings: 0,
          uncoveredDependencies: 0), findings: [],
        graph: OrderGraphSnapshot(classes: [], dependencies: []) { _, _ in [] })
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

  func orderTrace() -> [UInt8]? {
    LockRuntime.withValidatorLock { live.witnessTrace() }
  }

  /// The program ends.
  private func end() {
    guard isOn, let thread = LockRuntime.currentThread else { return }
    // Whether or not something was put off: who has the lock now may be taking the last news.
    judge(on: thread, at: nil, isUrgent: true) { _ in }
    waitForDeliveries(thread)
    outputs.writeReport(afterNews: false, isLast: true, analysis)
    outputs.writeGraph {
      LockRuntime.withValidatorLock { (live.witnessTrace(), live.orderCount) }
    }
    outputs.end()
  }

  /// What other threads report now is not to be lost because the program ends meanwhile. A handler that never returns
  /// must not keep it from ending, nor one that ends it itself.
  private func waitForDeliveries(_ thread: UnsafeMutablePointer<lg_thread>) {
    guard thread.pointee.busy == 0 else { return }
    let deadline = lg_now() + 5_000_000_000
    while deliveries.load(ordering: .sequentiallyConsistent) > 0, lg_now() < deadline {
      lg_sleep(1_000_000)
    }
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
