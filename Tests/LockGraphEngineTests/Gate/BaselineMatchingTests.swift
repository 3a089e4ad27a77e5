import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct BaselineMatchingTests {
  private func finding(_ fingerprint: String, _ lineFree: String) -> Finding {
    Finding(
      fingerprint: fingerprint, lineFreeFingerprint: lineFree, rule: .heldAtExit, severity: .error,
      title: "", classes: [], edges: [], events: [], occurrences: 1)
  }

  private func entry(_ fingerprint: String, _ lineFree: String) -> Baseline.Entry {
    .init(
      fingerprint: fingerprint, lineFreeFingerprint: lineFree, rule: .heldAtExit, title: "",
      classes: [])
  }

  @Test func `Entries and findings are matched as a model does that compares all with all`() {
    var (exact, moved, left) = (0, 0, 0)
    withSeeds(0..<3000) { generator in
      // Few words, so that there is much to choose from; a fingerprint belongs to one line-free
      // one.
      func word() -> Int { Int.random(in: 0..<12, using: &generator) }
      let findings = (0..<Int.random(in: 0...8, using: &generator)).map { _ in word() }
      let entries = Set((0..<Int.random(in: 0...8, using: &generator)).map { _ in word() })
        .shuffled(using: &generator)
      let isOpen = findings.map { _ in Bool.random(using: &generator) }
      let claims = BaselineMatching(
        findings.map { finding("f\($0)", "l\($0 % 4)") }, isOpen: isOpen,
        Baseline(name: "b", entries: entries.map { entry("f\($0)", "l\($0 % 4)") })
      ).claims

      var taken: Set<Int> = []
      for (number, word) in findings.enumerated() {
        guard let same = entries.firstIndex(of: word) else { continue }
        #expect(claims[number] == same, "\(TestContext.description)")
        taken.insert(same)
        exact += 1
      }
      for turn in [true, false] {
        for (number, word) in findings.enumerated()
        where isOpen[number] == turn && !entries.contains(word) {
          let free = entries.indices.first { !taken.contains($0) && entries[$0] % 4 == word % 4 }
          #expect(claims[number] == free, "\(TestContext.description)")
          if let free { taken.insert(free) }
          (moved, left) = (moved + (free == nil ? 0 : 1), left + (free == nil ? 1 : 0))
        }
      }
    }
    #expect(min(exact, moved, left) > 1000)
  }

  @Test func `One entry excuses one finding that moved`() {
    let moved = BaselineMatching(
      [finding("a", "k"), finding("b", "k"), finding("c", "k")], isOpen: [true, true, true],
      Baseline(name: "b", entries: [entry("x", "k"), entry("y", "k"), entry("z", "other")]))
    #expect(moved.claims == [0, 1, nil])
  }

  @Test
  func
    `A finding that is there claims before one that moved, and one that fails before one that does not`()
  {
    let entries = Baseline(name: "b", entries: [entry("a", "k"), entry("b", "k")])
    #expect(
      BaselineMatching(
        [finding("m", "k"), finding("n", "k"), finding("a", "k")], isOpen: [false, true, true],
        entries
      ).claims == [nil, 1, 0])
  }
}
