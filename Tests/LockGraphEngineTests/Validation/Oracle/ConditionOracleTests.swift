import LockGraphEngine
import TestSupport
import Testing

/// Threads that wait for conditions and signal them, against runs that end or hang and against all
/// interleavings [semantics 18, 21].
@Suite struct ConditionOracleTests {
  @Test func `What still waits is who is stuck, and a deadlock is a circle of locks`() throws {
    var (hung, ended, circles) = (0, 0, 0)
    try withSeeds(0..<1500) { generator in
      let program = ConditionProgram(using: &generator)
      let run = program.randomRun(using: &generator)
      let analysis = try analyze(run.trace)
      let message: Comment = "\(run.trace); \(TestContext.description)"
      let waiting = analysis.waiting.flatMap { $0.waits.map(\.thread) }
      if run.stuck.isEmpty { ended += 1 } else { hung += 1 }
      #expect(Set(waiting) == run.stuck, message)
      #expect(Set(waiting).count == waiting.count, message)
      let deadlocks = analysis.findings(.deadlock)
      #expect(deadlocks.isEmpty == run.circles.isEmpty, "\(deadlocks.map(\.title)): \(message)")
      for deadlock in deadlocks {
        circles += 1
        #expect(run.circles.contains(Set(deadlock.waiters.map(\.thread))), message)
      }
      for group in analysis.waiting where group.root.kind == .signal {
        #expect(run.inCondition.contains(group.waits[0].thread), message)
      }
    }
    #expect(hung > 100 && ended > 100 && circles > 30)
  }

  @Test func `A circle that some interleaving ends in shows in a run that ends`() throws {
    var (possible, impossible) = (0, 0)
    try withSeeds(0..<1500) { generator in
      let program = ConditionProgram(using: &generator)
      let runs = (0..<10).map { _ in program.randomRun(using: &generator) }
      guard let run = runs.first(where: \.stuck.isEmpty) else { return }
      let found = try analyze(run.trace).findings.contains {
        [.lockOrderInversion, .recursiveAcquisition].contains($0.rule)
          && $0.confidence != .excluded
      }
      if program.canEndInCircle { possible += 1 } else { impossible += 1 }
      #expect(
        found || !program.canEndInCircle, "\(run.trace); \(TestContext.description)")
    }
    #expect(possible > 100 && impossible > 100)
  }
}

/// A few threads that take locks, and wait for and signal conditions, each with the lock of its
/// number.
private struct ConditionProgram {
  enum Step: Hashable {
    case acquire(Int)
    case release(Int)
    case wait(Int)
    case signal(Int)
    case broadcast(Int)
  }

  enum Phase: Hashable {
    case runs
    case asks
    /// For a condition.
    case waits
    /// Was signalled, and wants its lock back.
    case wantsBack
  }

  struct State: Hashable {
    var positions: [Int]
    var phases: [Phase]
    var held: [[Int]]
  }

  let threads: [[Step]]

  init(using generator: inout SeededGenerator) {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    let locks = Int.random(in: 2...3, using: &generator)
    threads = (0..<Int.random(in: 2...3, using: &generator)).map { _ in
      var steps: [Step] = []
      var held: [Int] = []
      for _ in 0..<Int.random(in: 2...6, using: &generator) {
        let lock = Int.random(in: 0..<locks, using: &generator)
        if chance(20) {
          steps.append(chance(50) ? .signal(lock) : .broadcast(lock))
        } else if held.contains(lock) {
          if chance(40) {
            steps.append(.wait(lock))
          } else {
            held.removeAll { $0 == lock }
            steps.append(.release(lock))
          }
        } else {
          held.append(lock)
          steps.append(.acquire(lock))
        }
      }
      return steps + held.reversed().map { .release($0) }
    }
  }

  var start: State {
    State(
      positions: threads.map { _ in 0 }, phases: threads.map { _ in .runs },
      held: threads.map { _ in [] })
  }

  func step(_ thread: Int, _ state: State) -> Step? {
    let position = state.positions[thread]
    return position < threads[thread].count ? threads[thread][position] : nil
  }

  /// The lock that a thread cannot go on without.
  func wanted(_ thread: Int, _ state: State) -> Int? {
    switch step(thread, state) {
    case .acquire(let lock): lock
    case .wait(let lock) where state.phases[thread] == .wantsBack: lock
    default: nil
    }
  }

  func holder(of lock: Int, _ state: State) -> Int? {
    threads.indices.first { state.held[$0].contains(lock) }
  }

  func canGoOn(_ thread: Int, _ state: State) -> Bool {
    guard step(thread, state) != nil, state.phases[thread] != .waits else { return false }
    return wanted(thread, state).map { holder(of: $0, state) == nil } ?? true
  }

  /// What can come of a thread's next step, one for each that a signal may reach.
  func next(_ thread: Int, _ state: State) -> [State] {
    var next = state
    next.phases[thread] = .runs
    next.positions[thread] += 1
    switch step(thread, state)! {
    case .acquire(let lock): next.held[thread].append(lock)
    case .release(let lock): next.held[thread].removeAll { $0 == lock }
    case .wait(let lock) where state.phases[thread] == .wantsBack: next.held[thread].append(lock)
    case .wait(let lock):
      next.held[thread].removeAll { $0 == lock }
      next.phases[thread] = .waits
      next.positions[thread] -= 1
    case .signal(let lock), .broadcast(let lock):
      let waiters = threads.indices.filter {
        state.phases[$0] == .waits && step($0, state) == .wait(lock)
      }
      if step(thread, state) == .broadcast(lock) {
        for waiter in waiters { next.phases[waiter] = .wantsBack }
      } else if !waiters.isEmpty {
        return waiters.map {
          var reached = next
          reached.phases[$0] = .wantsBack
          return reached
        }
      }
    }
    return [next]
  }

  /// The circle of locks that a thread is in, of those that wait for one.
  func circle(through first: Int, _ state: State, waits: (Int) -> Bool) -> Set<Int>? {
    var seen = [first]
    while waits(seen.last!), let lock = wanted(seen.last!, state),
      let holder = holder(of: lock, state)
    {
      if holder == first { return Set(seen) }
      if seen.contains(holder) { return nil }
      seen.append(holder)
    }
    return nil
  }

  /// Whether some interleaving ends with threads that wait for each other's locks.
  var canEndInCircle: Bool {
    var seen: Set<State> = [start]
    var open = [start]
    while let state = open.popLast() {
      if threads.indices.contains(where: { circle(through: $0, state) { _ in true } != nil }) {
        return true
      }
      for thread in threads.indices where canGoOn(thread, state) {
        for next in next(thread, state) where seen.insert(next).inserted { open.append(next) }
      }
    }
    return false
  }

  struct Run {
    var trace = ""
    var stuck: Set<String> = []
    /// Of the stuck ones those that nobody signalled.
    var inCondition: Set<String> = []
    /// Of those that asked for a lock.
    var circles: Set<Set<String>> = []
  }

  func randomRun(using generator: inout SeededGenerator) -> Run {
    var run = Run()
    var state = start
    func canMove(_ thread: Int) -> Bool {
      if case .acquire? = step(thread, state), state.phases[thread] == .runs { return true }
      return canGoOn(thread, state)
    }
    while let thread = threads.indices.filter(canMove).randomElement(using: &generator) {
      func write(_ words: String) { run.trace += "T\(thread) \(words)\n" }
      let isFree = canGoOn(thread, state)
      switch step(thread, state)! {
      case .acquire(let lock):
        if state.phases[thread] == .runs, !isFree || Bool.random(using: &generator) {
          write("request l\(lock)")
          state.phases[thread] = .asks
          continue
        }
        write("acquire l\(lock)")
      case .release(let lock): write("release l\(lock)")
      case .wait(let lock):
        write("\(state.phases[thread] == .wantsBack ? "wake" : "wait") c\(lock) lock=l\(lock)")
      case .signal(let lock): write("signal c\(lock)")
      case .broadcast(let lock): write("broadcast c\(lock)")
      }
      state = next(thread, state).randomElement(using: &generator)!
    }
    for thread in threads.indices where step(thread, state) != nil {
      run.stuck.insert("T\(thread)")
      if state.phases[thread] == .waits { run.inCondition.insert("T\(thread)") }
      if let circle = circle(through: thread, state, waits: { state.phases[$0] == .asks }) {
        run.circles.insert(Set(circle.map { "T\($0)" }))
      }
    }
    return run
  }
}
