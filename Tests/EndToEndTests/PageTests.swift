import Foundation
import TestSupport
import Testing

@Suite("The page for a browser")
struct PageTests {
  @Test("The data of every sample's page are valid, and strings in them stand once")
  func data() throws {
    let folder = try TemporaryFolder()
    var documents: [String] = []
    func add(_ arguments: [String], input: String = "") throws {
      let page = folder.file("page.html")
      let result = try lockdepCheck(
        arguments: ["analyze", "-o", folder.file("report.txt"), "--html", page] + arguments,
        input: Array(input.utf8))
      #expect(result.status == .exited(0))
      documents.append(
        try folder.write(
          try Pages.data(folder.text(of: "page.html")), to: "\(documents.count).json"))
    }
    for sample in Samples.all { try add([sample.path]) }
    try add(Samples.all.map(\.path))
    try add([])
    try add(["--keep-going"], input: "T1 juggle A\n" + Traces.feasible + "T1 acquire\n")
    try add([], input: Traces.everyOption)
    for name in HostileNames.all { try add([], input: HostileNames.trace(name)) }
    let graph = folder.file("all.graph")
    #expect(
      try lockdepCheck(arguments: ["merge", "-o", graph] + Samples.all.map(\.path)).status
        == .exited(0))
    try add([graph])
    let baseline = folder.file("baseline.json")
    let abba = "\(Samples.folder)/abba.trace"
    #expect(
      try lockdepCheck("analyze", abba, "--write-baseline", baseline).status == .exited(0))
    try add([abba, "--baseline", baseline])
    #expect(
      try Python.schemaViolations(in: documents, of: "Schemas/lockgraph-page-1.schema.json") == [])
  }

  @Test("What breaks the contract of the data is refused")
  func brokenData() throws {
    let folder = try TemporaryFolder()
    let page = folder.file("page.html")
    _ = try lockdepCheck("analyze", "\(Samples.folder)/abba.trace", "--html", page)
    let data = try Pages.data(folder.text(of: "page.html"))
    let breakages = [
      (#""lockgraph-page/1""#, #""lockgraph-page/2""#), (#""strings":["#, #""string":["#),
      (#""severity":"error""#, #""severity":"fatal""#),
      (#""witnesses":[[2,0,"#, #""witnesses":[[2,"0","#),
      (#""places":[[null,0,88],"#, #""places":[[null,0],"#),
      (#"null,"mutex"]"#, #"null,7]"#), (#""kind":"mutex""#, #""kind":7"#),
      (#""segments":[[2,5,"#, #""segments":[[2,-5,"#),
      (#""showsSources":true"#, #""showsSources":1"#), (#""hasTimes":false"#, #""hasTimes":0"#),
    ]
    let documents = try breakages.enumerated().map { number, breakage in
      let broken = data.replacing(breakage.0, with: breakage.1)
      #expect(broken != data, "\(breakage)")
      return try folder.write(broken, to: "\(number).json")
    }
    let violations = try Python.schemaViolations(
      in: documents, of: "Schemas/lockgraph-page-1.schema.json")
    for (document, breakage) in zip(documents, breakages) {
      #expect(violations.contains { $0.hasPrefix(document) }, "\(breakage)")
    }
  }

  @Test("All ways to ask for a page give it, and the same bytes each time")
  func ways() throws {
    let folder = try TemporaryFolder()
    let sample = "\(Samples.folder)/contended.trace"
    for (number, arguments) in [
      ["analyze", "--html"], ["analyze", "--format", "html", "-o"], ["gate", "--html"],
    ].enumerated() {
      let result = try lockdepCheck(
        arguments: arguments + [folder.file("\(number).html"), sample])
      #expect(result.status == .exited(0))
    }
    let report = try lockdepCheck(
      "analyze", "--report", "html=\(folder.file("3.html"))", sample)
    #expect(report.text.contains("No violation found."))
    let pages = try (0..<4).map { try folder.bytes(of: "\($0).html") }
    #expect(Set(pages).count == 1)
    #expect(pages[0].count < 300_000)
    let text = String(decoding: pages[0], as: UTF8.self)
    #expect(try Pages.data(text).contains(#""timeline":{"binNanoseconds":"#))
    #expect(
      try lockdepCheck("render", "-o", folder.file("4.html"), sample).status == .exited(0))
    let drawn = try folder.text(of: "4.html")
    #expect(drawn.contains("<svg"))
    #expect(try !Pages.data(drawn).contains("verdict"))
  }

  /// For a page inputs are measured too, by another analyzer.
  @Test("A page beside a report does not change it")
  func sameReport() throws {
    let folder = try TemporaryFolder()
    let graph = folder.file("all.graph")
    _ = try lockdepCheck(arguments: ["merge", "-o", graph] + Samples.all.map(\.path))
    for inputs in [Samples.all.map(\.path), [graph], [graph, "\(Samples.folder)/abba.trace"]] {
      let alone = try lockdepCheck(arguments: ["analyze", "--format", "json"] + inputs)
      let beside = try lockdepCheck(
        arguments: ["analyze", "--format", "json", "--html", folder.file("page.html")] + inputs)
      #expect(beside.output == alone.output)
      #expect(beside.messages == alone.messages)
      #expect(!alone.output.isEmpty)
    }
  }

  @Test("Lines of the source are those below --source-root")
  func sources() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("root/Sources"), withIntermediateDirectories: true)
    _ = try folder.write("let first = 1\nlet second = 2\n", to: "root/Sources/a.swift")
    _ = try folder.write("outside the root\n", to: "secret.txt")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("root/link.txt"), withDestinationPath: "../secret.txt")
    let places = [
      "Sources/a.swift:2", "/etc/passwd:1", "../secret.txt:1", "link.txt:1",
      "Sources/../../secret.txt:1", "\(folder.path)/secret.txt:1", "/etc/shadow:1",
    ]
    let trace =
      places.enumerated().map { number, place in
        "T\(number) acquire A at=\(place)\nT\(number) acquire B at=\(place)\n"
          + "T\(number) release B\nT\(number) release A\n"
      }.joined() + "U acquire B at=link.txt:1\nU acquire A at=../secret.txt:1\n"
    let result = try lockdepCheck(
      "analyze", "--html", folder.file("page.html"), "--source-root", folder.file("root"),
      input: trace)
    #expect(result.status == .exited(0))
    let page = try folder.text(of: "page.html")
    #expect(page.contains("let second = 2"))
    #expect(!page.contains("outside the root"))
    #expect(!page.contains("root:x:"))
    #expect(page.contains(#""lack":"not below the source root""#))
  }

  @Test("A page that cannot be written ends with status 2, and one over an input is refused")
  func failures() throws {
    let folder = try TemporaryFolder()
    let sample = "\(Samples.folder)/abba.trace"
    let missing = try lockdepCheck(
      "analyze", sample, "--html", folder.file("nowhere/page.html"))
    #expect(missing.status == .exited(2))
    #expect(missing.messages.contains("cannot be written"))
    let copy = try folder.write(Traces.feasible, to: "a.html")
    let over = try lockdepCheck("analyze", copy, "--html", copy)
    #expect(over.status == .exited(64))
    #expect(try folder.text(of: "a.html") == Traces.feasible)
    let ending = try lockdepCheck("render", sample, "-o", folder.file("a.jpg"))
    #expect(ending.messages.contains(".html"))
  }
}

/// Pages, read by what knows nothing of how they are made.
enum Pages {
  /// The data in a page.
  static func data(_ page: String) throws -> String {
    let start = try #require(page.ranges(of: #"<script type="application/json" id="data">"#).first)
    let rest = page[start.upperBound...]
    let end = try #require(rest.ranges(of: "</script>").first)
    return String(rest[..<end.lowerBound])
  }
}
