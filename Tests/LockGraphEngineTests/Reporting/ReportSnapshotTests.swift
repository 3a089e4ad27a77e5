import LockGraphEngine
import TestSupport
import Testing

@Suite("Reports for CI systems") struct ReportSnapshotTests {
  @Test func `Every format shows every standing as its snapshot does`() throws {
    let analysis = try JudgedReports.analysis()
    #expect(
      analysis.findings.map(\.rule) == [
        .lockOrderInversion, .releaseNotHeld, .heldAtExit, .destroyedWhileHeld,
        .lockOrderInversion,
      ])
    for (name, bytes) in JudgedReports.all(analysis, JudgedReports.verdict()) {
      try expectSnapshot(bytes, "judged.\(name)")
    }
  }

  @Test func `Every format has something to say where nothing was found`() throws {
    let analysis = try analyze("T1 acquire A\nT1 release A\n")
    for (name, bytes) in JudgedReports.all(analysis, GateVerdict(standings: [])) {
      try expectSnapshot(bytes, "clean.\(name)")
    }
  }

  @Test func `A finding is one line of the compact report whatever its names`() throws {
    let name = #""a\u000ab\u001b[31m""#
    let trace = "\(name) acquire \(name) at=\(name)\n\(name) exit at=\"a b.c:3:4\"\n"
    let analysis = try analyze(trace + trace + "t release q\n")
    let bytes = CompactReport(JudgedAnalysis(analysis, .failing(analysis))).bytes
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == analysis.findings.count && lines.count > 1)
    #expect(lines.contains { $0.hasPrefix("a b.c:3:4: error: held-at-exit: a\\u{a}b") })
  }

  @Test func `A verdict changes nothing in the text of findings without exceptions`() throws {
    let analysis = try JudgedReports.analysis()
    let standings = analysis.findings.indices.map { number -> GateVerdict.Standing in
      number.isMultiple(of: 2) ? .failing : .belowThreshold
    }
    #expect(
      TextReport(analysis, verdict: GateVerdict(standings: standings)).text
        == TextReport(analysis).text)
  }
}
