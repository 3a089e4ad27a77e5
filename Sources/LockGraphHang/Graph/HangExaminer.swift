#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at processes, and tells who waits for whom.
///
/// Living processes are looked at twice, and what can be found out between the looks is found out
/// then. After all locks were read it is seen whether threads have run since the first look: who
/// has not was in the same call all the time, and no owner among them can have changed.
package struct HangExaminer {
  package struct Options: Sendable {
    /// How much time lies between the looks at a living process.
    package var pause = Duration.milliseconds(100)
    /// Whether threads' functions are told.
    package var tellsStacks = true
    /// Whether running threads are stopped for a moment, to see whether they spin.
    package var stopsRunning = false

    package init() {}
  }

  let processes: [any ObservedProcess]
  private let options: Options

  package init(_ processes: [any ObservedProcess], options: Options = Options()) {
    self.processes = processes
    self.options = options
  }

  /// How many frames decide what a thread waits for.
  private static let shortStack = 8
  private static let longStack = 64

  /// - Parameter meanwhile: is told between the looks in which functions threads are that wait for
  ///   each other, to find out about them what takes time.
  package func examine(meanwhile: ([[StackFrame]]) -> Void = { _ in }) -> HangReport {
    let isLiving = processes.contains { !($0 is CoreProcess) }
    var looks = processes.map(FirstLook.init)
    let namers = processes.map(LockNamer.init)
    if isLiving {
      look(&looks)
      let end = ContinuousClock.now + options.pause
      prepare(&looks, namers, meanwhile)
      let left = end - ContinuousClock.now
      if left > .zero { Self.wait(left) }
    }
    var report = HangReport(isLiving: isLiving)
    if isLiving { report.pause = options.pause }
    var groups: [Blockers.Group] = []
    for (number, process) in processes.enumerated() {
      groups.append(add(process, looks[number], to: &report))
    }
    findBlockers(groups, &report)
    if isLiving { settle(&report) }
    report.graph = WaitGraph(report.threads)
    // Who spins is asleep at no look, and was not seen again yet.
    if isLiving, !report.graph.orphans.isEmpty || !report.graph.stuck.isEmpty {
      confirm(&report)
      report.graph = WaitGraph(report.threads)
    }
    findHeld(groups, &report)
    nameLocks(&report, namers)
    return report
  }

  /// What the second look is compared with.
  private struct FirstLook {
    var pulses: [Int32: Pulse] = [:]
    /// Who was on a processor, if that matters.
    var running: Set<Int32> = []
    /// Threads that did not run while they were looked at: as long as they do not run, this is how
    /// they are.
    var threads: [Int32: ObservedThread] = [:]
    var frames: [Int32: [StackFrame]] = [:]
    /// What they may hold, where there is something.
    var robust: [Int32: [UInt64]] = [:]
    var runtimes: [Runtime]?
    let walk: StackWalk

    init(_ process: any ObservedProcess) { walk = StackWalk(process) }
  }

  private func look(_ looks: inout [FirstLook]) {
    for (number, process) in processes.enumerated() {
      guard options.stopsRunning else {
        looks[number].pulses = process.pulses()
        continue
      }
      for thread in process.threads() {
        looks[number].pulses[thread.identifier] = thread.pulse
        if thread.activity == .running { looks[number].running.insert(thread.identifier) }
      }
    }
  }

  /// Does between the looks what needs not be done after them.
  private func prepare(
    _ looks: inout [FirstLook], _ namers: [LockNamer], _ meanwhile: ([[StackFrame]]) -> Void
  ) {
    var waiting: [[StackFrame]] = []
    for (number, process) in processes.enumerated() {
      looks[number].runtimes = Runtime.all(in: process)
      for thread in process.threads() {
        guard let pulse = thread.pulse, looks[number].pulses[thread.identifier] == pulse else {
          continue
        }
        looks[number].threads[thread.identifier] = thread
        let robust = process.robustLocks(of: thread.identifier)
        if !robust.isEmpty { looks[number].robust[thread.identifier] = robust }
        guard case .inSystemCall(let call) = thread.activity else { continue }
        let frames = frames(of: thread, process, looks[number].walk)
        looks[number].frames[thread.identifier] = frames
        guard let futex = FutexCall(call, process.architecture) else { continue }
        waiting.append(frames)
        // Most locks begin with the word that is slept on.
        _ = namers[number].name(futex.address)
      }
    }
    meanwhile(waiting)
  }

  private func frames(
    of thread: ObservedThread, _ process: any ObservedProcess, _ walk: StackWalk
  ) -> [StackFrame] {
    guard options.tellsStacks || isFutex(thread, process) else { return [] }
    let limit = options.tellsStacks ? Self.longStack : Self.shortStack
    return walk.frames(of: thread, limit: limit) {
      !options.tellsStacks && $0.lockFunction?.isDecisive == true
    }
  }

  /// One process with its threads as they are at the second look.
  private func add(
    _ process: any ObservedProcess, _ earlier: FirstLook, to report: inout HangReport
  ) -> Blockers.Group {
    let number = report.processes.count
    var threads = process.threads(since: earlier.threads)
    let alive = threads.filter { $0.activity != .ended }
    let own = Set(alive.map(\.ownIdentifier))
    let decoder = WaitDecoder(process, earlier.walk, threads: own)
    var indices: [Int32: Int] = [:]
    report.threads.reserveCapacity(report.threads.count + threads.count)
    for position in threads.indices {
      #if os(Linux)
        if options.stopsRunning, threads[position].activity == .running,
          earlier.running.contains(threads[position].identifier), process is LiveProcess
        {
          threads[position].registers = StoppedThread.registers(
            of: threads[position].identifier, process.architecture)
        }
      #endif
      let thread = threads[position]
      let isSame = earlier.threads[thread.identifier].map { thread.isSame(as: $0) } ?? false
      let known = isSame ? earlier.frames[thread.identifier] : nil
      let frames = known ?? self.frames(of: thread, process, earlier.walk)
      var hung = HungThread(
        process: number, identifier: thread.identifier, ownIdentifier: thread.ownIdentifier,
        name: thread.name, state: .runs)
      hung.frames = frames
      hung.pulse = thread.pulse
      hung.state = state(thread, frames, decoder)
      let robust =
        isSame
        ? earlier.robust[thread.identifier] ?? [] : process.robustLocks(of: thread.identifier)
      hung.holds = HeldMutexes.robust(robust, of: thread.ownIdentifier, in: process)
      hung.isSteady = process is CoreProcess || isSteady(thread, since: earlier)
      if thread.activity != .ended { indices[thread.ownIdentifier] = report.threads.count }
      report.threads.append(hung)
    }
    var summary = HangReport.Process(
      identifier: process.identifier, name: process.name, isCore: process is CoreProcess)
    summary.threads = alive.count
    summary.unreadable = threads.count { if case .unreadable = $0.activity { true } else { false } }
    summary.remarks = (process as? CoreProcess)?.remarks ?? []
    summary.runtimes = earlier.runtimes ?? Runtime.all(in: process)
    if summary.runtimes.contains(.go) {
      for index in report.threads.indices where report.threads[index].process == number {
        report.threads[index].isOfMachine = GoThreads.isIdle(report.threads[index])
      }
    }
    report.processes.append(summary)
    var namespace = ""
    #if os(Linux)
      namespace = (process as? LiveProcess)?.namespace ?? ""
    #endif
    return Blockers.Group(process: process, namespace: namespace, indices: indices)
  }

  private func isFutex(_ thread: ObservedThread, _ process: any ObservedProcess) -> Bool {
    if case .inSystemCall(let call) = thread.activity {
      return call.number == process.architecture.futex
    }
    return thread.activity == .running
  }

  private func isSteady(_ thread: ObservedThread, since earlier: FirstLook) -> Bool {
    switch thread.activity {
    case .ended: false
    // A thread that spins does not stop between.
    case .running: earlier.running.contains(thread.identifier)
    default: thread.pulse != nil && thread.pulse == earlier.pulses[thread.identifier]
    }
  }

  private func state(
    _ thread: ObservedThread, _ frames: [StackFrame], _ decoder: WaitDecoder
  ) -> HungThread.State {
    if let wait = decoder.wait(of: thread, frames) { return .waits(wait) }
    switch thread.activity {
    case .running: return .runs
    case .inSystemCall(let call):
      return .sleeps(in: SystemCallName.text(call.number, decoder.process.architecture))
    case .asleep: return .suspended
    case .ended: return .ended
    case .unreadable(let error): return .unreadable(ErrorNumber(error))
    }
  }

  private func findBlockers(_ groups: [Blockers.Group], _ report: inout HangReport) {
    var own = ""
    #if os(Linux)
      own = SystemFile.link("/proc/self/ns/pid") ?? ""
    #endif
    let blockers = Blockers(groups: groups, ownNamespace: own) { number in
      #if os(Linux)
        guard case .success(let status) = SystemFile.read("/proc/\(number)/status") else {
          return nil
        }
        let fields = StatusFields(status)
        return fields.hasEnded ? nil : fields.name
      #else
        return nil
      #endif
    }
    blockers.find(&report.threads)
  }

  /// Looks after all locks were read whether threads that sleep have run since the first look.
  ///
  /// Who has not run has not let go of a lock either, nor has anybody who is waited for without
  /// having run.
  private func settle(_ report: inout HangReport) {
    for index in report.threads.indices where report.threads[index].isSteady {
      if !report.threads[index].isOnProcessor { settle(index, &report) }
    }
  }

  private func settle(_ index: Int, _ report: inout HangReport) {
    let process = processes[report.threads[index].process]
    guard report.threads[index].isSteady, !report.threads[index].isToldByRuntime,
      !(process is CoreProcess)
    else { return }
    let pulse = report.threads[index].pulse
    if pulse == nil || process.pulse(of: report.threads[index].identifier) != pulse {
      report.threads[index].isSteady = false
    }
  }

  /// Looks once more at those that the verdict is about: who moved since is not in it.
  func confirm(_ report: inout HangReport) {
    let graph = WaitGraph(report.threads)
    guard graph.isDeadlocked else { return }
    var concerned = Set(graph.circles.joined()).union(graph.orphans)
    // That nobody is left says something of all threads.
    let emptied = Set(graph.stuck.map { report.threads[$0].process })
    for index in report.threads.indices where emptied.contains(report.threads[index].process) {
      concerned.insert(index)
    }
    for index in concerned { settle(index, &report) }
    confirmOrphans(graph, &report)
  }

  private func confirmOrphans(_ graph: WaitGraph, _ report: inout HangReport) {
    for index in graph.orphans where report.threads[index].isSteady {
      let process = processes[report.threads[index].process]
      guard !(process is CoreProcess) else { continue }
      report.threads[index].isSteady = isStillOrphan(report.threads[index], process)
    }
  }

  /// Whether the owner that is gone still is: a thread may have begun, and taken the lock, after
  /// the list of threads was read.
  private func isStillOrphan(_ thread: HungThread, _ process: any ObservedProcess) -> Bool {
    let now = process.threads()
    let alive = Set(now.lazy.filter { $0.activity != .ended }.map(\.ownIdentifier))
    guard let again = now.first(where: { $0.identifier == thread.identifier }),
      case .thread(let owner)? = WaitDecoder(process, StackWalk(process), threads: alive)
        .wait(of: again, thread.frames)?.owner
    else { return false }
    return thread.wait?.owner == .thread(owner) && !alive.contains(owner)
  }

  /// What threads hold: what others wait for, and all mutexes if the waits leave it open why
  /// threads do not go on.
  private func findHeld(_ groups: [Blockers.Group], _ report: inout HangReport) {
    for (index, thread) in report.threads.enumerated() {
      guard let wait = thread.wait, wait.kind.isHeld, !wait.isBehindWriter,
        thread.blockers.count == 1,
        thread.blockers[0].certainty == .certain, let owner = thread.blockers[0].thread,
        thread.process == report.threads[owner].process
      else { continue }
      let held = HeldLock(lock: wait.lock, kind: wait.kind)
      if owner != index, !report.threads[owner].holds.contains(where: { $0.lock == wait.lock }) {
        report.threads[owner].holds.append(held)
      }
    }
    let isOpen = report.threads.contains { thread in
      thread.isSteady && thread.wait != nil && thread.blockers.isEmpty
    }
    guard isOpen, report.graph.circles.isEmpty else { return }
    for group in groups {
      var search = HeldMutexes(group.process, threads: Set(group.indices.keys))
      for (owner, locks) in search.find() {
        guard let index = group.indices[owner] else { continue }
        let known = Set(report.threads[index].holds.map(\.lock))
        report.threads[index].holds += locks.filter { !known.contains($0.lock) }
      }
      if search.isIncomplete { report.isHeldIncomplete = true }
    }
  }

  private func nameLocks(_ report: inout HangReport, _ namers: [LockNamer]) {
    for thread in report.threads {
      let namer = namers[thread.process]
      var addresses = thread.holds.map(\.lock)
      if let wait = thread.wait { addresses += [wait.lock] + (wait.mutex.map { [$0] } ?? []) }
      for address in addresses {
        report.names[HangReport.LockPlace(process: thread.process, address: address)] =
          namer.name(address)
      }
    }
  }

  /// Sleeps, whatever signals come.
  package static func wait(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    var left = timespec()
    while nanosleep(&time, &left) != 0, errno == EINTR { time = left }
  }
}
