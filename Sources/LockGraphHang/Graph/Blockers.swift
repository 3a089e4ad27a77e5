/// Finds who can end each wait.
struct Blockers {
  /// A process with its threads' places in the report.
  struct Group {
    var process: any ObservedProcess
    var namespace: String
    /// Own numbers of threads that have not ended.
    var indices: [Int32: Int]
  }

  let groups: [Group]
  /// The namespace that `/proc` shows here.
  let ownNamespace: String
  /// Tells the name of a process here that has a thread of this number.
  let processOfThread: (Int32) -> String?

  /// Fills in the blockers of all threads.
  ///
  /// - Complexity: O(threads) for locks with owners; for others each stack is read once, and each
  ///   lock looked for once.
  func find(_ threads: inout [HungThread]) {
    var mentions: [Mentions?] = groups.map { _ in nil }
    var readers = groups.map { Readers($0, threads) }
    var known: [Question: [Blocker]] = [:]
    for index in threads.indices {
      guard let wait = threads[index].wait else { continue }
      switch wait.owner {
      case .thread(let number):
        threads[index].blockers = owner(number, wait, of: threads[index])
      case .unknown:
        let process = threads[index].process
        if let reader = readers[process].blocker(of: index, wait, threads) {
          threads[index].blockers = [reader]
          continue
        }
        let question = Question(
          process: process, lock: wait.lock,
          initializer: wait.kind == .staticGuard ? initializer(of: threads[index]) : nil)
        if known[question] == nil {
          if mentions[process] == nil { mentions[process] = Mentions(groups[process], threads) }
          known[question] = candidates(index, wait, threads, mentions[process]!)
        }
        threads[index].blockers = known[question]!
      case .unsettled, .anybody: break
      }
    }
  }

  /// Threads that ask for the same have the same answer.
  private struct Question: Hashable {
    var process: Int
    var lock: UInt64
    var initializer: UInt64?
  }

  private func owner(_ number: Int32, _ wait: Wait, of thread: HungThread) -> [Blocker] {
    let group = groups[thread.process]
    if let owner = group.indices[number] {
      return [Blocker(who: .thread(owner), certainty: .certain)]
    }
    if wait.isProcessShared {
      for other in groups where other.namespace == group.namespace {
        if let owner = other.indices[number] {
          return [Blocker(who: .thread(owner), certainty: .certain)]
        }
      }
      // Numbers of another namespace cannot be looked up, nor those of a core's time.
      guard group.namespace == ownNamespace, !group.namespace.isEmpty else { return [] }
      if let name = processOfThread(number) {
        return [Blocker(who: .outside(number, name), certainty: .certain)]
      }
    }
    return [Blocker(who: .gone(number), certainty: .certain)]
  }

  /// Threads that may have a lock that does not say who has it.
  private func candidates(
    _ index: Int, _ wait: Wait, _ threads: [HungThread], _ mentions: Mentions
  ) -> [Blocker] {
    let group = groups[threads[index].process]
    let others = group.indices.values.sorted()
    switch wait.kind {
    case .once:
      return surest(others.filter { initializes($0, wait, threads, of: group.process) })
    case .staticGuard:
      guard let function = initializer(of: threads[index]) else { return [] }
      return surest(
        others.filter { other in
          isInside(function, threads[other]) && !isWaiting(threads[other], for: wait)
        })
    default:
      // Threads whose stacks have the lock's address: in an object that unlocks it in the end, or
      // as an argument.
      guard wait.kind.isHeld || wait.kind == .twoStateLock else { return [] }
      return mentions.threads(of: wait.lock).filter { !isWaiting(threads[$0], for: wait) }
        .map { Blocker(who: .thread($0), certainty: .possible) }
    }
  }

  private func surest(_ found: [Int]) -> [Blocker] {
    found.map {
      Blocker(who: .thread($0), certainty: found.count == 1 ? .likely : .possible)
    }
  }

  private func isWaiting(_ thread: HungThread, for wait: Wait) -> Bool {
    thread.wait?.lock == wait.lock
  }

  /// Whether a thread is inside a one-time initialization: a frame of the C library that has its
  /// address, and called another function.
  private func initializes(
    _ other: Int, _ wait: Wait, _ threads: [HungThread], of process: any ObservedProcess
  ) -> Bool {
    let frames = threads[other].frames
    guard let start = frames.first?.stackPointer,
      let caller = frames.firstIndex(where: { !$0.isOfSystem })
    else { return false }
    let window = StackWindow(process, from: start)
    // Who waits for it has it in its innermost frames, too.
    let first = isWaiting(threads[other], for: wait) ? caller : 1
    for frame in frames.dropFirst(first) where frame.isOfSystem {
      guard let end = frame.end, end > frame.stackPointer, end - frame.stackPointer < 1 << 12
      else { continue }
      var at = frame.stackPointer & ~7
      while at < end {
        if window.word(at) == wait.lock { return true }
        at += 8
      }
    }
    return false
  }

  /// The function that initializes a static variable: the one that asked for its guard.
  private func initializer(of thread: HungThread) -> UInt64? {
    let frames = thread.frames
    guard let at = frames.firstIndex(where: { $0.plainName == "cxa_guard_acquire" }),
      at + 1 < frames.count
    else { return nil }
    return frames[at + 1].functionStart
  }

  private func isInside(_ function: UInt64, _ thread: HungThread) -> Bool {
    thread.frames.contains { $0.functionStart == function }
  }
}
