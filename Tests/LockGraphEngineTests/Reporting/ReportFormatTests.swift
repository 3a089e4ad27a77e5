import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct SARIFReportTests {
  private func results(_ analysis: Analysis, _ verdict: GateVerdict) throws -> [[String: Any]] {
    try #require(run(analysis, verdict)["results"] as? [[String: Any]])
  }

  private func run(_ analysis: Analysis, _ verdict: GateVerdict) throws -> [String: Any] {
    let bytes = SARIFReport(JudgedAnalysis(analysis, verdict, settings: JudgedReports.settings))
      .bytes
    let log = try #require(object(bytes) as? [String: Any])
    return try #require((log["runs"] as? [[String: Any]])?.first)
  }

  @Test func `Excused findings are suppressed with a reason, and known ones are unchanged`() throws
  {
    let results = try results(JudgedReports.analysis(), JudgedReports.verdict())
    #expect(results.map { $0["suppressions"] != nil } == [false, true, true, false, false])
    #expect(
      results.map { $0["baselineState"] as? String } == [nil, "unchanged", nil, nil, nil])
    let suppression = try #require((results[1]["suppressions"] as? [[String: Any]])?.first)
    #expect(suppression["kind"] as? String == "external")
    #expect((suppression["justification"] as? String)?.contains("@storage") == true)
  }

  @Test func `The first place is where a lock is wanted, and every thread has its flow`() throws {
    let result = try results(JudgedReports.analysis(), JudgedReports.verdict())[0]
    let text = String(
      decoding: try JSONSerialization.data(
        withJSONObject: result, options: [.sortedKeys, .withoutEscapingSlashes]), as: UTF8.self)
    #expect(text.contains(#""uri":"Sources/Bank/Ledger.swift""#))
    let flows = try #require((result["codeFlows"] as? [[String: Any]])?.first)
    let threads = try #require(flows["threadFlows"] as? [[String: Any]])
    #expect(threads.map { $0["id"] as? String } == ["teller", "auditor"])
    #expect(threads.map { ($0["locations"] as? [Any])?.count } == [2, 2])
    let message = try #require((result["message"] as? [String: Any])?["text"] as? String)
    let related = try #require(result["relatedLocations"] as? [[String: Any]])
    for id in related.map({ $0["id"] as? Int ?? 0 }) { #expect(message.contains("](\(id))")) }
    #expect(related.count == 4)
  }

  @Test func `A schedule is a flow of its own, in which each step has its place among all`() throws
  {
    let analysis = try predict(
      "T1 acquire A at=a.c:1\nT1 acquire B at=a.c:2\nT1 release B\nT1 release A\n"
        + "T2 acquire B at=b.c:3\nT2 acquire A at=b.c:4\n")
    let schedule = try #require(analysis.findings[0].schedule)
    let result = try #require(try results(analysis, .failing(analysis)).first)
    let flows = try #require(result["codeFlows"] as? [[String: Any]])
    #expect(flows.count == 2)
    let threads = try #require(flows[0]["threadFlows"] as? [[String: Any]])
    let steps = threads.flatMap { thread in
      (thread["locations"] as? [[String: Any]] ?? []).map { location in
        (order: location["executionOrder"] as? Int, thread: thread["id"] as? String)
      }
    }.sorted { ($0.order ?? -1) < ($1.order ?? -1) }
    #expect(steps.map(\.order) == Array(steps.indices))
    #expect(
      steps.map(\.thread) == schedule.segments.map(\.thread) + schedule.waits.map(\.thread))
    let recursive = try analyze("T1 acquire A\nT1 acquire A\n")
    let plain = try results(recursive, .failing(recursive)).first
    #expect((plain?["codeFlows"] as? [Any])?.count == 1)
  }

  @Test func `Findings that look alike have different fingerprints`() throws {
    var analysis = try JudgedReports.analysis()
    analysis.findings = Array(repeating: analysis.findings[0], count: 3)
    let hashes = try results(analysis, .failing(analysis)).map {
      ($0["partialFingerprints"] as? [String: String])?["primaryLocationLineHash"]
    }
    #expect(Set(hashes).count == 3)
    let issues = try #require(
      object(CodeQualityReport(JudgedAnalysis(analysis, .failing(analysis))).bytes)
        as? [[String: Any]])
    #expect(Set(issues.map { $0["fingerprint"] as? String }).count == 3)
    let xml = String(
      decoding: JUnitReport(JudgedAnalysis(analysis, .failing(analysis))).bytes, as: UTF8.self)
    let names = xml.matches(of: /classname="lockgraph.lock-order-inversion" name="([^"]*)"/)
    #expect(Set(names.map(\.1)).count == 3)
  }

  @Test func `A cycle longer than a result may be is cut, and says so`() throws {
    let count = 600
    let trace = (0..<count).map {
      "T\($0) acquire L\($0)\nT\($0) acquire L\(($0 + 1) % count)\nT\($0) release L\(($0 + 1) % count)\n"
        + "T\($0) release L\($0)\n"
    }.joined()
    let analysis = try analyze(trace)
    let result = try #require(try results(analysis, .failing(analysis)).first)
    #expect((result["relatedLocations"] as? [Any])?.count == 100)
    let flow = try #require((result["codeFlows"] as? [[String: Any]])?.first)
    #expect((flow["threadFlows"] as? [Any])?.count == 500)
    #expect(
      (flow["message"] as? [String: Any])?["text"] as? String == "100 more threads are left out.")
    let message = try #require((result["message"] as? [String: Any])?["text"] as? String)
    #expect(message.contains("592 more threads take part."))
    let graph = String(
      decoding: MarkdownReport(JudgedAnalysis(analysis, .failing(analysis))).bytes, as: UTF8.self)
    #expect(graph.contains("… 583 more …"))
  }

  @Test func `Of too many results those that fail are kept`() throws {
    let analysis = try JudgedReports.analysis()
    let standings: [GateVerdict.Standing] = [
      .belowThreshold, .belowThreshold, .failing, .belowThreshold, .failing,
    ]
    var report = SARIFReport(JudgedAnalysis(analysis, GateVerdict(standings: standings)))
    report.resultLimit = 3
    let log = try #require(object(report.bytes) as? [String: Any])
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(results.map { ($0["properties"] as? [String: Any])?["number"] as? Int } == [3, 5, 1])
    let notes = try JSONSerialization.data(withJSONObject: try #require(run["invocations"]))
    #expect(String(decoding: notes, as: UTF8.self).contains("2 of 5 results are left out"))
  }

  @Test func `Addresses hold only what an address may hold`() {
    #expect(SARIFText.uri("a b/é%.c") == "a%20b/%C3%A9%25.c")
    #expect(SARIFText.uri("/x/a:b.c") == "file:///x/a%3Ab.c")
    #expect(
      SARIFText.uri("c:a?#[]\u{0}\"<>\\^`{|}.c")
        == "c%3Aa%3F%23%5B%5D%00%22%3C%3E%5C%5E%60%7B%7C%7D.c")
    #expect(SARIFText.uri("A+B@2,(x)~-_=.c") == "A+B@2,(x)~-_=.c")
  }

  @Test func `Names in messages are neither links nor placeholders`() {
    #expect(SARIFText.escaped("a[0](1) {0} \\") == "a\\[0\\](1) {{0}} \\\\")
    #expect(SARIFText.link("x]y", to: 3) == "[x\\]y](3)")
  }
}

@Suite struct JUnitReportTests {
  @Test func `Only rules that were looked for have a test that passes`() throws {
    var settings = JudgedReports.settings
    settings.checkedRules = [.heldAtExit, .deadlock]
    let xml = try JUnitReport(
      JudgedAnalysis(
        JudgedReports.analysis(), JudgedReports.verdict(), settings: settings
      )
    ).bytes
    let text = String(decoding: xml, as: UTF8.self)
    #expect(text.contains(#"name="deadlock" time="0"/>"#))
    #expect(!text.contains(#"name="pin-violated""#))
    #expect(!text.contains(#"name="held-at-exit" "#))
    #expect(text.contains(#"tests="7" failures="3" errors="0" skipped="2""#))
  }

  @Test func `The name of a test does not change with threads and lines`() throws {
    func names(_ trace: String) throws -> [String] {
      let analysis = try analyze(trace)
      let xml = String(
        decoding: JUnitReport(JudgedAnalysis(analysis, .failing(analysis))).bytes, as: UTF8.self)
      return xml.matches(of: /name="([^"]*)"/).map { String($0.1) }.sorted()
    }
    let trace = JudgedReports.trace
    #expect(
      try names(trace)
        == names("\n" + trace.replacing("\none ", with: "\nother ").replacing(":41", with: ":52")))
  }
}

@Suite struct GitHubAnnotationTests {
  private func lines(_ analysis: Analysis, _ verdict: GateVerdict) -> [String] {
    String(decoding: GitHubAnnotations(JudgedAnalysis(analysis, verdict)).bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
  }

  @Test func `Ten of each kind are kept, the worst, and a notice tells of the rest`() throws {
    var analysis = try JudgedReports.analysis()
    let (error, warning) = (analysis.findings[0], analysis.findings[4])
    analysis.findings =
      Array(repeating: error, count: 13) + Array(repeating: warning, count: 12)
      + Array(repeating: warning, count: 14)
    let standings =
      Array(repeating: GateVerdict.Standing.failing, count: 25)
      + Array(repeating: GateVerdict.Standing.belowThreshold, count: 14)
    let lines = lines(analysis, GateVerdict(standings: standings))
    let kinds = lines.map { $0.prefix { $0 != " " } }
    #expect(kinds.count { $0 == "::error" } == 10)
    #expect(kinds.count { $0 == "::warning" } == 10)
    #expect(kinds.count { $0 == "::notice" } == 10)
    #expect(kinds.last == "::notice")
    #expect(lines.last?.contains("10 more annotations left out") == true)
  }

  @Test func `Separators in paths and titles are escaped`() throws {
    let analysis = try analyze(
      #"T1 release "50%, a::b" at="dir, x/a%b:c.c:3:4""# + "\n")
    let lines = lines(analysis, .failing(analysis))
    #expect(lines.count == 1)
    #expect(
      lines[0].hasPrefix(
        "::error file=dir%2C x/a%25b%3Ac.c,line=3,col=4,title=T1 releases 50%25%2C a%3A%3Ab"))
  }

  @Test func `Nothing to say is nothing`() throws {
    #expect(try lines(analyze("T1 acquire A\n"), GateVerdict(standings: [])).isEmpty)
  }
}

@Suite struct CodeQualityReportTests {
  @Test func `Severities follow grade and standing`() throws {
    func severities(_ trace: String, _ standing: GateVerdict.Standing) throws -> [String?] {
      let analysis = try analyze(trace)
      let verdict = GateVerdict(standings: analysis.findings.map { _ in standing })
      let issues = try #require(
        object(CodeQualityReport(JudgedAnalysis(analysis, verdict)).bytes) as? [[String: Any]])
      return issues.map { $0["severity"] as? String }
    }
    let deadlock = "T1 acquire A\nT2 acquire B\nT1 request B\nT2 request A\n"
    let wait = "T1 acquire A\nT1 acquire M\nT1 wait c lock=M\n"
    #expect(try severities(deadlock, .failing).first == "blocker")
    #expect(try severities("T1 release A\n", .failing) == ["critical"])
    #expect(try severities("T1 release A\n", .belowThreshold) == ["minor"])
    #expect(try severities(wait, .failing).contains("minor"))
    #expect(try severities(wait, .belowThreshold).contains("info"))
    #expect(try severities("T1 release A\n", .ignored(GateException(source: "x:1"))) == [])
  }
}

@Suite struct MarkdownReportTests {
  private func text(_ analysis: Analysis, _ verdict: GateVerdict) -> String {
    String(decoding: MarkdownReport(JudgedAnalysis(analysis, verdict)).bytes, as: UTF8.self)
  }

  @Test func `It is never longer than a comment may be, and counts what it leaves out`() throws {
    var analysis = try JudgedReports.analysis()
    analysis.findings = Array(repeating: analysis.findings[0], count: 300)
    let text = text(analysis, .failing(analysis))
    #expect(text.utf8.count <= 65_000)
    #expect(text.utf8.count > 60_000)
    let shown = text.matches(of: #/\n### \d+\. /#).count
    #expect(text.contains("\n\(Counted.grouped(300 - shown, "more finding")) left out"))
    let excused = GateVerdict(
      standings: analysis.findings.map { _ in
        .known(GateException(reason: String(repeating: "|", count: 5000), source: "b:1"))
      },
      remarks: (0..<3000).map { GateVerdict.Remark(isViolation: $0 < 1500, text: "[remark] \($0)") }
    )
    #expect(self.text(analysis, excused).utf8.count <= 65_000)
  }

  @Test func `A deadlock that happened is drawn as its threads`() throws {
    let analysis = try analyze("T1 acquire A\nT2 acquire B\nT1 request B\nT2 request A\n")
    let text = text(analysis, .failing(analysis))
    #expect(text.contains(#"n0 -->|"waits for B"| n1"#))
    #expect(text.contains(#"n1 -->|"waits for A"| n0"#))
  }

  @Test func `An interrupt is a dotted line that closes the circle`() throws {
    let analysis = try analyze(Rule.contextOrderInversion.example + "\n")
    let text = text(analysis, .failing(analysis))
    #expect(text.contains(#"-.->|"hardirq"|"#))
  }
}

@Suite struct EditorReportTests {
  private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  @Test func `Xcode gets absolute paths below the source root, and a column each`() throws {
    let analysis = try JudgedReports.analysis()
    var settings = ReportSettings()
    settings.sourceRoots = ["/home/bank"]
    func lines(_ verdict: GateVerdict) -> [Substring] {
      let subject = JudgedAnalysis(analysis, verdict, settings: settings)
      return text(XcodeReport(subject).bytes).split(separator: "\n")
    }
    let all = lines(.failing(analysis))
    #expect(all.count == analysis.findings.count)
    for line in all {
      #expect(
        line.wholeMatch(of: /\/[^:]+:[0-9]+:[0-9]+: (error|warning): .* \[[a-z, -]+\]/) != nil)
    }
    #expect(all[0].hasPrefix("/home/bank/Sources/Bank/Ledger.swift:41:1: error: "))
    #expect(all.contains { $0.hasPrefix("/usr/include/queue.h:12:1: ") })
    // What is excused is not there, and what does not fail is a note.
    let judged = lines(JudgedReports.verdict())
    #expect(judged.count == analysis.findings.count - 2 + JudgedReports.remarks.count)
    #expect(judged[2].contains(": note: "))
  }

  @Test func `Checkstyle has each file once, with its findings by line`() throws {
    let analysis = try JudgedReports.analysis()
    let subject = JudgedAnalysis(analysis, .failing(analysis), settings: JudgedReports.settings)
    let document = try XMLDocument(data: Data(CheckstyleReport(subject).bytes))
    let files = try document.nodes(forXPath: "/checkstyle/file")
    let names = files.compactMap { ($0 as? XMLElement)?.attribute(forName: "name")?.stringValue }
    #expect(names == names.sorted() && Set(names).count == names.count)
    #expect(names.contains("my files/gone [1]{2}.c"))
    let errors = try document.nodes(forXPath: "/checkstyle/file/error").compactMap {
      $0 as? XMLElement
    }
    #expect(errors.count == analysis.findings.count)
    let sources = errors.compactMap { $0.attribute(forName: "source")?.stringValue }
    #expect(Set(sources) == Set(analysis.findings.map { "lockgraph.\($0.rule.rawValue)" }))
    let excused = JudgedAnalysis(
      analysis, JudgedReports.verdict(), settings: JudgedReports.settings)
    #expect(
      !text(CheckstyleReport(excused).bytes).contains("source=\"lockgraph.release-not-held\""))
  }
}
