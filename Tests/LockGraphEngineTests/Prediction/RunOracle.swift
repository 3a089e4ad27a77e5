@testable import LockGraphEngine

/// All states that a run's operations can come to, each thread's in its own order, by what the
/// operations mean and nothing else.
struct RunOracle {
  struct Hold: Hashable {
    var lock: Int
    var mode: LockMode
    var reentries = 0
  }

  enum Waiting: Hashable { case no, begun, signalled }
  enum Meeting: Hashable { case no, come, over }

  struct State: Hashable {
    /// By thread, how many of its operations are done.
    var positions: [Int]
    var holds: [[Hold]]
    var waiting: [Waiting]
    var meeting: [Meeting]
    var counts: [Int]
    /// By variable, the operation that wrote it last.
    var writes: [Int: Int] = [:]
  }

  let run: RandomRun
  /// Every read reads what it read in the run.
  let keepsData: Bool
  /// Every wake, take and meeting is due to what it was due to in the run.
  let keepsPairs: Bool
  /// By thread, the numbers of its operations.
  let threads: [[Int]]
  private var sources: [Int: Int] = [:]
  private var pairs: [Int: Int] = [:]
  /// What has to be done before an operation at a barrier.
  private var meetings: [Int: [Int]] = [:]
  private var spawns: [Int: Int] = [:]

  init(_ run: RandomRun, keepsData: Bool, keepsPairs: Bool) {
    self.run = run
    self.keepsData = keepsData
    self.keepsPairs = keepsPairs
    threads = (0..<run.shape.threads).map { thread in
      run.events.indices.filter { run.events[$0].thread == thread }
    }
    notePairs()
  }

  private mutating func notePairs() {
    var writes: [Int: Int] = [:]
    var waits: [Int: Int] = [:]
    var signals: [(number: Int, isBroadcast: Bool, isUsed: Bool)] = []
    var given: [[Int]] = [[], []]
    var taken = [0, 0]
    var (before, present): ([Int], [Int]) = ([], [])
    for (number, (thread, operation)) in run.events.enumerated() {
      switch operation {
      case .read(let variable): sources[number] = writes[variable] ?? -1
      case .write(let variable): writes[variable] = number
      case .spawn(let other): spawns[other] = number
      case .wait: waits[thread] = number
      case .signal: signals.append((number, false, false))
      case .broadcast: signals.append((number, true, false))
      case .wake:
        let index = signals.firstIndex { signal in
          signal.number > waits[thread]! && (signal.isBroadcast || !signal.isUsed)
            && run.events[signal.number].thread != thread
        }
        guard let index else { break }
        pairs[number] = signals[index].number
        signals[index].isUsed = true
      case .give(let semaphore): given[semaphore].append(number)
      case .take(let semaphore):
        let index = taken[semaphore] - run.permits[semaphore]
        taken[semaphore] += 1
        if index >= 0 { pairs[number] = given[semaphore][index] }
      case .barrier:
        if present.count == 2 {
          before += present
          present = []
        }
        meetings[number] = before
        present.append(number)
      case .pass: meetings[number] = present
      default: break
      }
    }
  }

  var start: State {
    State(
      positions: threads.map { _ in 0 }, holds: threads.map { _ in [] },
      waiting: threads.map { _ in .no }, meeting: threads.map { _ in .no }, counts: run.permits)
  }

  func next(_ state: State, _ thread: Int) -> Int? {
    let position = state.positions[thread]
    return position < threads[thread].count ? threads[thread][position] : nil
  }

  func isDone(_ number: Int, _ state: State) -> Bool {
    let thread = run.events[number].thread
    let position = state.positions[thread]
    return position > 0 && threads[thread][position - 1] >= number
  }

  private func hasStarted(_ thread: Int, _ state: State) -> Bool {
    spawns[thread].map { isDone($0, state) } ?? true
  }

  private func isFree(_ lock: Int, _ mode: LockMode, for thread: Int, _ state: State) -> Bool {
    !state.holds.indices.contains { other in
      other != thread
        && state.holds[other].contains { $0.lock == lock && mode.waits(for: $0.mode) }
    }
  }

  /// Whether a thread lacks nothing for an operation but the lock, or the end of the thread, that
  /// it waits for.
  func isRequested(_ number: Int, _ state: State) -> Bool {
    let thread = run.events[number].thread
    guard next(state, thread) == number, hasStarted(thread, state) else { return false }
    guard case .wake = run.events[number].operation else { return true }
    if keepsPairs, let signal = pairs[number], !isDone(signal, state) { return false }
    return state.waiting[thread] == .signalled
  }

  /// The states after a thread's next operation: none where it cannot come now, several where a
  /// signal can wake one of several.
  func step(_ state: State, _ thread: Int) -> [State] {
    guard let number = next(state, thread), hasStarted(thread, state) else { return [] }
    if keepsPairs {
      if let pair = pairs[number], !isDone(pair, state) { return [] }
      if let others = meetings[number], !others.allSatisfy({ isDone($0, state) || $0 == number }) {
        return []
      }
    }
    var result = state
    result.positions[thread] += 1
    switch run.events[number].operation {
    case .acquire(let lock, let mode, _):
      if run.isRecursive(lock),
        let index = result.holds[thread].firstIndex(where: { $0.lock == lock })
      {
        result.holds[thread][index].reentries += 1
        return [result]
      }
      guard isFree(lock, mode, for: thread, state) else { return [] }
      result.holds[thread].append(Hold(lock: lock, mode: mode))
    case .release(let lock): Self.drop(lock, &result.holds[thread])
    case .downgrade(let lock):
      Self.drop(lock, &result.holds[thread])
      result.holds[thread].append(Hold(lock: lock, mode: .read))
    case .request, .spawn: break
    case .join(let other):
      guard state.positions[other] == threads[other].count else { return [] }
    case .wait(let lock):
      Self.drop(lock, &result.holds[thread])
      result.waiting[thread] = .begun
    case .wake(let lock):
      guard state.waiting[thread] == .signalled, isFree(lock, .write, for: thread, state) else {
        return []
      }
      result.waiting[thread] = .no
      result.holds[thread].append(Hold(lock: lock, mode: .write))
    case .broadcast:
      for other in threads.indices where result.waiting[other] == .begun {
        result.waiting[other] = .signalled
      }
    case .signal:
      let waiting = threads.indices.filter { result.waiting[$0] == .begun }
      guard !waiting.isEmpty else { return [result] }
      return waiting.map { other in
        var woken = result
        woken.waiting[other] = .signalled
        return woken
      }
    case .barrier:
      result.meeting[thread] = .come
      let there = threads.indices.filter { result.meeting[$0] == .come }
      if there.count == 2 { for other in there { result.meeting[other] = .over } }
    case .pass:
      guard state.meeting[thread] == .over else { return [] }
      result.meeting[thread] = .no
    case .take(let semaphore):
      guard state.counts[semaphore] > 0 else { return [] }
      result.counts[semaphore] -= 1
    case .give(let semaphore): result.counts[semaphore] += 1
    case .read(let variable):
      if keepsData, (state.writes[variable] ?? -1) != sources[number]! { return [] }
    case .write(let variable): if keepsData { result.writes[variable] = number }
    }
    return [result]
  }

  private static func drop(_ lock: Int, _ holds: inout [Hold]) {
    let index = holds.lastIndex { $0.lock == lock }!
    if holds[index].reentries > 0 { holds[index].reentries -= 1 } else { holds.remove(at: index) }
  }

  /// Calls with every state that can be reached; false if there are too many.
  func visitStates(limit: Int, _ visit: (State) -> Void) -> Bool {
    var seen: Set<State> = [start]
    var stack = [start]
    while let state = stack.popLast() {
      visit(state)
      for thread in threads.indices {
        for next in step(state, thread) where seen.insert(next).inserted { stack.append(next) }
      }
      if seen.count > limit { return false }
    }
    return true
  }
}
