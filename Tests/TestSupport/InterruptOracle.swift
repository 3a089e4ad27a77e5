import LockGraphEngine

/// Searches all interleavings of threads that run programs, and are hit by handlers, for a
/// deadlock.
///
/// Each thread runs any of the bodies again and again. Any handler may hit any thread wherever its
/// context is not masked there, in the middle of a wait too: a softirq or signal where a body runs,
/// a hardirq or nmi in a softirq or signal handler as well. The locks are those of
/// `DeadlockOracle`: a writer may be waiting at any time.
///
/// As many threads as there are locks are enough. In a deadlock a waiter can be chosen for each
/// holder so that they form a circle; of two waiters for one lock in it, either waits for the
/// holder that the other waits for, which makes the circle shorter; so there is one with at most
/// one waiter a lock.
public struct InterruptOracle {
  /// Whether some interleaving leaves threads waiting for each other, or for themselves, for ever.
  public static func canDeadlock(_ programs: [InterruptProgram], threads: Int) -> Bool {
    var oracle = InterruptOracle(programs, threads: threads)
    return oracle.search()
  }

  /// A way on from a state of one thread.
  private struct Move {
    var lock = -1
    var mode = LockMode.write
    var target: Int
    /// Where a `try` goes on that finds the lock taken.
    var failed = -1
  }

  /// A place in a program between two of its steps with locks.
  private struct Position {
    var held: [(lock: Int, mode: LockMode)] = []
    var interruptible: Set<InterruptContext> = []
    var move = Move(target: 0)
    var isWaiting = false
  }

  /// What a thread is at, apart from what others do.
  private struct ThreadState {
    var written = 0
    var held = 0
    var wanted: (lock: Int, mode: LockMode)?
    var moves: [Move] = []
  }

  private let threadCount: Int
  private var states: [ThreadState] = []
  private var visited: Set<[Int]> = []

  private init(_ programs: [InterruptProgram], threads: Int) {
    threadCount = threads
    // Position 0 of each level is that nothing runs there; on the first one the thread is idle.
    let bodies = Level(programs.filter { $0.context == nil }, isBody: true)
    let middle = Level(programs.filter { $0.context == .softirq || $0.context == .signal })
    let hard = Level(programs.filter { $0.context == .hardirq || $0.context == .nmi })
    let sizes = (bodies.positions.count, middle.positions.count, hard.positions.count)
    func number(_ body: Int, _ soft: Int, _ hardirq: Int) -> Int {
      (body * sizes.1 + soft) * sizes.2 + hardirq
    }
    for body in 0..<sizes.0 {
      for soft in 0..<sizes.1 {
        for hardirq in 0..<sizes.2 {
          let stack = [bodies.positions[body], middle.positions[soft], hard.positions[hardirq]]
          var state = ThreadState()
          for held in stack.flatMap(\.held) {
            state.held |= 1 << held.lock
            if held.mode == .write { state.written |= 1 << held.lock }
          }
          func go(_ moves: [Move], _ target: (Int) -> Int) {
            for move in moves {
              var move = move
              move.target = target(move.target)
              if move.failed >= 0 { move.failed = target(move.failed) }
              state.moves.append(move)
            }
          }
          let top: Position
          if hardirq > 0 {
            top = stack[2]
            go([top.move]) { number(body, soft, $0) }
          } else if soft > 0 {
            top = stack[1]
            go([top.move]) { number(body, $0, 0) }
          } else {
            top = stack[0]
            go(body == 0 ? bodies.starts.map(\.move) : [top.move]) { number($0, 0, 0) }
          }
          if top.isWaiting { state.wanted = (top.move.lock, top.move.mode) }
          if hardirq == 0 {
            for (context, start) in hard.entries where top.interruptible.contains(context) {
              state.moves.append(Move(target: number(body, soft, start)))
            }
            if soft == 0 {
              for (context, start) in middle.entries where top.interruptible.contains(context) {
                state.moves.append(Move(target: number(body, start, 0)))
              }
            }
          }
          states.append(state)
        }
      }
    }
  }

  /// The programs of which one runs at a time: the bodies, or the handlers that do not interrupt
  /// each other. A set of programs has handlers of one context for each level.
  private struct Level {
    var positions: [Position] = []
    /// The beginnings of bodies, where nothing is held: an idle thread is there.
    var starts: [Position] = []
    /// Where each handler begins.
    var entries: [(InterruptContext, Int)] = []

    init(_ programs: [InterruptProgram], isBody: Bool = false) {
      var idle = Position()
      idle.interruptible = Set(InterruptContext.allCases)
      positions = [idle]
      for program in programs {
        var run = Self.positions(of: program)
        guard !run.isEmpty else { continue }
        let first = positions.count - (isBody ? 1 : 0)
        for index in run.indices {
          // The last step leads to where nothing runs.
          run[index].move.target = index + 1 < run.count ? first + index + 1 : 0
          if run[index].move.failed >= 0 {
            run[index].move.failed =
              run[index].move.failed < run.count ? first + run[index].move.failed : 0
          }
        }
        if isBody {
          starts.append(run.removeFirst())
        } else {
          entries.append((program.context!, first))
        }
        positions += run
      }
    }

    /// The places before each step with a lock; whatever masks and unmasks stand between two such
    /// steps make one place, which is interruptible if it is so anywhere.
    private static func positions(of program: InterruptProgram) -> [Position] {
      var positions: [Position] = []
      var here = Position()
      var (hardirq, softirq, signal) = (false, 0, false)
      func noteInterruptible() {
        if program.context == nil || program.context == .softirq, !hardirq {
          here.interruptible.insert(.hardirq)
          if program.context == nil, softirq == 0 { here.interruptible.insert(.softirq) }
        }
        if program.context != .nmi { here.interruptible.insert(.nmi) }
        if program.context == nil, !signal { here.interruptible.insert(.signal) }
      }
      noteInterruptible()
      for (index, step) in program.steps.enumerated() {
        switch step {
        case .mask(.hardirq): hardirq = true
        case .mask(.softirq): softirq += 1
        case .mask: signal = true
        case .unmask(.hardirq): hardirq = false
        case .unmask(.softirq): softirq -= 1
        case .unmask: signal = false
        case .acquire(let lock, let mode, let isTry):
          here.move = Move(lock: lock, mode: mode, target: 0)
          here.isWaiting = !isTry
          if isTry {
            // It goes on after the release of that lock.
            let release = program.steps[index...].firstIndex(of: .release(lock))!
            here.move.failed = program.steps[...release].count { $0.lock != nil }
          }
          positions.append(here)
          here = Position(held: here.held + [(lock, mode)])
        case .release(let lock):
          here.move = Move(target: 0)
          positions.append(here)
          here = Position(held: here.held.filter { $0.lock != lock })
        }
        noteInterruptible()
      }
      return positions
    }
  }

  private mutating func search() -> Bool {
    var stack = [[Int](repeating: 0, count: threadCount)]
    visited = [stack[0]]
    while let current = stack.popLast() {
      if isDeadlocked(current) { return true }
      var (written, held) = (0, 0)
      for state in current {
        written |= states[state].written
        held |= states[state].held
      }
      for thread in 0..<threadCount {
        if thread > 0, current[thread] == current[thread - 1] { continue }
        for move in states[current[thread]].moves {
          var target = move.target
          if move.lock >= 0, (move.mode == .write ? held : written) & (1 << move.lock) != 0 {
            target = move.failed
          }
          guard target >= 0 else { continue }
          var next = current
          next[thread] = target
          // Which thread is at what makes no difference.
          next.sort()
          if visited.insert(next).inserted { stack.append(next) }
        }
      }
    }
    return false
  }

  /// Whether there are threads each of which may wait for what one of them holds.
  private func isDeadlocked(_ current: [Int]) -> Bool {
    var waiting = current.filter { states[$0].wanted != nil }
    while !waiting.isEmpty {
      let stuck = waiting.filter { thread in
        let wanted = states[thread].wanted!
        return waiting.contains { other in
          let blocking = wanted.mode == .recursiveRead ? states[other].written : states[other].held
          return blocking & (1 << wanted.lock) != 0
        }
      }
      if stuck.count == waiting.count { return true }
      waiting = stuck
    }
    return false
  }
}
