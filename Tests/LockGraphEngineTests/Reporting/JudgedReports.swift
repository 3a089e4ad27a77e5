import Foundation
import LockGraphEngine
import TestSupport

/// An analysis with a finding of every standing, and every report of it.
enum JudgedReports {
  static let trace = """
    # lockgraph-trace 1
    teller acquire account class=Account at=/home/bank/Sources/Bank/Teller.swift:88:5
    teller acquire ledger class=Ledger at=/home/bank/Sources/Bank/../Bank/Ledger.swift:41
    teller release ledger
    teller release account
    auditor acquire ledger at=/home/bank/Sources/Bank/Audit.swift:120:9
    auditor acquire account stack="audit (/home/bank/Sources/Bank/Audit.swift:133);main"
    auditor release account
    auditor release ledger
    one acquire cache at=cache.c:3
    one acquire index at=cache.c:4
    one release index
    one release cache
    one acquire index
    one acquire cache
    one release cache
    one release index
    one release queue at=/usr/include/queue.h:12
    one acquire quota
    one exit
    main acquire log
    main wait ready lock=log
    main wake ready lock=log
    main acquire gone
    main destroy gone at="my files/gone [1]{2}.c:7"

    """

  /// In the order of the findings: the feasible inversion; release, exit, destruction; the other
  /// inversion.
  static let standings: [GateVerdict.Standing] = [
    .failing,
    .known(
      GateException(
        reason: "see #12 | <later>", owner: "@storage", expires: "2030-01-31",
        source: ".lockgraph-baseline:12")),
    .ignored(GateException(source: "config/.lockgraph.yml:4:3")),
    .expired(GateException(reason: "rewrite", expires: "2020-02-29", source: ".lockgraph.yml:9")),
    .belowThreshold,
  ]

  static let remarks = [
    GateVerdict.Remark(isViolation: true, text: ".lockgraph.yml:9: the ignore has expired"),
    GateVerdict.Remark(isViolation: false, text: ".lockgraph.yml:17: the ignore is not used"),
  ]

  static let settings: ReportSettings = {
    var settings = ReportSettings()
    settings.sourceRoots = ["/home/bank"]
    return settings
  }()

  static func analysis() throws -> Analysis { try analyze(trace) }

  static func verdict() -> GateVerdict { GateVerdict(standings: standings, remarks: remarks) }

  /// Every report of a format for CI systems, by the ending of its snapshot.
  static func forCI(
    _ analysis: Analysis, _ verdict: GateVerdict, _ settings: ReportSettings = settings
  ) -> [(name: String, bytes: [UInt8])] {
    let subject = JudgedAnalysis(analysis, verdict, settings: settings)
    return [
      ("sarif", SARIFReport(subject).bytes),
      ("xml", JUnitReport(subject).bytes),
      ("annotations", GitHubAnnotations(subject).bytes),
      ("gitlab.json", CodeQualityReport(subject).bytes),
      ("md", MarkdownReport(subject).bytes),
      ("checkstyle.xml", CheckstyleReport(subject).bytes),
      ("xcode.txt", XcodeReport(subject).bytes),
      ("compact.txt", CompactReport(subject).bytes),
    ]
  }

  /// Those and the formats for people and programs.
  static func all(
    _ analysis: Analysis, _ verdict: GateVerdict
  ) -> [(name: String, bytes: [UInt8])] {
    forCI(analysis, verdict) + [
      ("json", JSONReport(analysis, verdict: verdict).bytes),
      ("txt", Array(TextReport(analysis, verdict: verdict).text.utf8)),
    ]
  }
}

extension GateVerdict {
  /// All findings fail.
  static func failing(_ analysis: Analysis) -> GateVerdict {
    GateVerdict(standings: analysis.findings.map { _ in .failing })
  }
}

/// JSON as dictionaries and arrays.
func object(_ bytes: [UInt8]) throws -> Any {
  try JSONSerialization.jsonObject(with: Data(bytes))
}
