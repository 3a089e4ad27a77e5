import TestSupport
import Testing

/// Which classes there are and how many cycles are listed, as commands take it.
@Suite("Options of classes and lists")
struct ListingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    "Locks without a class are put together by their init, their first use or not, by each command",
    arguments: [
      ("init", ["pool.c:12"]), ("first-use", ["use.c:1", "use.c:2"]), ("lock", ["a", "b"]),
    ])
  func classes(basis: String, names: [String]) throws {
    let trace = try folder.write(
      """
      T0 init a at=pool.c:12
      T0 init b at=pool.c:12
      T1 acquire a at=use.c:1
      T1 release a
      T1 acquire b at=use.c:2
      T1 release b

      """, to: "t.trace")
    let option = ["--class-by", basis]
    for command in ["analyze", "gate"] {
      let result = try lockdepCheck(arguments: [command, trace, "--format", "json"] + option)
      #expect(try Report(result.output).summary.classes == names.count, "\(command)")
    }
    let table = try lockdepCheck(arguments: ["stats", trace, "--format", "csv"] + option)
    let rows = table.text.split(whereSeparator: \.isNewline).dropFirst()
    #expect(rows.map { $0.prefix { $0 != "," } } == names.map { $0[...] })
    let difference = try lockdepCheck(arguments: ["diff", "/dev/null", trace] + option)
    #expect(
      difference.text.hasPrefix("Classes\n" + names.map { "  + \($0)\n" }.joined() + "\n"))
    let graph = folder.file("t.graph")
    #expect(
      try lockdepCheck(arguments: ["merge", trace, "-o", graph] + option).status == .exited(0))
    let drawn = try lockdepCheck("render", graph, "--format", "dot").text
    for name in ["pool.c:12", "use.c:1", "use.c:2", "a", "b"] {
      #expect(drawn.contains("tooltip=\"\(name)\\n") == names.contains(name), "\(name)")
    }
  }

  @Test("As many cycles are listed as are asked for, and the rest is counted")
  func limit() throws {
    let cycles =
      Traces.feasible + Traces.feasible.replacing("A", with: "C").replacing("B", with: "D")
    let trace = try folder.write(cycles, to: "t.trace")
    for (limit, omitted) in [(1, 1), (2, 0)] {
      let result = try lockdepCheck(
        "analyze", trace, "--max-findings", "\(limit)", "--format", "json")
      let summary = try Report(result.output).summary
      #expect(summary.findings == limit)
      #expect(summary.omittedFindings == omitted)
    }
  }
}
