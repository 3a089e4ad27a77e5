import LockGraphEngine
import TestSupport
import Testing

/// The rules that look at single events, on random events that need not make sense, against their
/// letter.
@Suite struct BalanceModelTests {
  private static let rules: Set<Rule> = [
    .invalidWaitContext, .nestNotHeld, .releaseNotHeld, .heldAtExit, .destroyedWhileHeld,
    .assertionFailed, .pinViolated, .unbalancedContext, .waitWhileHolding,
  ]

  /// Not those that any thread may release.
  private static let kinds: [LockKind?] =
    LockKind.allCases.filter { $0 != .semaphore && $0 != .completion } + [nil, nil, nil]

  @Test(arguments: [4, 12, 40, 120])
  func `What is found in random events is what the rules say`(count: Int) throws {
    var found: [Rule: Int] = [:]
    let seeds = UInt64(count) * 10_000
    try withSeeds(seeds..<seeds + UInt64(12_000 / count)) { generator in
      let threads = Int.random(in: 1...3, using: &generator)
      var soup = RandomSoup(
        threads: threads, locks: Int.random(in: 1...5, using: &generator), events: count,
        kinds: Self.kinds, using: &generator)
      var model = BalanceModel(kinds: soup.kinds, threads: threads)
      soup.events.removeAll { thread, event in
        if model.isAmbiguous(event, by: thread) { return true }
        model.run(event, by: thread)
        return false
      }
      let findings = try analyze(soup.trace).findings.filter { Self.rules.contains($0.rule) }
      let violations = Set(findings.map(violation))
      let missing = model.violations.subtracting(violations).sorted()
      let extra = violations.subtracting(model.violations).sorted()
      #expect(
        missing.isEmpty && extra.isEmpty,
        "not found: \(missing), not expected: \(extra): \(soup.trace); \(TestContext.description)")
      for violation in violations { found[violation.rule, default: 0] += 1 }
    }
    if count > 4 { #expect(Set(found.keys) == Self.rules) }
  }

  private func violation(_ finding: Finding) -> BalanceModel.Violation {
    switch (finding.rule, finding.events.first?.role) {
    // What is held there is one of several locks that may not be.
    case (.invalidWaitContext, .sleep): BalanceModel.Violation(finding.rule, "sleep")
    default: BalanceModel.Violation(finding.rule, finding.classes.first ?? "")
    }
  }
}
