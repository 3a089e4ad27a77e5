import LockGraphEngine
import TestSupport
import Testing

@Suite struct ThreeThreadOracleTests {
  private static let modePairs = sequences(of: LockMode.allCases, length: 2)

  @Test func `Verdicts on rings of three threads are those of all interleavings`() throws {
    for first in Self.modePairs {
      for second in Self.modePairs {
        for third in Self.modePairs {
          try agrees([
            NestedProgram(locks: [0, 1], modes: first),
            NestedProgram(locks: [1, 2], modes: second),
            NestedProgram(locks: [2, 0], modes: third),
          ])
        }
      }
    }
  }

  @Test func `Verdicts on a triple against pairs are those of all interleavings`() throws {
    let triples = sequences(of: LockMode.allCases, length: 3)
    for position in TestTier.positions(0...triples.count - 1, share: 24) {
      let triple = triples[position]
      for second in Self.modePairs {
        for third in Self.modePairs {
          try agrees([
            NestedProgram(locks: [0, 1, 2], modes: triple),
            NestedProgram(locks: [2, 1], modes: second),
            NestedProgram(locks: [1, 0], modes: third),
          ])
        }
      }
    }
  }

  @Test func `Verdicts on random nests are those of all interleavings`() throws {
    try withSeeds(0..<600) { generator in
      let programs = (0..<3).map { _ in
        let locks = [0, 1, 2].shuffled(using: &generator).prefix(
          Int.random(in: 1...3, using: &generator))
        return NestedProgram(
          locks: Array(locks),
          modes: locks.map { _ in LockMode.allCases.randomElement(using: &generator)! })
      }
      try agrees(programs)
    }
  }

  @Test func `Under a common outer lock nothing is feasible`() throws {
    for modes in sequences(of: LockMode.allCases, length: 4) {
      let programs = [
        NestedProgram(locks: [3, 0, 1], modes: [.write] + modes[0..<2]),
        NestedProgram(locks: [3, 1, 0], modes: [.write] + modes[2..<4]),
      ]
      #expect(!DeadlockOracle.canDeadlock(programs))
      let analysis = try analyze(NestedProgram.trace(programs))
      #expect(analysis.findings.allSatisfy { $0.confidence == .excluded }, "\(programs)")
      #expect(
        analysis.findings.allSatisfy {
          $0.confidenceReason == "guarded by D, held around both sides"
        }, "\(programs)")
    }
  }
}
