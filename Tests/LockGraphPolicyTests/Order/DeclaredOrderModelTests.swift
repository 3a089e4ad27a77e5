import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphPolicy

/// Compares the declared orders with a model that relates everything to everything.
@Suite struct DeclaredOrderModelTests {
  private static let classes = ["A", "B", "AB", "A/1", "B/1", "C", "CA"]
  private static let patterns = ["A", "B", "AB", "A/1", "C", "A*", "?B", "*", "C*", "D"]

  /// The position of each name in a chain, looked for pattern by pattern.
  private func position(of name: String, in chain: [[String]]) -> Int? {
    var best: (rank: [Int], position: Int)?
    let base = name.hasSuffix("/1") ? String(name.dropLast(2)) : nil
    var number = 0
    for (position, group) in chain.enumerated() {
      for text in group {
        number += 1
        let hasWildcard = text.contains("*") || text.contains("?")
        let rank: [Int]
        if text == name, !hasWildcard {
          rank = [0]
        } else if text == base, !hasWildcard {
          rank = [1]
        } else if hasWildcard, ClassPattern(text).matches(name) {
          rank = [2, -text.count { $0 != "*" && $0 != "?" }, number]
        } else {
          continue
        }
        if best.map({ rank.lexicographicallyPrecedes($0.rank) }) ?? true { best = (rank, position) }
      }
    }
    return best?.position
  }

  /// Everything that is before something, closed; a text with wildcards stands where it is written.
  private func closure(_ chains: [[[String]]], _ classes: [String]) -> [[Bool]] {
    let words = chains.joined().joined()
    let symbols = Set(words.filter { $0.contains("*") || $0.contains("?") }).sorted()
    let names =
      classes + Set(words.filter { !symbols.contains($0) && !classes.contains($0) }).sorted()
    let count = names.count + symbols.count
    var before = Array(repeating: Array(repeating: false, count: count), count: count)
    for chain in chains {
      let positions =
        names.map { position(of: $0, in: chain) }
        + symbols.map { symbol in chain.firstIndex { $0.contains(symbol) } }
      for one in 0..<count {
        for other in 0..<count {
          if let first = positions[one], let second = positions[other], first < second {
            before[one][other] = true
          }
        }
      }
    }
    for middle in 0..<count {
      for one in 0..<count where before[one][middle] {
        for other in 0..<count where before[middle][other] { before[one][other] = true }
      }
    }
    return before
  }

  @Test
  func
    `Declared orders forbid what follows from them, and contradict each other where the model says so`()
    throws
  {
    let pairs = Self.classes.flatMap { one in Self.classes.map { (one, $0) } }.filter { $0 != $1 }
    var analysis = try analyze(nestings(pairs))
    let graph = analysis.graph
    #expect(graph.dependencies.count == pairs.count)
    analysis.findings = []
    var (contradictions, forbidden) = (0, 0)
    withSeeds(0..<1500) { generator in
      let chains = (0..<Int.random(in: 1...4, using: &generator)).map { _ -> [[String]] in
        let words = Self.patterns.shuffled(using: &generator)
          .prefix(Int.random(in: 1...4, using: &generator))
        return words.reduce(into: [[String]]()) { groups, word in
          if groups.isEmpty || Int.random(in: 0..<4, using: &generator) > 0 { groups.append([]) }
          groups[groups.count - 1].append(word)
        }
      }
      let before = closure(chains, graph.classes.map(\.name))
      let isContradictory = before.indices.contains { before[$0][$0] }
      var order = DeclaredOrder(document: TextDocument(name: "p.yml", bytes: []))
      order.chains = chains.map { chain in
        DeclaredOrder.Chain(
          word: "levels",
          groups: chain.map { $0.map { .init(pattern: ClassPattern($0), line: 1, offset: 0) } })
      }
      do throws(TraceError) {
        var check = try OrderCheck(order, classes: graph.classes.map(\.name))
        #expect(!isContradictory, "\(TestContext.description): \(chains)")
        for dependency in graph.dependencies {
          let expected = before[dependency.to][dependency.from]
          #expect(
            (check.violation(by: dependency) != nil) == expected,
            "\(TestContext.description): \(chains), \(dependency)")
          forbidden += expected ? 1 : 0
        }
      } catch {
        #expect(isContradictory, "\(TestContext.description): \(chains)")
        contradictions += 1
      }
    }
    #expect(contradictions > 200)
    #expect(forbidden > 5000)
  }
}
