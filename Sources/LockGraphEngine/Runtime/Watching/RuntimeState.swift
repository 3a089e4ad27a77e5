import CLockGraph
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The one validator of the program and what becomes of its findings. Under the validator's lock,
/// but for what is set once at the beginning.
package final class RuntimeState: @unchecked Sendable {
  package let configuration: LockValidator.Configuration
  let watchdogInterval: UInt64
  let isOn: Bool
  /// What is measured.
  let limits: ShortestLimits
  let trace: TraceRecorder?
  /// Keeps threads where a circle can close, if that was asked for.
  let steered: SteeredThreads?
  private let outputs: ProgramOutputs
  var live: LiveValidator
  var waits = WaitTable()
  /// Threads have ended that held locks.
  let hasEndedOwners = Atomic<Bool>(false)
  /// What is on stacks of threads that do not have it any more.
  let lostHolds = LostHolds()
  /// There may be news of what another thread did.
  private let hasPutOff = Atomic<Bool>(false)
  /// The deliveries that threads are at, by numbers that rise.
  private var deliveries: Set<UInt64> = []
  private var deliveryCount: UInt64 = 0
  private var deliveringProcess = getpid()

  private var reported: [String: Confidence?] = [:]
  private var handler: (@Sendable (LockValidator.Report) -> Void)?
  private var observers: [Int: @Sendable (LockValidator.Report) -> Void] = [:]
  private var observerCount = 0
  /// Whose events the running code makes, for who observes.
  private var currentScope: (@Sendable () -> UInt64)?
  private var nextLook: UInt64 = 0

  init(_ configuration: LockValidator.Configuration) {
    self.configuration = configuration
    outputs = ProgramOutputs(configuration)
    isOn = configuration.response != .off
    limits = ShortestLimits(isOn ? configuration.limits : [])
    watchdogInterval = configuration.longestWait?.wholeNanoseconds ?? 0
    live = LiveValidator(
      name: ProgramName.text, capturesStacks: configuration.capturesStacks,
      limits: configuration.limits)
    trace = isOn ? configuration.tracePath.flatMap { TraceRecorder(path: $0) } : nil
    steered = isOn ? configuration.steering.flatMap { SteeredThreads($0) } : nil
    lg_threads_set_pace(
      !isOn
        ? LG_OFF
        : steered != nil
          ? LG_STEERED : trace != nil ? LG_RECORDED : limits.hold != nil ? LG_TIMED : LG_FAST)
    if isOn { Self.registerEnd }
  }

  // MARK: Findings

  /// What is news, and who is told.
  private struct Telling {
    var news: [News] = []
    var observers: [@Sendable (LockValidator.Report) -> Void] = []
    /// The handler is told on a thread of its own.
    var isHandled = false
    /// The delivery's number.
    var number: UInt64 = 0
  }

  /// Puts something to the validator, and reports what comes of it.
  ///
  /// - Parameter isUrgent: nothing is put off, because the thread may wait for ever.
  func judge(
    on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site?, isUrgent: Bool = false,
    _ body: (inout LiveValidator) -> Void
  ) {
    // What it takes to judge and to report is no part of a hold.
    let begin = limits.hold == nil ? 0 : lg_now()
    defer { if begin != 0 { lg_held_shift(thread, lg_now() &- begin) } }
    let telling = LockRuntime.withValidatorLock { () -> Telling in
      if outputs.isForked {
        live.catchUp()
        outputs.inherit(live.validator.record.learnedCount)
      }
      live.scopes.begin(scope(of: thread), after: live.events.line)
      let start = live.events.line
      body(&live)
      let found = takeFindings(isUrgent: isUrgent)
      guard !found.isEmpty else { return Telling() }
      let news = found.map { describe($0, on: thread, at: site, since: start) }
      // Still under the lock: whoever gets it next can wait for their delivery.
      forgetParentsDeliveries()
      deliveryCount += 1
      deliveries.insert(deliveryCount)
      if let handler { FindingDelivery.shared.add(news, for: handler) }
      return Telling(
        news: news, observers: observers.sorted { $0.key < $1.key }.map(\.value),
        isHandled: handler != nil, number: deliveryCount)
    }
    guard let telling, !telling.news.isEmpty else { return }
    deliver(telling, on: thread)
    _ = LockRuntime.withValidatorLock { deliveries.remove(telling.number) }
  }

  /// In the child of a fork the threads that delivered are not there.
  private func forgetParentsDeliveries() {
    guard deliveringProcess != getpid() else { return }
    deliveringProcess = getpid()
    deliveries = []
  }

  /// What was put off; now the thread may wait for ever.
  func deliverLateNews(on thread: UnsafeMutablePointer<lg_thread>, at site: lg_site?) {
    guard hasPutOff.load(ordering: .relaxed) else { return }
    judge(on: thread, at: site, isUrgent: true) { _ in }
  }

  /// Whose events the thread makes.
  private func scope(of thread: UnsafeMutablePointer<lg_thread>) -> UInt64 {
    guard let currentScope else { return 0 }
    let scope = currentScope()
    return scope != 0 ? scope : thread.pointee.scope
  }

  /// Findings that were not reported yet, or are surer now. Empty in most cases.
  ///
  /// With thousands of findings each look at all of them takes long, so they are looked at more
  /// seldom then. Who observes may want to act on the thread that causes one, and is given more
  /// time. What counts is the processor's time: on a busy machine nothing is put off sooner.
  private func takeFindings(isUrgent: Bool) -> [(finding: Finding, isSurer: Bool)] {
    guard live.watch.hasNews else { return [] }
    guard isUrgent || nextLook == 0 || lg_now() >= nextLook else {
      hasPutOff.store(true, ordering: .relaxed)
      return []
    }
    live.watch.hasNews = false
    hasPutOff.store(false, ordering: .relaxed)
    let start = lg_processor_time()
    let found = live.findings().compactMap { finding -> (Finding, Bool)? in
      guard let before = reported[finding.fingerprint] else { return (finding, false) }
      guard let now = finding.confidence, let before, now < before else { return nil }
      return (finding, true)
    }
    for (finding, _) in found { reported[finding.fingerprint] = finding.confidence }
    let spent = lg_processor_time() - start
    let (bound, pauses): (UInt64, UInt64) = observers.isEmpty ? (5_000_000, 10) : (500_000_000, 2)
    nextLook = spent > bound ? lg_now() + pauses * spent : 0
    return found
  }

  /// Tells who made a finding: this thread, if its last event is one of those after a line.
  private func describe(
    _ found: (finding: Finding, isSurer: Bool), on thread: UnsafeMutablePointer<lg_thread>,
    at site: lg_site?, since start: UInt64
  ) -> News {
    if let cause = found.finding.cause(isSurer: found.isSurer), cause.line <= start {
      return News(
        finding: found.finding, isSurer: found.isSurer, scope: live.scopes.scope(at: cause.line),
        isLate: true, thread: cause.thread, place: cause.place)
    }
    return News(
      finding: found.finding, isSurer: found.isSurer, scope: scope(of: thread), isLate: false,
      thread: ThreadName.ofEvidence(thread), place: site.map(SiteTexts.describe))
  }

  /// Reports findings, worst first, and does with the program what is configured.
  private func deliver(_ telling: Telling, on thread: UnsafeMutablePointer<lg_thread>) {
    lg_set_busy(thread, thread.pointee.busy + 1)
    defer { lg_set_busy(thread, thread.pointee.busy - 1) }
    if telling.isHandled { FindingDelivery.shared.start() }
    let mayEnd = configuration.response == .abort || configuration.response == .trap
    if !telling.isHandled || !telling.observers.isEmpty {
      for one in telling.news {
        var report = one.report()
        // Who observes may tell it at an end that never comes.
        let cannotWait =
          one.finding.confidence == .observed || mayEnd && one.finding.severity != .note
        if telling.observers.isEmpty || cannotWait { report.print() }
        for observer in telling.observers { observer(report) }
      }
    }
    let isLast = mayEnd && telling.news.contains { $0.finding.severity != .note }
    outputs.writeReport(afterNews: true, isLast: isLast, analysis)
    guard isLast else { return }
    FindingDelivery.shared.finish(on: thread)
    if configuration.response == .abort {
      outputs.end()
      abort()
    }
    // Whatever handles it, as the runtime's own report of a crash does, would let the program go
    // on.
    signal(SIGTRAP, SIG_DFL)
    raise(SIGTRAP)
  }

  package func analysis() -> Analysis {
    let analysis = LockRuntime.withValidatorLock { live.analysis() }
    guard var analysis else {
      return Analysis(
        inputs: [],
        summary: Analysis.Summary(
          events: 0, threads: 0, locks: 0, classes: 0, dependencies: 0, omittedFindings: 0,
          uncoveredDependencies: 0), findings: [],
        graph: OrderGraphSnapshot(classes: [], dependencies: []) { _, _ in [] })
    }
    analysis.findings = analysis.findings.map { $0.forPeople }
    return analysis
  }

  package func findings() -> [Finding] {
    (LockRuntime.withValidatorLock { live.findings() } ?? [])
      .map { $0.forPeople }
  }

  package func setHandler(_ handler: (@Sendable (LockValidator.Report) -> Void)?) {
    // The old one goes when nothing is locked any more: locks may go with it.
    _ = LockRuntime.withValidatorLock {
      defer { self.handler = handler }
      return self.handler
    }
  }

  /// Waits until the handler has taken what was found so far.
  ///
  /// - Returns: false if it did not.
  package func waitForHandler(atMost limit: Duration) -> Bool {
    guard let thread = LockRuntime.currentThread else { return false }
    deliverLateNews(on: thread, at: nil)
    return FindingDelivery.shared.wait(on: thread, until: WaitPolicy.timeout(limit).deadline)
  }

  /// Tells what was put off, and waits for what other threads tell.
  package func deliverLateNews() {
    guard let thread = LockRuntime.currentThread else { return }
    deliverLateNews(on: thread, at: nil)
    waitForDeliveries(thread)
  }

  package func addObserver(_ body: @escaping @Sendable (LockValidator.Report) -> Void) -> Int? {
    LockRuntime.withValidatorLock {
      observerCount += 1
      observers[observerCount] = body
      return observerCount
    }
  }

  package func removeObserver(_ number: Int) {
    _ = LockRuntime.withValidatorLock { observers.removeValue(forKey: number) }
  }

  package func setScope(_ current: @escaping @Sendable () -> UInt64) {
    LockRuntime.withValidatorLock { currentScope = current }
  }

  /// Under the validator's lock.
  func takeObservers(of other: RuntimeState) {
    observers = other.observers
    observerCount = other.observerCount
    currentScope = other.currentScope
  }

  package func waitStatistics() -> [WaitStatistics] {
    LockRuntime.withValidatorLock { waits.statistics() } ?? []
  }

  // MARK: Files

  /// What a graph file of now would be.
  package func graphFile() -> [UInt8]? {
    guard let graph = LockRuntime.withValidatorLock({ live.graph() }) else { return nil }
    var bytes: [UInt8] = []
    var writer = GraphFileWriter(graph.content(of: OutputStamp(of: "g"))) {
      bytes.append(contentsOf: $0)
      return true
    }
    return writer.run() ? bytes : nil
  }

  /// The program ends.
  private func end() {
    guard isOn, let thread = LockRuntime.currentThread else { return }
    // Whether or not something was put off: who has the lock now may be taking the last news.
    judge(on: thread, at: nil, isUrgent: true) { _ in }
    waitForDeliveries(thread)
    FindingDelivery.shared.finish(on: thread)
    outputs.writeReport(afterNews: false, isLast: true, analysis)
    outputs.writeGraph { LockRuntime.withValidatorLock { live.graph() } }
    outputs.end()
  }

  /// What other threads have found by now and tell is not to be lost because the program, or a
  /// test, ends meanwhile. An observer that never returns must not keep it from ending, nor one
  /// that ends it itself.
  func waitForDeliveries(_ thread: UnsafeMutablePointer<lg_thread>) {
    guard thread.pointee.busy == 0 else { return }
    let deadline = lg_now() + 5_000_000_000
    let last = LockRuntime.withValidatorLock {
      forgetParentsDeliveries()
      return deliveryCount
    }
    guard let last else { return }
    func areOver() -> Bool? {
      LockRuntime.withValidatorLock { deliveries.allSatisfy { $0 > last } }
    }
    while areOver() == false, lg_now() < deadline { lg_sleep(1_000_000) }
  }

  private static let registerEnd: Void = {
    atexit { LockRuntime.state?.end() }
  }()
}
