import LockGraphEngine
import TestSupport
import Testing

/// Deadlocks that happened, against runs of simulated threads that ended or hung: semantics 21.
@Suite struct ObservedDeadlockTests {
  @Test func `A deadlock is reported of the runs that hang, and of no other`() throws {
    var (hung, ended) = (0, 0)
    try withSeeds(0..<2500) { generator in
      let simulation = LockSimulation(
        threads: Int.random(in: 1...5, using: &generator),
        locks: Int.random(in: 1...5, using: &generator), using: &generator)
      let deadlocks = try analyze(simulation.trace).findings(.deadlock)
      let hangs = !simulation.stuckThreads.isEmpty
      if hangs { hung += 1 } else { ended += 1 }
      #expect(
        deadlocks.isEmpty == !hangs,
        "\(deadlocks.map(\.title)): \(simulation.trace); \(TestContext.description)")
      for circle in circles(of: simulation) {
        #expect(
          deadlocks.contains { circle.isSuperset(of: $0.waiters.map(number)) },
          "\(circle): \(simulation.trace); \(TestContext.description)")
      }
      for deadlock in deadlocks {
        #expect(
          isCircle(deadlock, in: simulation),
          "\(deadlock.waiters.map { [$0.thread, $0.blockedBy] }): \(simulation.trace); \(TestContext.description)"
        )
      }
    }
    #expect(hung > 100 && ended > 100)
  }

  private func number(_ waiter: Finding.Waiter) -> Int { Int(waiter.thread.dropFirst())! }

  /// The sets of threads that all wait for each other, directly or not.
  private func circles(of simulation: LockSimulation) -> Set<Set<Int>> {
    var reached: [Int: Set<Int>] = [:]
    for thread in simulation.stuckThreads {
      var stack = [thread]
      var seen: Set<Int> = []
      while let next = stack.popLast() {
        for other in simulation.obstacles(of: next) where seen.insert(other).inserted {
          stack.append(other)
        }
      }
      reached[thread] = seen
    }
    return Set(
      reached.filter { $1.contains($0) }.map { thread, others in
        others.filter { reached[$0]?.contains(thread) == true }
      })
  }

  /// Whether each waiter is stuck and waits for the next one, and the last one for the first or a
  /// thread that ended.
  private func isCircle(_ deadlock: Finding, in simulation: LockSimulation) -> Bool {
    let waiters = deadlock.waiters
    let numbers = waiters.map(number)
    guard Set(numbers).count == numbers.count, !numbers.isEmpty else { return false }
    return waiters.indices.allSatisfy { index in
      let blocker = Int(waiters[index].blockedBy.dropFirst())!
      let isNext =
        waiters[index].hasHolderEnded
        ? waiters.count == 1 && simulation.hasEnded(blocker)
        : blocker == numbers[(index + 1) % numbers.count]
      return isNext && simulation.obstacles(of: numbers[index]).contains(blocker)
    }
  }
}
