import LockGraphEngine
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
    // Opposite orders either way round. Of the 16 ways to hold a lock and to ask for it 13 block.
    #expect(deadlocks == 2 * 13 * 13)
  }

  @Test func `Verdicts on nests of up to three locks are those of all interleavings`() throws {
    let orders =
      permutations(of: [0, 1, 2]) + permutations(of: [0, 1]) + [[1, 2], [2, 1], [0, 2], [2, 0]]
    var deadlocks = 0
    for first in sequences(of: LockMode.allCases, length: 3) {
      for order in orders {
        for second in sequences(of: LockMode.allCases, length: order.count)
        where (first + second).count(where: { $0 == .upgradable }) < 2 {
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

@Suite struct WriterOracleTests {
  @Test func `Without other writers what is feasible is what interleavings deadlock in`() throws {
    let modes = sequences(of: LockMode.allCases, length: 2)
    var (feasible, ordering) = (0, 0)
    for first in modes {
      for second in modes {
        let programs = [
          NestedProgram(locks: [0, 1], modes: first), NestedProgram(locks: [1, 0], modes: second),
        ]
        let canDeadlock = DeadlockOracle.canDeadlock(programs, hasWriters: false)
        let findings = try analyze(NestedProgram.trace(programs, hasWriters: false)).findings
        #expect(
          findings.map(\.confidence).contains(.feasible) == canDeadlock, "\(programs)")
        let needsWriter = findings.filter { $0.confidence == .ordering }
        #expect(
          needsWriter.isEmpty == (canDeadlock || !DeadlockOracle.canDeadlock(programs)),
          "\(programs)")
        for finding in needsWriter {
          #expect(
            finding.confidenceReason?.wholeMatch(of: /it needs a writer of [AB]; none was seen/)
              != nil, "\(finding.confidenceReason ?? "")")
        }
        if canDeadlock { feasible += 1 }
        ordering += needsWriter.count
      }
    }
    #expect(feasible > 0 && ordering > 0)
  }
}

@Suite struct UpgradeOracleTests {
  /// Locks 0 and 1 in a few orders, lock 0 taken upgradably and upgraded at the end.
  @Test func `Verdicts on upgrades are those of all interleavings`() throws {
    let modes = LockMode.allCases
    var upgraders: [NestedProgram] = []
    for mode in modes {
      upgraders.append(NestedProgram(locks: [0, 1, 0], modes: [.upgradable, mode, .write]))
      upgraders.append(NestedProgram(locks: [1, 0, 0], modes: [mode, .upgradable, .write]))
    }
    var others: [NestedProgram] = upgraders
    for pair in sequences(of: modes, length: 2) {
      others.append(NestedProgram(locks: [0, 1], modes: pair))
      others.append(NestedProgram(locks: [1, 0], modes: pair))
    }
    var (deadlocks, all) = (0, 0)
    for upgrader in upgraders {
      for other in others {
        all += 1
        if try agrees([upgrader, other]) { deadlocks += 1 }
      }
    }
    #expect(deadlocks > 20 && deadlocks < all - 20)
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
