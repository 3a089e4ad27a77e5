import LockGraphEngine
import TestSupport
import Testing

/// Semaphores that are locks and pools, against all interleavings of programs that nest them and
/// against runs that hang [semantics 28].
@Suite struct PermitOracleTests {
  @Test func `Nothing is feasible that happens in no interleaving, and all with one permit is`()
    throws
  {
    let orders = permutations(of: [0, 1, 2]) + permutations(of: [0, 1]) + [[1, 2], [2, 1]]
    var (deadlocks, pools) = (0, 0)
    for permits in sequences(of: [1, 2], length: 3) {
      for programs in sequences(of: orders, length: 2) {
        let canDeadlock = PermitOracle.canDeadlock(programs, permits)
        let statements = permits.indices.map {
          "m init s\($0) kind=semaphore permits=\(permits[$0])\n"
        }
        let runs = programs.enumerated().map { thread, locks in
          locks.map { "t\(thread) acquire s\($0)\n" }.joined()
            + locks.reversed().map { "t\(thread) release s\($0)\n" }.joined()
        }
        let analysis = try analyze((statements + runs).joined())
        let isFeasible = analysis.findings.contains { $0.confidence == .feasible }
        if canDeadlock { deadlocks += 1 }
        if permits.contains(2) { pools += 1 }
        #expect(
          isFeasible == canDeadlock, "\(permits) \(programs): \(analysis.verdicts)")
      }
    }
    #expect(deadlocks > 30 && pools > 300)
  }

  @Test func `A run of threads, locks and pools hangs exactly if a deadlock is reported`() throws {
    var (hung, ended) = (0, 0)
    try withSeeds(0..<1500) { generator in
      let run = PermitRun(using: &generator)
      let deadlocks = try analyze(run.trace).findings(.deadlock)
      if run.hangs { hung += 1 } else { ended += 1 }
      #expect(
        deadlocks.isEmpty == !run.hangs,
        "\(deadlocks.map(\.title)): \(run.trace); \(TestContext.description)")
      for deadlock in deadlocks {
        #expect(
          run.stuck.isSuperset(of: deadlock.waiters.map(\.thread)),
          "\(deadlock.title): \(run.trace); \(TestContext.description)")
      }
    }
    #expect(hung > 100 && ended > 100)
  }
}

/// Searches all interleavings of threads that take permits one after the other and give them back.
private struct PermitOracle {
  let programs: [[Int]]
  let permits: [Int]
  var visited: Set<[Int]> = []

  static func canDeadlock(_ programs: [[Int]], _ permits: [Int]) -> Bool {
    var oracle = PermitOracle(programs: programs, permits: permits)
    return oracle.search(programs.map { _ in 0 })
  }

  private mutating func search(_ positions: [Int]) -> Bool {
    guard visited.insert(positions).inserted else { return false }
    var isOver = true
    var canMove = false
    for thread in programs.indices where positions[thread] < 2 * programs[thread].count {
      isOver = false
      if positions[thread] < programs[thread].count {
        let wanted = programs[thread][positions[thread]]
        let taken = programs.indices.filter { held($0, positions).contains(wanted) }.count
        guard taken < permits[wanted] else { continue }
      }
      canMove = true
      var next = positions
      next[thread] += 1
      if search(next) { return true }
    }
    return !isOver && !canMove
  }

  private func held(_ thread: Int, _ positions: [Int]) -> ArraySlice<Int> {
    let (count, done) = (programs[thread].count, positions[thread])
    return programs[thread].prefix(done <= count ? done : 2 * count - done)
  }
}

/// One run of random threads until none of them can go on.
private struct PermitRun {
  private(set) var trace = ""
  /// The threads that wait for ever.
  private(set) var stuck: Set<String> = []
  var hangs: Bool { !stuck.isEmpty }

  init(using generator: inout SeededGenerator) {
    let locks = Int.random(in: 2...4, using: &generator)
    // Zero permits stand for a mutex.
    let permits = (0..<locks).map { _ in Int.random(in: 0...3, using: &generator) }
    var left = permits.map { max(1, $0) }
    let threads = Int.random(in: 2...5, using: &generator)
    for lock in 0..<locks where permits[lock] > 0 {
      trace += "main init l\(lock) kind=semaphore permits=\(permits[lock])\n"
    }
    var held = Array(repeating: [Int](), count: threads)
    var waits = [Int?](repeating: nil, count: threads)
    var steps = Array(repeating: Int.random(in: 2...9, using: &generator), count: threads)
    while true {
      let movable = (0..<threads).filter { thread in
        waits[thread].map { left[$0] > 0 } ?? (steps[thread] > 0 || !held[thread].isEmpty)
      }
      guard let thread = movable.randomElement(using: &generator) else { break }
      if let lock = waits[thread] {
        waits[thread] = nil
        left[lock] -= 1
        held[thread].append(lock)
        trace += "T\(thread) acquire l\(lock)\n"
      } else if steps[thread] == 0
        || !held[thread].isEmpty && Int.random(in: 0..<3, using: &generator) == 0
      {
        let lock = held[thread].remove(at: held[thread].indices.randomElement(using: &generator)!)
        left[lock] += 1
        trace += "T\(thread) release l\(lock)\n"
      } else {
        steps[thread] -= 1
        let lock = Int.random(in: 0..<locks, using: &generator)
        waits[thread] = lock
        trace += "T\(thread) request l\(lock)\n"
      }
    }
    stuck = Set((0..<threads).filter { waits[$0] != nil }.map { "T\($0)" })
  }
}
