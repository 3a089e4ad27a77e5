// What a language's own tool tells of threads, and what the system tells of the same ones, in one
// picture: a circle can go through locks of both.
extension HangExaminer {
  /// Asks the tools of the languages that living processes run.
  package func askRuntimes(_ report: inout HangReport) {
    var isJoined = false
    for (number, process) in processes.enumerated() where !(process is CoreProcess) {
      for runtime in report.processes[number].runtimes {
        guard let (answer, threads) = RuntimeAnswer.ask(runtime, about: process.identifier) else {
          continue
        }
        report.processes[number].runtimes.removeAll { $0 == runtime }
        report.processes[number].answers.append(answer)
        guard !threads.isEmpty else { continue }
        isJoined = join(threads, of: number, runtime, &report) || isJoined
      }
    }
    guard isJoined else { return }
    confirm(&report)
    report.graph = WaitGraph(report.threads)
    let told = Set(
      report.graph.circles.joined().filter { report.threads[$0].isToldByRuntime }
        .map { report.threads[$0].process })
    // Its own words would say the same again.
    for number in told {
      for index in report.processes[number].answers.indices {
        report.processes[number].answers[index].lines = []
      }
    }
  }

  /// - Returns: whether a thread was found in both.
  private func join(
    _ threads: [RuntimeThread], of number: Int, _ runtime: Runtime, _ report: inout HangReport
  ) -> Bool {
    var indices: [Int32: Int] = [:]
    for (index, thread) in report.threads.enumerated()
    where thread.process == number && thread.isAlive {
      indices[thread.ownIdentifier] = index
    }
    var owners: [RuntimeLock: (index: Int, number: Int32)] = [:]
    for thread in threads {
      guard let index = indices[thread.number] else { continue }
      for lock in thread.holds { owners[lock] = (index, thread.number) }
    }
    var isFound = false
    for thread in threads {
      guard let index = indices.removeValue(forKey: thread.number) else { continue }
      isFound = true
      add(thread, to: &report.threads[index], owners)
      for lock in thread.holds + (thread.waitsFor.map { [$0] } ?? []) {
        report.names[HangReport.LockPlace(process: number, address: lock.address)] = lock.name
      }
    }
    guard isFound else { return false }
    report.processes[number].joined.append(runtime)
    // What is left are threads of the machine that runs the language.
    if runtime == .java {
      for index in indices.values where report.threads[index].waitsForNothingOwned {
        report.threads[index].isOfMachine = true
      }
    }
    lookAgain(number, &report)
    return true
  }

  private func add(
    _ thread: RuntimeThread, to hung: inout HungThread,
    _ owners: [RuntimeLock: (index: Int, number: Int32)]
  ) {
    if !thread.name.isEmpty { hung.name = thread.name }
    hung.isOfMachine = thread.isOfMachine
    let own = thread.frames.map(StackFrame.init(ofLanguage:))
    guard let lock = thread.waitsFor else {
      // A call into the system's own locks; frames below are the machine's.
      let native = hung.frames.prefix { frame in
        frame.isOfSystem
          || frame.function != nil && !frame.module.contains("libjvm.so")
            && !frame.module.contains("python")
      }
      if !own.isEmpty { hung.frames = (hung.wait == nil ? [] : Array(native)) + own }
      hung.holds += thread.holds.map { HeldLock(lock: $0.address, kind: $0.kind) }
      return
    }
    hung.frames = own
    hung.holds += thread.holds.map { HeldLock(lock: $0.address, kind: $0.kind) }
    var wait = Wait(kind: lock.kind, lock: lock.address, word: 0, owner: .anybody)
    wait.isTimed = thread.isTimed
    hung.blockers = []
    if thread.waitsForSignal || owners[lock] == nil {
      wait.kind = .condition
    } else if let owner = owners[lock] {
      wait.owner = .thread(owner.number)
      hung.blockers = [Blocker(who: .thread(owner.index), certainty: .certain)]
      // Nobody let go of anything while the tool looked.
      hung.isSteady = true
      hung.isToldByRuntime = true
    }
    hung.state = .waits(wait)
  }

  /// Whom threads wait for in the system's locks, after the tool has looked: what a circle is made
  /// of was so all the time, or is not told.
  private func lookAgain(_ number: Int, _ report: inout HangReport) {
    let process = processes[number]
    let now = Dictionary(
      process.threads().map { ($0.identifier, $0) }, uniquingKeysWith: { $1 })
    let alive = Set(now.values.filter { $0.activity != .ended }.map(\.ownIdentifier))
    let decoder = WaitDecoder(process, StackWalk(process), threads: alive)
    for index in report.threads.indices where report.threads[index].process == number {
      let thread = report.threads[index]
      guard thread.isSteady, !thread.isToldByRuntime, let wait = thread.wait, wait.word != 0,
        case .thread = wait.owner
      else { continue }
      let again = now[thread.identifier].flatMap { decoder.wait(of: $0, thread.frames) }
      if again?.owner != wait.owner || again?.lock != wait.lock {
        report.threads[index].isSteady = false
      }
    }
  }
}

extension HungThread {
  /// It waits to be woken, or for the end of a thread.
  fileprivate var waitsForNothingOwned: Bool {
    guard let wait else { return false }
    return wait.owner == .anybody || wait.kind == .join
  }
}

extension StackFrame {
  /// A function of a language that has its own tool.
  fileprivate init(ofLanguage text: String) {
    self.init(
      programCounter: 0, stackPointer: 0, registers: Registers(), isCaller: true,
      isGuessed: false, function: text, module: "")
  }
}
