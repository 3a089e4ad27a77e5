import LockGraphEngine
import TestSupport
import Testing

@Suite struct StrongCycleSearchTests {
  private func cover(_ model: StrongCycleModel, limit: Int = 1000) -> StrongCycleCover {
    var search = StrongCycleSearch(classCount: model.classCount, edges: model.edges, limit: limit)
    return search.cover()
  }

  @Test func `On small graphs the cover is what a search of all paths says it must be`() throws {
    var (pairs, longer) = (0, 0)
    withSeeds(0..<3000) { generator in
      let classes = Int.random(in: 2...6, using: &generator)
      let model = StrongCycleModel.random(
        classes: classes, edges: Int.random(in: 1...(classes * 3), using: &generator),
        using: &generator)
      let all = model.cycles()
      let found = cover(model).cycles.map(\.edges)
      for cycle in found {
        #expect(model.isSimple(cycle), "\(TestContext.description)")
        #expect(all.contains(cycle), "\(TestContext.description): not strong, or begins elsewhere")
      }
      #expect(Set(found).count == found.count, "\(TestContext.description): a cycle twice")
      #expect(
        all.filter { $0.count == 2 }.isSubset(of: Set(found)),
        "\(TestContext.description): a cycle of two classes is missing")
      #expect(
        Set(all.joined()) == Set(found.joined()),
        "\(TestContext.description): an edge is not covered")
      let lengths = found.map(\.count)
      #expect(lengths == lengths.sorted(), "\(TestContext.description): \(lengths)")
      pairs += lengths.count { $0 == 2 }
      longer += lengths.count { $0 > 2 }
    }
    #expect(pairs > 500)
    #expect(longer > 500)
  }

  @Test func `A small cover leaves nothing uncounted`() {
    withSeeds(0..<200) { generator in
      let cover = cover(.random(classes: 6, edges: 14, using: &generator))
      #expect(cover.omittedCycles == 0)
      #expect(cover.uncoveredEdges == 0)
    }
  }

  @Test(arguments: [2, 3, 7, 8, 9, 100, 10_000])
  func `A ring of any length is one cycle`(length: Int) {
    let edges = (0..<length).map {
      StrongCycleSearch.Edge(from: $0, to: ($0 + 1) % length, kinds: .en)
    }
    let cover = cover(StrongCycleModel(edges: edges, classCount: length))
    #expect(cover.cycles.map(\.edges) == [Array(0..<length)])
    #expect(cover.uncoveredEdges == 0)
  }

  @Test func `A long ring with one weak step is no cycle`() {
    let edges = (0..<1000).map {
      StrongCycleSearch.Edge(
        from: $0, to: ($0 + 1) % 1000, kinds: $0 == 500 ? .er : $0 == 501 ? .sn : .en)
    }
    #expect(cover(StrongCycleModel(edges: edges, classCount: 1000)).cycles.isEmpty)
  }

  @Test func `Of a complete graph the limit is listed and the rest counted`() {
    var edges: [StrongCycleSearch.Edge] = []
    for from in 0..<200 {
      for to in 0..<200 where to != from { edges.append(.init(from: from, to: to, kinds: .en)) }
    }
    let cover = cover(StrongCycleModel(edges: edges, classCount: 200))
    #expect(cover.cycles.count == 1000)
    #expect(cover.cycles.allSatisfy { $0.edges.count == 2 })
    #expect(cover.omittedCycles == 18_900)
  }

  @Test func `A ring of ten thousand locks in a trace is one finding`() throws {
    var text = ""
    for lock in 0..<10_000 {
      let next = (lock + 1) % 10_000
      text += "T\(lock % 3) acquire L\(lock)\nT\(lock % 3) acquire L\(next)\n"
      text += "T\(lock % 3) release L\(next)\nT\(lock % 3) release L\(lock)\n"
    }
    let analysis = try analyze(text)
    #expect(analysis.findings.count == 1)
    #expect(analysis.findings.first?.classes.count == 10_000)
    #expect(TextReport(analysis).text.utf8.count < 20_000)
  }

  @Test func `A large graph is done with`() {
    var generator = SeededGenerator(seed: 11)
    let classes = TestTier.isAll ? 100_000 : 20_000
    var keys: Set<Int> = []
    while keys.count < 10 * classes {
      let pair = (
        Int.random(in: 0..<classes, using: &generator),
        Int.random(in: 0..<classes, using: &generator)
      )
      if pair.0 != pair.1 { keys.insert(pair.0 * classes + pair.1) }
    }
    let edges = keys.sorted().map {
      StrongCycleSearch.Edge(from: $0 / classes, to: $0 % classes, kinds: .en)
    }
    var search = StrongCycleSearch(classCount: classes, edges: edges, limit: 100, work: 2_000_000)
    let cover = search.cover()
    #expect(cover.cycles.count <= 100)
    #expect(cover.uncoveredEdges > 0)
  }
}
