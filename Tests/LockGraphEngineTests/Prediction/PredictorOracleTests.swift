import TestSupport
import Testing

@testable import LockGraphEngine

/// What is decided of small random runs, against all states that they can come to.
@Suite struct PredictorOracleTests {
  private struct Counts {
    var patterns = 0
    var predicted = 0
    var excluded = 0
    var ordered = 0
    var undecided = 0
  }

  @Test(arguments: 0..<10)
  func `What is predicted can happen, and what is refuted cannot`(part: UInt64) throws {
    var counts = Counts()
    try withSeeds(part * 100_000..<part * 100_000 + 300) { generator in
      let shape = RandomRun.Shape(using: &generator)
      check(RandomRun(shape, using: &generator), &counts)
    }
    #expect(counts.predicted > 50 && counts.excluded > 20)
    // Nothing so small is left open.
    #expect(counts.undecided * 50 < counts.patterns)
  }

  private func check(_ run: RandomRun, _ counts: inout Counts) {
    let (execution, operations) = run.execution()
    var search = PatternSearch(execution, work: 100_000)
    var patterns: [DeadlockPattern] = []
    for length in 2...4 {
      _ = search.run(.any(length)) { pattern in
        patterns.append(pattern)
        return patterns.count < 200
      }
    }
    guard !patterns.isEmpty,
      let kept = reachable(patterns, run, execution, operations, keepsData: true, keepsPairs: true),
      let real = reachable(
        patterns, run, execution, operations, keepsData: true, keepsPairs: false),
      let free = reachable(
        patterns, run, execution, operations, keepsData: false, keepsPairs: false)
    else { return }
    let predictor = Predictor(execution: execution)
    for (number, pattern) in patterns.enumerated() {
      counts.patterns += 1
      let context = "\(pattern) of\n\(run.text)\(TestContext.description)"
      switch predictor.decide(pattern) {
      case .predicted(let witness):
        counts.predicted += 1
        #expect(kept[number] && real[number], "predicted: \(context)")
        #expect(runs(witness, run, operations), "\(witness) does not run: \(context)")
      case .refuted(let refutation):
        #expect(!kept[number], "refuted: \(context)")
        guard refutation.causes.isEmpty else {
          counts.ordered += 1
          continue
        }
        counts.excluded += 1
        #expect(!free[number], "excluded: \(context)")
      case .undecided: counts.undecided += 1
      }
    }
  }

  /// Which patterns some state has all threads of at their requests; `nil` if there are too many
  /// states.
  private func reachable(
    _ patterns: [DeadlockPattern], _ run: RandomRun, _ execution: Execution,
    _ operations: [UInt32: Int], keepsData: Bool, keepsPairs: Bool
  ) -> [Bool]? {
    let oracle = RunOracle(run, keepsData: keepsData, keepsPairs: keepsPairs)
    let requests = execution.requests.map { group in
      Set(group.events.compactMap { operations[$0] })
    }
    var found = patterns.map { _ in false }
    let isWhole = oracle.visitStates(limit: 100_000) { state in
      for (number, pattern) in patterns.enumerated() where !found[number] {
        found[number] = pattern.groups.allSatisfy { group in
          guard let next = oracle.next(state, Int(execution.requests[group].thread)) else {
            return false
          }
          return requests[group].contains(next) && oracle.isRequested(next, state)
        }
      }
    }
    return isWhole ? found : nil
  }

  /// Whether a schedule's operations can come in its order and lead to its requests.
  private func runs(
    _ witness: Predictor.Witness, _ run: RandomRun, _ operations: [UInt32: Int]
  ) -> Bool {
    let oracle = RunOracle(run, keepsData: true, keepsPairs: false)
    var states: Set<RunOracle.State> = [oracle.start]
    /// What stands in no schedule, as taking a lock again, comes with what follows it.
    func advance(_ thread: Int, to operation: Int) {
      while let next = states.first.flatMap({ oracle.next($0, thread) }), next <= operation {
        states = Set(states.flatMap { oracle.step($0, thread) })
      }
    }
    for event in witness.schedule {
      guard let operation = operations[event] else { continue }
      advance(run.events[operation].thread, to: operation)
    }
    let requests = witness.requests.compactMap { operations[$0] }
    for request in requests { advance(run.events[request].thread, to: request - 1) }
    return states.contains { state in requests.allSatisfy { oracle.isRequested($0, state) } }
  }
}
