import LockGraphEngine
import TestSupport
import Testing

/// What is read of each report, event by event, against `Tests/Snapshots/reports`.
@Suite struct ReportTraceTests {
  @Test(arguments: ReportFile.all)
  func `Each is told as what its threads had and wanted, and where`(name: String) throws {
    let (trace, warnings) = try convert([Array(ReportFile(name).text.utf8)])
    let notes = warnings[0].map { "# warning: \($0)\n" }.joined()
    try expectSnapshot(trace + Array(notes.utf8), "reports/\(name).trace")
  }
}
