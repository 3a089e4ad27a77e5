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
