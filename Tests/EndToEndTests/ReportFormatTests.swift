import Foundation
import TestSupport
import Testing

@Suite("Reports for CI systems")
struct ReportFormatTests {
  private static let formats = [
    "sarif", "junit", "checkstyle", "github", "gitlab", "xcode", "markdown",
  ]
  private static let sarifSchema = "Tests/Schemas/sarif-schema-2.1.0.json"

  /// Inputs as they come, and as they never should.
  private static var runs: [(arguments: [String], input: String)] {
    Samples.all.map { ([$0.path], "") }
      + [
        ([], ""), ([], Traces.clean), ([], Traces.everyOption),
        (["--max-findings", "1"], Traces.manyCycles),
        (["--keep-going"], "T1 juggle A\n" + Traces.feasible + "T1 acquire\n"),
        (Samples.all.map(\.path), ""),
      ] + HostileNames.all.map { ([], HostileNames.trace($0)) }
  }

  /// What one gate left behind.
  private struct Outcome {
    var hasPassed: Bool
    var sarif: String
    var junit: String
  }

  private static let outputs = Result { try TemporaryFolder() }

  /// Of each run.
  private static let outcomes = Result { () throws -> [Outcome] in
    let folder = try outputs.get()
    return try runs.enumerated().map { number, run in
      let (sarif, junit) = (folder.file("\(number).sarif"), folder.file("\(number).xml"))
      let result = try lockdepCheck(
        arguments: ["gate", "--report", "junit=\(junit)", "--report", "sarif=\(sarif)"]
          + run.arguments, input: Array(run.input.utf8))
      // Of a trace without events nothing is checked.
      let isNothing = run.arguments.isEmpty && run.input.isEmpty
      #expect((isNothing ? [.exited(2)] : [.exited(0), .exited(1)]).contains(result.status))
      return Outcome(hasPassed: result.status == .exited(0), sarif: sarif, junit: junit)
    }
  }

  @Test("Every SARIF report is valid by the schema of the standard")
  func sarif() throws {
    let documents = try Self.outcomes.get().map(\.sarif)
    #expect(try Python.schemaViolations(in: documents, of: Self.sarifSchema) == [])
  }

  /// That the snapshots are what the library writes is another test's matter.
  @Test("Reports in which a baseline and a policy excuse findings are valid")
  func excused() throws {
    let snapshots = "\(BuiltProducts.packageRoot)/Tests/Snapshots"
    for name in ["judged", "clean"] {
      #expect(try Python.schemaViolations(in: ["\(snapshots)/\(name).json"]) == [])
      #expect(
        try Python.schemaViolations(in: ["\(snapshots)/\(name).sarif"], of: Self.sarifSchema) == [])
    }
    guard TestTier.has(Python.has("junitparser"), "Python's junitparser") else { return }
    #expect(
      try Python.testCounts(in: ["\(snapshots)/judged.xml", "\(snapshots)/clean.xml"])
        == ["21 3 0 2", "19 0 0 0"])
  }

  @Test("What breaks SARIF is refused by its schema")
  func brokenSARIF() throws {
    let report = try lockdepCheck("analyze", "--format", "sarif", input: Traces.feasible).text
    let breakages = [
      (#""version": "2.1.0""#, #""version": "2.0""#), (#""startLine": 2"#, #""startLine": 0"#),
      (#""level": "error""#, #""level": "fatal""#), (#""codeFlows""#, #""codeFlow""#),
      (#""threadFlows": ["#, #""threadFlows": [7,"#),
    ]
    let folder = try TemporaryFolder()
    let documents = try breakages.enumerated().map { number, breakage in
      #expect(report.contains(breakage.0))
      return try folder.write(
        report.replacing(breakage.0, with: breakage.1), to: "\(number).sarif")
    }
    let violations = try Python.schemaViolations(in: documents, of: Self.sarifSchema)
    for document in documents { #expect(violations.contains { $0.hasPrefix(document) }) }
  }

  @Test(
    "Every JUnit report is read by a reader that is not ours, and counts what failed",
    .needs("Python's junitparser", Python.has("junitparser")))
  func junit() throws {
    let outcomes = try Self.outcomes.get()
    let counts = try Python.testCounts(in: outcomes.map(\.junit))
    #expect(counts.count == outcomes.count)
    for (count, outcome) in zip(counts, outcomes) {
      #expect(outcome.hasPassed == count.contains(" 0 0 "), "\(outcome.junit): \(count)")
    }
  }

  @Test("Any number of reports come from one run, each as if it were the only one")
  func severalReports() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible, to: "a.trace")
    var arguments = ["gate", trace, "--svg", folder.file("a.svg")]
    for format in Self.formats + ["text", "json"] {
      arguments += ["--report", "\(format)=\(folder.file("a.\(format)"))"]
    }
    arguments += ["--report", "sarif=\(folder.file("b.sarif"))"]
    let result = try lockdepCheck(arguments: arguments)
    #expect(result.status == .exited(1))
    #expect(try lockdepCheck("analyze", trace).output == result.output)
    for format in Self.formats + ["text", "json"] {
      let alone = try lockdepCheck("gate", trace, "--format", format)
      #expect(alone.status == .exited(1))
      #expect(try folder.bytes(of: "a.\(format)") == alone.output)
      #expect(try lockdepCheck("analyze", trace, "--format", format).output == alone.output)
    }
    #expect(try folder.bytes(of: "b.sarif") == folder.bytes(of: "a.sarif"))
    #expect(try folder.contents.count == 12)
  }

  @Test("Nothing is written if one of several outputs cannot be")
  func oneFails() throws {
    let folder = try TemporaryFolder()
    let kept = try folder.write("precious\n", to: "kept.xml")
    let missing = folder.file("missing/out.sarif")
    for bad in [missing, folder.path] {
      let result = try lockdepCheck(
        "analyze", "--report", "junit=\(kept)", "-o", folder.file("new.txt"), "--svg",
        folder.file("new.svg"), "--report", "sarif=\(bad)", input: Traces.feasible)
      #expect(result.status == .exited(2))
      #expect(result.output.isEmpty)
      #expect(result.messageLines.count == 1)
      #expect(result.messages.hasPrefix("\(bad): error: cannot be "))
      #expect(try folder.text(of: "kept.xml") == "precious\n")
      #expect(try folder.contents == ["kept.xml"])
    }
  }

  @Test(
    "Nothing is written if standard output or the baseline cannot be",
    arguments: [
      ["-o", "/dev/full"], ["--write-baseline", "missing/b.json"],
      ["--write-baseline", "/dev/full"],
      ["--write-baseline", "broken.json"],
    ])
  func otherFails(_ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("{", to: "broken.json")
    let result = try lockdepCheck(
      arguments: ["gate", "--report", "junit=out.xml"] + arguments,
      input: Array(Traces.feasible.utf8), directory: folder.path)
    #expect(result.status == .exited(2))
    #expect(result.messageLines.count(where: { $0.contains("error: ") }) == 1)
    #expect(result.messages.contains("\(arguments[1])"))
    #expect(try folder.contents == ["broken.json"])
    if arguments[1].hasSuffix(".json") { #expect(result.output.isEmpty) }
  }

  @Test("How many bad lines were skipped, and the first, is in every format")
  func skipped() throws {
    for format in Self.formats {
      let report = try lockdepCheck(
        "analyze", "--keep-going", "--format", format, input: "T1 sleep\nT1 juggle A\n")
      #expect(
        report.text.contains("1 bad line skipped, the first at line 2"), "\(format) \(report.text)")
    }
  }

  @Test("A report that would take the place of an input or another output is refused")
  func overwriting() throws {
    let folder = try TemporaryFolder()
    let trace = try folder.write(Traces.feasible, to: "a.trace")
    let out = folder.file("out")
    for arguments in [
      [trace, "--report", "sarif=\(trace)"], [trace, "--report", "sarif=\(out)", "-o", out],
      [trace, "--report", "sarif=\(out)", "--report", "junit=\(folder.path)/./out"],
      [folder.path, "--report", "markdown=\(trace)"],
    ] {
      let result = try lockdepCheck(arguments: ["gate"] + arguments)
      #expect(result.status == .exited(64))
      #expect(result.messages.contains("is named twice"))
    }
    #expect(try folder.text(of: "a.trace") == Traces.feasible)
    #expect(try folder.contents == ["a.trace"])
  }

  @Test("Paths are relative to the source root, and to the current folder without one")
  func sourceRoot() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("src/Sources/Bank"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "src")
    _ = try folder.write("", to: "src/Sources/Bank/Teller.swift")
    func places(_ place: String, _ arguments: String...) throws -> String {
      let report = try lockdepCheck(
        arguments: ["analyze", "--format", "gitlab"] + arguments,
        input: Array("T1 release A at=\(place)\n".utf8), directory: folder.path)
      let issues = try JSONSerialization.jsonObject(with: Data(report.output)) as? [[String: Any]]
      return (issues?.first?["location"] as? [String: Any])?["path"] as? String ?? ""
    }
    let real = folder.path
    #expect(try places("\(real)/src/x/../a.c:3") == "src/a.c")
    #expect(try places("\(real)/src/a.c:3", "--source-root", "src") == "a.c")
    #expect(try places("\(real)/src/a.c:3", "--source-root", "link") == "a.c")
    #expect(try places("\(real)/link/a.c:3", "--source-root", "link") == "a.c")
    #expect(
      try places("\(real)/src/a.c:3", "--source-root", "\(real)/elsewhere") == "\(real)/src/a.c")
    #expect(try places("/other/machine/a.c:3", "--source-root", "/other/machine/") == "a.c")
    #expect(try places("a.c:3", "--source-root", "src") == "a.c")
    let linked = try shell(
      #"cd link && printf 'T1 release A at=%s/a.c:3\nT1 release B at=%s/b.c:4\n' "$PWD" "$(pwd -P)" | "$check" analyze --format github"#,
      directory: folder.path)
    #expect(linked.text.contains("file=a.c,line=3,") && linked.text.contains("file=b.c,line=4,"))
    // As #fileID tells it.
    #expect(
      try places("Bank/Teller.swift:3", "--source-root", "src") == "Sources/Bank/Teller.swift")
    #expect(try places("Bank/Other.swift:3", "--source-root", "src") == "Bank/Other.swift")
    let text = try lockdepCheck(
      "analyze", "--source-root", folder.path, input: "T1 release A at=\(real)/a.c:3\n")
    #expect(text.text.contains("\(real)/a.c:3"))
  }

  @Test("Violations alone are what a gate writes into a pipe of annotations")
  func annotations() throws {
    let result = try lockdepCheck("gate", "--format", "github", input: Traces.feasible)
    #expect(
      result.text.hasPrefix("::error file=<stdin>,line=2,title=A and B are taken in both orders::"))
    #expect(result.text.split(separator: "\n").count == 1)
    let below = try lockdepCheck(
      "gate", "--format", "github", "--fail-on", "observed", input: Traces.feasible)
    #expect(below.status == .exited(0))
    #expect(below.text.hasPrefix("::notice "))
    let clean = try lockdepCheck("gate", "--format", "github", input: Traces.clean)
    #expect(clean.status == .exited(0))
    #expect(clean.output.isEmpty)
  }

  @Test("A violation that is no finding fails in every format")
  func remarks() throws {
    func report(_ format: String) throws -> String {
      try lockdepCheck(
        "gate", "--format", format, "--max-findings", "1", "--rules", "lock-order-inversion",
        input: Traces.manyCycles
      ).text
    }
    let remark = "more cycles than can be listed"
    #expect(try report("sarif").contains("\"text\": \"\(remark)\""))
    #expect(try report("junit").contains("<failure message=\"\(remark)\" type=\"gate\">"))
    #expect(try report("github").contains("::error title=Lock order::\(remark)\n"))
    #expect(try report("gitlab").contains("\"check_name\": \"gate\""))
    #expect(
      try report("checkstyle").contains(
        "severity=\"error\" message=\"\(remark)\" source=\"lockgraph.gate\""))
    #expect(try report("xcode").contains("\nerror: \(remark)\n"))
    #expect(try report("markdown").contains("**violation** · \(remark)"))
    #expect(try report("json").contains("\"remarks\": ["))
  }
}
