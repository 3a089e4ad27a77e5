import TestSupport
import Testing

@testable import LockGraphEngine

/// The words of potential and real deadlocks: they are true of what was seen.
@Suite struct ScenarioTests {
  private func report(_ text: String) throws -> String {
    try TextReport(analyze(text)).text.split(whereSeparator: \.isNewline)
      .map { $0.split(separator: " ").joined(separator: " ") }.joined(separator: " ")
  }

  private static let pools = """
    h1 acquire pool class=Pool
    h1 acquire conn7 class=Conn
    h1 release pool
    h1 acquire pool
    h1 release pool
    h1 release conn7
    h2 acquire pool class=Pool
    h2 acquire conn8 class=Conn
    h2 release conn8
    h2 release pool

    """

  @Test func `An order says what would have to meet and not what nobody holds`() throws {
    let report = try report(Self.pools)
    #expect(report.contains("What would have to meet"))
    #expect(!report.contains("What could happen"))
    #expect(
      report.contains("It takes conn8 and conn7 to be one lock; then each waits for the next."))
    #expect(!report.contains("for ever"))
  }

  @Test func `One thread is one column`() throws {
    let text = "t acquire a\nt acquire b\nt release b\nt release a\nt acquire b\nt acquire a\n"
    let lines = try TextReport(analyze(text)).text.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.contains("What would have to meet") })
    #expect(lines[start + 1].split(separator: " ") == ["t"])
    #expect(try report(text).contains("at another time holds b"))
    #expect(try report(text).contains("It takes 2 threads to be there at once"))
  }

  @Test func `One thread is told once where there is no room for columns`() throws {
    let text = """
      t acquire a at=/a/path/that/is/longer/than/the/whole/line/of/a/narrow/terminal.c:1
      t acquire b
      t release b
      t release a
      t acquire b
      t acquire a

      """
    let lines = try TextReport(analyze(text), width: 60).text.split(separator: "\n")
    let start = try #require(lines.firstIndex { $0.contains("What would have to meet") })
    let end = try #require(lines.firstIndex { $0.contains("It takes 2 threads") })
    #expect(lines[start..<end].count { $0 == "    t" } == 1)
    #expect(lines[start..<end].contains("      at another time"))
    #expect(!lines[start..<end].contains { $0.contains("waits for") })
  }

  @Test func `A thread that an interrupt and an order need twice is one column`() throws {
    let text = """
      t enter hardirq
      t acquire a
      t release a
      t leave hardirq
      t acquire a
      t acquire b
      t release b
      t release a
      t acquire b
      t release b

      """
    let analysis = try analyze(text)
    let finding = try #require(analysis.findings(.contextOrderInversion).first)
    let lines = TextReport(finding: finding, width: 120).text.split(separator: "\n")
    #expect(lines.count { $0.split(separator: " ") == ["t"] } == 1)
    #expect(
      lines.contains("    and as many threads as places would wait for each other, for ever."))
  }

  @Test func `Threads without a name may be several, and are told apart`() throws {
    var finding = try #require(
      analyze("t acquire a\nt acquire b\nt release b\nt release a\nt acquire b\nt acquire a\n")
        .findings.first)
    for index in finding.edges.indices {
      finding.edges[index].witnesses[0].thread = Witness.unknownThread
    }
    let text = TextReport(finding: finding).text
    #expect(!text.contains("at another time") && !text.contains("2 threads to be there"))
    #expect(text.contains("unknown thread                         unknown thread\n"))
  }

  @Test func `A reader that reads again waits behind a writer in between`() throws {
    let alone = "t acquire l read kind=rwlock\nt acquire l read\n"
    for text in [alone, alone + "x acquire l\n"] {
      let report = try report(text)
      #expect(report.contains("a writer comes to wait for l"))
      #expect(!report.contains("only it can release"))
      #expect(!report.contains("waits for itself"))
      #expect(report.contains("recursive-read"))
    }
    #expect(try report(alone).contains("ordering: it needs a writer of l; none was seen."))
  }

  @Test(arguments: [
    ("t join t\n", "detach it"),
    ("w acquire m\nw exit\nx request m\n", "on every way out of the thread"),
    ("t acquire q kind=queue\nt request q\n", "(async)"),
    ("t acquire l read\nt request l\n", "take it upgradably"),
    ("t acquire m kind=mutex\nt request m\n", "pass on that it is held"),
    (
      "w request l\nmain acquire l\nw release l\nw request l\nmain join w\n",
      "before it waits for the end of w"
    ),
    ("a acquire x\nb acquire y\na request y\nb request x\n", "Give the locks one order"),
    ("a acquire l read\nb acquire l read\na request l\nb request l\n", "take it upgradably"),
  ])
  func `What helps fits what hangs`(text: String, advice: String) throws {
    let analysis = try analyze(text)
    let finding = try #require(analysis.findings(.deadlock).first)
    var report = TextReport(finding: finding).text
    report = report.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(report.contains(advice), "\(report)")
    if advice != "Give the locks one order" {
      #expect(!report.contains("Give the locks one order"))
    }
  }

  @Test func `Writing is told of locks that can be read`() throws {
    let plain = try report("w acquire m\nw exit\n")
    #expect(plain.contains("w holds m, taken"))
    let known = try report("w acquire m kind=rwlock\nw exit\n")
    #expect(known.contains("w holds m (write), taken"))
  }

  @Test func `A join under a lock is told by its two threads`() throws {
    let report = try report(
      "w acquire l at=w.c:1\nw release l\nmain acquire l at=m.c:1\nmain join w at=m.c:2\n")
    #expect(report.contains("waits for the end of w"))
    #expect(report.contains("has not ended"))
    #expect(report.contains("Release l before waiting for the end of w."))
  }
}
