#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Looks at processes, and tells who waits for whom.
///
/// Living processes are looked at twice: who is in the same call both times, without having run
/// between, waited all the time. What closes a circle is looked at a third time, after the locks
/// were read, so that no owner can have changed meanwhile.
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

  private let processes: [any ObservedProcess]
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
    let first = processes.map { $0.threads() }
    if isLiving { Self.wait(options.pause) }
    var report = HangReport(isLiving: isLiving)
    if isLiving { report.pause = options.pause }
    var groups: [Blockers.Group] = []
    for (number, process) in processes.enumerated() {
      let earlier = Dictionary(
        first[number].map { ($0.identifier, $0) }, uniquingKeysWith: { $1 })
      groups.append(add(process, earlier, to: &report))
    }
    findBlockers(groups, &report)
    if isLiving { confirm(&report, groups) }
    report.graph = WaitGraph(report.threads)
    findHeld(groups, &report)
    nameLocks(&report)
    return report
  }

  /// One process with its threads as they are at the second look.
  private func add(
    _ process: any ObservedProcess, _ earlier: [Int32: ObservedThread], to report: inout HangReport
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
          earlier[threads[position].identifier]?.activity == .running, process is LiveProcess
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
      hung.switches = thread.switches
      hung.state = state(thread, frames, decoder)
      hung.isSteady =
        process is CoreProcess
        || earlier[thread.identifier].map { isSame($0, thread) } ?? false
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

  private func isSame(_ earlier: ObservedThread, _ later: ObservedThread) -> Bool {
    // A thread that spins does not stop between.
    guard later.activity != .ended else { return false }
    if later.activity == .running { return earlier.activity == .running }
    return earlier.activity == later.activity && earlier.switches == later.switches
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
  private func confirm(_ report: inout HangReport, _ groups: [Blockers.Group]) {
    let graph = WaitGraph(report.threads)
    guard graph.isDeadlocked else { return }
    for (number, group) in groups.enumerated() where !(group.process is CoreProcess) {
      let now = Dictionary(
        group.process.threads().map { ($0.identifier, $0) }, uniquingKeysWith: { $1 })
      let decoder = WaitDecoder(
        group.process, StackWalk(group.process),
        threads: Set(now.values.filter { $0.activity != .ended }.map(\.ownIdentifier)))
      for index in report.threads.indices where report.threads[index].process == number {
        let thread = report.threads[index]
        guard thread.isSteady, let wait = thread.wait else { continue }
        let later = now[thread.identifier]
        let frames = thread.frames
        let again = later.flatMap { decoder.wait(of: $0, frames) }
        if again?.owner != wait.owner || again?.word != wait.word || again?.lock != wait.lock
          || later?.switches != thread.switches
        {
          report.threads[index].isSteady = false
        }
      }
    }
  }

  /// What threads hold: what others wait for, and all mutexes if the waits leave it open why
  /// threads do not go on.
  private func findHeld(_ groups: [Blockers.Group], _ report: inout HangReport) {
    for (index, thread) in report.threads.enumerated() {
      guard let wait = thread.wait, wait.kind.isHeld, thread.blockers.count == 1,
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
