import LockGraphEngine
import TestSupport
import Testing

/// Releases and initialisations, for every sort of lock.
@Suite struct BalanceSelfTests {
  @Test(arguments: Flavour.all)
  func `A second release is one too many`(_ flavour: Flavour) throws {
    let script = Script(
      sections: [[flavour.use("A").acquire, "release A", "release A"]],
      preamble: flavour.making(["A"]))
    #expect(try script.verdicts() == ["release-not-held A"])
    // As many as there were acquisitions are not.
    let readers = Script(
      sections: [
        [flavour.use("A").acquire, flavour.use("A").acquire, "release A", "release A"]
      ], preamble: flavour.making(["A"]))
    #expect(try !readers.verdicts().contains("release-not-held A"))
  }

  @Test(arguments: Flavour.all)
  func `A release in another thread is one too many and names the holder`(
    _ flavour: Flavour
  ) throws {
    let script = Script(
      sections: [[flavour.use("A").acquire], ["release A"]], preamble: flavour.making(["A"]))
    let finding = try #require(analyze(script.text).findings.first)
    #expect(finding.rule == .releaseNotHeld)
    #expect(finding.title == "T2 releases A, which T1 holds")
  }

  @Test(arguments: Flavour.all)
  func `Releases may come in any order`(_ flavour: Flavour) throws {
    let names = ["A", "B", "C"]
    for order in permutations(of: names) {
      let script = Script(
        sections: [names.map { flavour.use($0).acquire } + order.map { "release \($0)" }],
        preamble: flavour.making(names))
      let analysis = try analyze(script.text)
      #expect(analysis.verdicts.isEmpty, "\(order)")
      #expect(analysis.graph.dependencies.count == 3)
    }
  }

  @Test(arguments: Flavour.all)
  func `A lock that was released out of order is no source of later edges, and others stay`(
    _ flavour: Flavour
  ) throws {
    let takes = ["A", "B", "C"].map { flavour.use($0).acquire }
    let script = Script(
      sections: [[takes[0], takes[1], "release A", takes[2]]],
      preamble: flavour.making(["A", "B", "C"]))
    let edges = try analyze(script.text).edges.compactMap { $0.split(separator: "[").first }
    #expect(edges == ["A -> B ", "B -> C "])
  }

  @Test(arguments: Flavour.all, Script.Threads.allCases)
  func `A held lock that is made again is a finding, whoever does it`(
    _ flavour: Flavour, _ threads: Script.Threads
  ) throws {
    let again = flavour.making(["A"])
    let script = Script(
      sections: [[flavour.use("A").acquire], again], threads: threads, preamble: again)
    #expect(try script.verdicts() == ["destroyed-while-held A"])
    let free = Script(
      sections: [nest(flavour.use("A")), again], threads: threads, preamble: again)
    #expect(try free.verdicts().isEmpty)
  }
}
