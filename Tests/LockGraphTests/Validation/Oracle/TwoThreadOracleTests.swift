import LockGraph
import TestSupport
import Testing

@Suite struct TwoThreadOracleTests {
  @Test func `Verdicts on two threads and two locks are those of all interleavings`() throws {
    let modes = sequences(of: LockMode.allCases, length: 2)
    var deadlocks = 0
    for orders in sequences(of: permutations(of: [0, 1]), length: 2) {
      for first in modes {
        for second in modes {
          let programs = [
            NestedProgram(locks: orders[0], modes: first),
            NestedProgram(locks: orders[1], modes: second),
          ]
          if try agrees(programs) { deadlocks += 1 }
        }
      }
    }
    // Opposite orders either way round, with 49 of 81 combinations of modes each.
    #expect(deadlocks == 98)
  }

  @Test func `Verdicts on nests of up to three locks are those of all interleavings`() throws {
    let orders =
      permutations(of: [0, 1, 2]) + permutations(of: [0, 1]) + [[1, 2], [2, 1], [0, 2], [2, 0]]
    var deadlocks = 0
    for first in sequences(of: LockMode.allCases, length: 3) {
      for order in orders {
        for second in sequences(of: LockMode.allCases, length: order.count) {
          let programs = [
            NestedProgram(locks: [0, 1, 2], modes: first),
            NestedProgram(locks: order, modes: second),
          ]
          if try agrees(programs) { deadlocks += 1 }
        }
      }
    }
    #expect(deadlocks > 0)
  }
}

/// Expects the verdict that the oracle gives, which is returned.
@discardableResult
func agrees(_ programs: [NestedProgram]) throws -> Bool {
  let canDeadlock = DeadlockOracle.canDeadlock(programs)
  let analysis = try analyze(NestedProgram.trace(programs))
  let isReported = analysis.findings.contains { $0.confidence != .excluded }
  #expect(
    isReported == canDeadlock,
    "\(programs): \(analysis.verdicts), the oracle says \(canDeadlock)")
  return canDeadlock
}
