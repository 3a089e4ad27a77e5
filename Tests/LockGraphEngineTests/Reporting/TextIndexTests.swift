import TestSupport
import Testing

@testable import LockGraphEngine

/// The list at the beginning of long reports, and what is folded.
@Suite struct TextIndexTests {
  private func analysis(_ count: Int) throws -> Analysis {
    try analyze(
      (0..<count).map { "t acquire l\($0) at=x\($0).c:\($0 + 1)\n" }.joined() + "t exit\n")
  }

  @Test func `There is a list where there are more than three findings`() throws {
    #expect(try TextReport(analysis(3)).text.hasPrefix("#1 error"))
    let text = try TextReport(analysis(4)).text
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == "4 findings")
    #expect(lines[1] == "  #1 error: t ends while it holds l0 at x0.c:1")
    #expect(lines[4] == "  #4 error: t ends while it holds l3 at x3.c:4")
    #expect(lines[5].isEmpty && lines[6].hasPrefix("#1 error"))
    let many = try TextReport(analysis(70)).text
    #expect(many.contains("  … 10 more findings …\n"))
    #expect(many.contains("   #9 error: t ends while it holds l16 at x16.c:17\n"))
  }

  @Test func `What is excused is a line at the end and in no list`() throws {
    let analysis = try analysis(6)
    var standings = Array(repeating: GateVerdict.Standing.failing, count: 6)
    standings[1] = .known(GateException(reason: "later", source: "b.json:3"))
    standings[2] = .ignored(GateException(source: "p.yml:1"))
    let text = TextReport(
      analysis, verdict: GateVerdict(standings: standings), width: 200
    ).text
    #expect(text.contains("4 findings\n"))
    #expect(text.contains("and 2 excused ones, at the end\n"))
    #expect(text.ranges(of: "holds l1").count == 1)
    let fingerprint = analysis.findings[1].fingerprint
    #expect(
      text.contains(
        "2 excused findings\n  #2 error: t ends while it holds l1 [held-at-exit]; known: "
          + "later (b.json:3); fingerprint \(fingerprint)\n"))
    #expect(text.contains("6 findings: 6 errors; 2 of them excused.\n"))
    standings[1] = .expired(GateException(reason: "later", source: "b.json:3"))
    let expired = TextReport(analysis, verdict: GateVerdict(standings: standings)).text
    #expect(expired.contains("   expired: later (b.json:3)\n"))
  }
}
