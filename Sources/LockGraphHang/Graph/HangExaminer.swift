#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at processes, and tells who waits for whom.
///
/// Living processes are looked at twice: who has not run between was in the same call all the time.
/// What closes a circle is looked at a third time, after the locks were read, so that no owner can
/// have changed meanwhile.
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

  package func examine() -> HangReport {
    let isLiving = processes.contains { !($0 is CoreProcess) }
    let first = processes.map { firstLook(at: $0) }
    if isLiving { Self.wait(options.pause) }
    var report = HangReport(isLiving: isLiving)
    if isLiving { report.pause = options.pause }
    var groups: [Blockers.Group] = []
    for (number, process) in processes.enumerated() {
      groups.append(add(process, first[number], to: &report))
    }
    findBlockers(groups, &report)
    if isLiving { confirm(&report) }
    report.graph = WaitGraph(report.threads)
    findHeld(groups, &report)
    nameLocks(&report)
    return report
  }

  /// What the second look is compared with.
  private struct FirstLook {
    var pulses: [Int32: Pulse] = [:]
    /// Who was on a processor, if that matters.
    var running: Set<Int32> = []
  }

  private func firstLook(at process: any ObservedProcess) -> FirstLook {
    guard options.stopsRunning else { return FirstLook(pulses: process.pulses()) }
    var look = FirstLook()
    for thread in process.threads() {
      look.pulses[thread.identifier] = thread.pulse
      if thread.activity == .running { look.running.insert(thread.identifier) }
    }
    return look
  }

  /// One process with its threads as they are at the second look.
  private func add(
    _ process: any ObservedProcess, _ earlier: FirstLook, to report: inout HangReport
  ) -> Blockers.Group {
    let number = report.processes.count
    var threads = process.threads()
    let walk = StackWalk(process)
    let alive = threads.filter { $0.activity != .ended }
    let own = Set(alive.map(\.ownIdentifier))
    let decoder = WaitDecoder(process, walk, threads: own)
    var indices: [Int32: Int] = [:]
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
      let limit = options.tellsStacks ? Self.longStack : Self.shortStack
      let frames =
        isFutex(thread, process) || options.tellsStacks
        ? walk.frames(of: thread, limit: limit) {
          !options.tellsStacks && $0.lockFunction?.isDecisive == true
        } : []
      var hung = HungThread(
        process: number, identifier: thread.identifier, ownIdentifier: thread.ownIdentifier,
        name: thread.name, state: .runs)
      hung.frames = frames
      hung.pulse = thread.pulse
      hung.state = state(thread, frames, decoder)
      hung.isSteady = process is CoreProcess || isSteady(thread, since: earlier)
      if thread.activity != .ended { indices[thread.ownIdentifier] = report.threads.count }
      report.threads.append(hung)
    }
    var summary = HangReport.Process(
      identifier: process.identifier, name: process.name, isCore: process is CoreProcess)
    summary.threads = alive.count
    summary.unreadable = threads.count { if case .unreadable = $0.activity { true } else { false } }
    summary.remarks = (process as? CoreProcess)?.remarks ?? []
    summary.runtimes = Runtime.all(in: process)
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

  /// Looks once more at those that the verdict is about: who moved since is not in it.
  ///
  /// Who has not run has not let go of a lock either, nor has anybody who is waited for without
  /// having run.
  func confirm(_ report: inout HangReport) {
    let graph = WaitGraph(report.threads)
    guard graph.isDeadlocked else { return }
    var concerned = Set(graph.circles.joined()).union(graph.orphans)
    // That nobody is left says something of all threads.
    let emptied = Set(graph.stuck.map { report.threads[$0].process })
    for index in report.threads.indices where emptied.contains(report.threads[index].process) {
      concerned.insert(index)
    }
    for index in concerned {
      let thread = report.threads[index]
      let process = processes[thread.process]
      guard thread.isSteady, !thread.isToldByRuntime, !(process is CoreProcess) else { continue }
      if thread.pulse == nil || process.pulse(of: thread.identifier) != thread.pulse {
        report.threads[index].isSteady = false
      }
    }
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

  private func nameLocks(_ report: inout HangReport) {
    let namers = processes.map(LockNamer.init)
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
