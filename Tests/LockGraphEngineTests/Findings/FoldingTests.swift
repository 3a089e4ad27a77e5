import TestSupport
import Testing

@testable import LockGraphEngine

/// Findings that differ in their locks alone are one [semantics 26].
@Suite struct FoldingTests {
  private func joined(_ parts: String...) -> String { parts.joined() }

  private func nesting(
    _ thread: String, _ outer: String, _ inner: String, _ places: (String, String)
  ) -> String {
    joined(
      "\(thread) acquire \(outer) \(places.0)\n", "\(thread) acquire \(inner) \(places.1)\n",
      "\(thread) release \(inner)\n", "\(thread) release \(outer)\n")
  }

  private func stack(_ function: String, _ line: Int = 1) -> String {
    "at=\(function).c:\(line) stack=\(function)+0x1\(line % 8);caller;main"
  }

  /// Both orders of two locks, by the functions that take them.
  private func inversion(
    _ one: String, _ other: String, _ there: (String, String), _ back: (String, String)
  ) -> String {
    let forth = nesting("T1", one, other, (stack(there.0), stack(there.1)))
    return forth + nesting("T2", other, one, (stack(back.0, 2), stack(back.1, 3)))
  }

  // MARK: Servers

  @Test func `What a resolver's thousands of locks show at few places is few findings`() throws {
    let analysis = try analyze(ServerRecording.resolver(entries: 1500, seed: 1))
    #expect(analysis.verdicts.count == 2 && analysis.summary.omittedFindings == 0)
    for finding in analysis.findings {
      #expect(finding.rule == .lockOrderInversion && finding.confidence == .feasible)
      #expect(finding.fold?.count == 750 && finding.fold?.examples.count == 3)
    }
  }

  @Test func `What a logger's messages show at one place is one note`() throws {
    let analysis = try analyze(ServerRecording.logger(messages: 900, seed: 2))
    #expect(analysis.findings.map(\.rule) == [.waitWhileHolding])
    #expect(analysis.findings[0].fold?.count == 900)
    #expect(analysis.findings[0].occurrences == 900)
    #expect(try analyze(ServerRecording.logger(messages: 1, seed: 2)).findings[0].fold == nil)
  }

  @Test func `The same server has the same fingerprints in another run and as a graph file`() throws
  {
    let (one, other) = (
      ServerRecording.resolver(entries: 40, seed: 3), ServerRecording.resolver(entries: 90, seed: 4)
    )
    let fingerprints = try analyze(one).findings.map(\.fingerprint).sorted()
    #expect(fingerprints.count == 2)
    #expect(try analyze(other).findings.map(\.fingerprint).sorted() == fingerprints)
    for text in [one, ServerRecording.logger(messages: 30, seed: 5)] {
      let direct = try analyze(text)
      let file = try merged([NamedInput("1.trace", text)])
      let loaded = try analyze([NamedInput("1.graph", file)])
      #expect(loaded.findings.map(\.fingerprint) == direct.findings.map(\.fingerprint))
      #expect(loaded.findings.map(\.fold?.count) == direct.findings.map(\.fold?.count))
    }
  }

  @Test func `A baseline of folds excuses another run, and nothing at another place`() throws {
    let known = try analyze(ServerRecording.resolver(entries: 40, seed: 3))
    var gate = Gate(today: CalendarDate("2026-06-15")!)
    let baseline = gate.baseline(recording: known, name: "b.json")
    #expect(baseline.entries.count == 2)
    gate.baseline = baseline
    let again = try analyze(ServerRecording.resolver(entries: 70, seed: 8))
    #expect(gate.verdict(on: again).isPassed)
    let changed = try analyze(
      ServerRecording.resolver(entries: 70, seed: 8, further: "reclaim_space"))
    let verdict = gate.verdict(on: changed)
    #expect(changed.findings.count == 3 && !verdict.isPassed)
    #expect(verdict.standings.count(where: \.isViolation) == 1)
  }

  @Test func `The limit of listed inversions is one of folds`() throws {
    let text = ServerRecording.resolver(entries: 60, seed: 3)
    #expect(try analyze(text, inversionLimit: 2).summary.omittedFindings == 0)
    let bounded = try analyze(text, inversionLimit: 1)
    #expect(bounded.findings.count == 1 && bounded.summary.omittedFindings == 1)
  }

  // MARK: What tells findings apart

  @Test func `Functions and files are told apart, lines and offsets in them are not`() throws {
    let text = inversion("a", "b", ("f", "g"), ("h", "i"))
    let same = joined(
      nesting("T1", "c", "d", (stack("f", 77), stack("g", 78))),
      nesting("T2", "d", "c", (stack("h", 79), stack("i", 80))))
    #expect(try analyze(text + same).findings.map(\.fold?.count) == [2])
    for (there, back) in [("Fg", "hi"), ("fG", "hi"), ("fg", "hI")] {
      let names = (there + back).map { String($0) }
      let both = joined(
        text, inversion("c", "d", (names[0], names[1]), (names[2], names[3])))
      #expect(try analyze(both).findings.map(\.fold) == [nil, nil])
    }
  }

  @Test func `Two bugs of one pair of locks are two findings`() throws {
    let analysis = try analyze(
      joined(
        inversion("a", "b", ("f", "g"), ("h", "i")), inversion("a", "b", ("f", "g"), ("j", "k"))))
    #expect(analysis.findings.count == 2)
    #expect(Set(analysis.findings.map(\.fingerprint)).count == 2)
    func release(_ function: String) -> String {
      "T1 release x at=\(function).c:1 stack=\(function);main\n"
    }
    let violations = try analyze(joined(release("f"), release("g"), release("f"))).findings
    #expect(violations.map(\.occurrences).sorted() == [1, 2])
    #expect(violations.allSatisfy { $0.fold == nil })
  }

  @Test func `Callers tell places apart up to the third frame`() throws {
    func text(_ frames: String) -> String {
      "T1 release x\(frames.count) stack=\(frames)\n"
    }
    #expect(try analyze(text("f;g;h;i") + text("f;g;h;jj")).findings.count == 1)
    #expect(try analyze(text("f;g;h;i") + text("f;g;kk;i")).findings.count == 2)
  }

  @Test func `Stated classes are the identity whatever the places are`() throws {
    let classes = "T9 init a class=A\nT9 init b class=B\n"
    let found = try ["f", "F"].map {
      try analyze(classes + inversion("a", "b", ($0, "g"), ("h", "i"))).findings
    }
    #expect(found.map(\.count) == [1, 1])
    #expect(found[0][0].fingerprint == found[1][0].fingerprint)
    let both = try analyze(
      joined(
        classes, inversion("a", "b", ("f", "g"), ("h", "i")),
        inversion("a", "b", ("j", "g"), ("h", "i")))
    ).findings
    #expect(both.map(\.fingerprint) == [found[0][0].fingerprint])
  }

  @Test func `A stated class beside one that is not is part of what tells findings apart`() throws {
    let text = joined(
      inversion("a", "x1", ("f", "g"), ("h", "i")), inversion("b", "x2", ("f", "g"), ("h", "i")))
    func classes(_ one: String, _ other: String) -> String {
      "T9 init a class=\(one)\nT9 init b class=\(other)\n"
    }
    #expect(try analyze(classes("A", "A") + text).findings.map(\.fold?.count) == [2])
    #expect(try analyze(classes("A", "B") + text).findings.count == 2)
  }

  @Test func `Without places locks are told apart by their names, as they were`() throws {
    let bare = try analyze(
      "T1 acquire a\nT1 acquire b\nT1 exit\nT2 acquire b\nT2 acquire a\n"
    ).findings(.lockOrderInversion)
    let classed = try analyze(
      "T1 acquire x class=a\nT1 acquire y class=b\nT1 exit\nT2 acquire y\nT2 acquire x\n"
    ).findings(.lockOrderInversion)
    #expect(bare.map(\.fingerprint) == classed.map(\.fingerprint) && bare.count == 1)
  }

  @Test func `An exception holds for a fold if it means all that is in it`() throws {
    let analysis = try analyze(
      joined(
        inversion("a1", "b1", ("f", "g"), ("h", "i")),
        inversion("a2", "b2", ("f", "g"), ("h", "i"))))
    #expect(analysis.findings.count == 1)
    func isExcused(_ classes: [String]) -> Bool {
      var gate = Gate(today: CalendarDate("2026-06-15")!)
      gate.ignores = [
        GateIgnore(
          rule: .lockOrderInversion, classes: classes.map { ClassPattern($0) }, reason: "",
          source: "")
      ]
      return gate.verdict(on: analysis).isPassed
    }
    #expect(isExcused(["a*", "b*"]) && !isExcused(["a1", "b1"]) && !isExcused(["a2", "b2"]))
  }

  @Test func `The surest stands for a fold, which tells of which locks`() throws {
    let gate = "acquire G at=g.c:1 stack=gate\n"
    let gated = joined(
      "T1 \(gate)", nesting("T1", "a", "b", (stack("f"), stack("g"))), "T1 release G\n",
      "T2 \(gate)", nesting("T2", "b", "a", (stack("h"), stack("i"))), "T2 release G\n")
    let analysis = try analyze(gated + inversion("y", "z", ("f", "g"), ("h", "i")))
    #expect(analysis.findings.map(\.confidence) == [.feasible])
    #expect(analysis.findings[0].fold?.examples.map(\.confidence) == [.feasible, .excluded])
    #expect(analysis.findings[0].fold?.examples.map(\.locks) == [["y", "z"], ["a", "b"]])
    let text = TextReport(analysis).text
    #expect(text.contains("stands for 2 findings that differ in their locks alone"))
  }

  // MARK: A model

  /// A nesting of two locks, told by the functions in which they are taken.
  private struct Nesting: Hashable {
    var pair: Int
    var isForth: Bool
    var thread: Int
    var outer: Int
    var inner: Int
  }

  @Test func `Folding joins what is at the same places and nothing else, in random programs`()
    throws
  {
    try withSeeds(0..<200) { generator in
      func random(_ count: Int) -> Int { Int.random(in: 0..<count, using: &generator) }
      let nestings = (0..<(4 + random(40))).map { _ in
        Nesting(
          pair: random(5), isForth: Bool.random(using: &generator), thread: random(3),
          outer: random(3), inner: random(3))
      }
      func text(_ nestings: [Nesting]) -> String {
        nestings.map { step in
          let locks = ["p\(step.pair)", "q\(step.pair)"]
          return nesting(
            "T\(step.thread)", locks[step.isForth ? 0 : 1], locks[step.isForth ? 1 : 0],
            (stack("f\(step.outer)", step.outer), stack("g\(step.inner)", step.thread)))
        }.joined()
      }
      // By brute force: of each pair of locks every way there with every way back.
      var found: [[[Int]]: Set<[[Int]]>] = [:]
      for there in nestings where there.isForth {
        for back in nestings where !back.isForth && back.pair == there.pair {
          let ways = [[there.outer, there.inner], [back.outer, back.inner]]
          found[ways.sorted { $0.lexicographicallyPrecedes($1) }, default: []].insert(
            [[there.pair]] + ways)
        }
      }
      let findings = try analyze(text(nestings)).findings(.lockOrderInversion)
      #expect(findings.count == found.count, "\(TestContext.description)")
      for finding in findings {
        let ways = finding.edges.map(Self.functions).sorted { $0.lexicographicallyPrecedes($1) }
        let members = found[ways]?.count
        #expect((finding.fold?.count ?? 1) == members, "\(TestContext.description)")
      }
      let fingerprints = findings.map(\.fingerprint).sorted()
      #expect(Set(fingerprints).count == findings.count)
      let reversed = try analyze(text(nestings.reversed())).findings(.lockOrderInversion)
      #expect(
        reversed.map(\.fingerprint).sorted() == fingerprints, "\(TestContext.description)")
    }
  }

  /// In which functions the two locks of a dependency are taken.
  private static func functions(_ edge: FindingEdge) -> [Int] {
    [edge.witnesses[0].held, edge.witnesses[0].wanted].map { lock in
      Int(lock.stack[0].dropFirst().prefix(1))!
    }
  }
}
