import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// Whatever a name is, a report stays one of its format.
@Suite struct HostileReportTests {
  private static let pieces = [
    "\"", "'", "\n", "\r", "\r\n", "]]>", "<![CDATA[", "::error file=x::y", "##[error]", "%", "%0A",
    "|", "`", "```", "</details>", "</pre>", "<script>", "&amp;", "&", "\u{0}", "\u{1B}[31m",
    "\u{85}",
    "\u{2028}", "\u{202E}", "\u{FFFE}", "\u{FFFF}", "\u{FFFD}", "é", "锁", "🔒", "{0}", "[x](1)",
    "\\", ":3",
    "/../", "@all", "#1", "--", "-->", ";", " ", "\t", "$x$", "~", "*", "_", "=", ",", "a",
  ]

  private func trace(_ names: [String]) throws -> String {
    let quoted = try names.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
    let (one, two, three) = (quoted[0], quoted[1], quoted[2])
    return """
      \(three) acquire x class=\(one) at=\(two)
      \(three) acquire y class=\(two) at=\(three) stack=\(one)
      \(three) release y
      \(three) release x
      T2 acquire y at=\(quoted[3])
      T2 acquire x
      T2 release x
      T2 release y
      T3 release \(one) at=\(quoted[3])
      T4 acquire \(two)
      T5 acquire \(three)
      T4 request \(three)
      T5 request \(two)

      """
  }

  private func check(_ analysis: Analysis, _ texts: [String]) throws {
    let exception = GateException(
      reason: texts[0], owner: texts[1], expires: texts[2], source: texts[3])
    let standings: [GateVerdict.Standing] = [
      .failing, .known(exception), .expired(exception), .belowThreshold, .ignored(exception),
    ]
    let verdict = GateVerdict(
      standings: analysis.findings.indices.map { standings[$0 % standings.count] },
      remarks: texts.enumerated().map {
        GateVerdict.Remark(isViolation: $0.offset.isMultiple(of: 2), text: $0.element)
      })
    let reports = JudgedReports.forCI(analysis, verdict)
    for (name, bytes) in reports + [("json", JSONReport(analysis, verdict: verdict).bytes)] {
      let text = try #require(String(validating: bytes, as: UTF8.self))
      let comment = Comment("\(name): \(TestContext.description)")
      switch name {
      case "sarif", "json", "gitlab.json":
        _ = try object(bytes)
        if name == "sarif" { expectAddresses(in: text, comment) }
      case "xml":
        #expect(XMLParser(data: Data(bytes)).parse(), comment)
      case "annotations":
        for line in text.split(separator: "\n") {
          #expect(
            line.wholeMatch(of: /::(error|warning|notice) ([a-z]+=[^:,]*,?)+::.*/) != nil, comment)
        }
      case "md":
        #expect(bytes.count <= 65_000, comment)
        expectBalance(of: text, comment)
      default: break
      }
      if name != "json" && name != "gitlab.json" && name != "sarif" {
        let unsafe = text.unicodeScalars.filter {
          $0 != "\n" && ($0.properties.generalCategory == .control || $0 == "\u{202E}")
        }
        #expect(unsafe.isEmpty, comment)
      }
    }
  }

  private func expectAddresses(in text: String, _ comment: Comment) {
    for address in text.matches(of: /"uri": "([^"]*)"/) {
      #expect(
        address.1.wholeMatch(of: /(file:\/)?([-A-Za-z0-9._~\/!$&'()*+,;=@]|%[0-9A-F]{2})+/) != nil,
        comment)
    }
  }

  /// Blocks that are opened are closed, and no name opens or closes one.
  private func expectBalance(of text: String, _ comment: Comment) {
    for (open, close) in [("<details>", "</details>"), ("<pre>", "</pre>"), ("<code>", "</code>")] {
      #expect(text.ranges(of: open).count == text.ranges(of: close).count, comment)
    }
    var (isInGraph, isPreformatted) = (false, false)
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line == "<pre>" || line == "</pre>" { isPreformatted.toggle() }
      guard !isPreformatted else { continue }
      if line.hasPrefix("```") {
        #expect(line == (isInGraph ? "```" : "```mermaid"), comment)
        isInGraph.toggle()
      } else if isInGraph {
        #expect(
          line.wholeMatch(
            of:
              #/
              flowchart\ LR | \ \ subgraph\ t\d+\["[^"]*"\] | \ \ end
              | (\ \ ){1,2}n\d+\["[^"]*"\] | \ \ n\d+\ (-->|-\.->)(\|"[^"]*"\|)?\ n\d+
              /#) != nil,
          comment)
      } else {
        #expect(!line.contains("`") && !line.contains(/@[a-z]/), comment)
        if line.hasPrefix("| ") { #expect(line.utf8.count { $0 == 0x7C } == 4, comment) }
      }
    }
    #expect(!isInGraph && !isPreformatted, comment)
  }

  @Test func `No mixture of hostile pieces breaks a format`() throws {
    try withSeeds(0..<40) { generator in
      let names = (0..<4).map { number in
        "\(number)"
          + (0..<Int.random(in: 1..<7, using: &generator)).map { _ in
            Self.pieces.randomElement(using: &generator)!
          }.joined()
      }
      try check(analyze(try trace(names)), names)
    }
  }

  @Test func `Each hostile piece alone breaks no format`() throws {
    try withEvery("piece", in: Self.pieces) { piece in
      let names = (0..<4).map { "\($0)\(piece)" }
      try check(analyze(try trace(names)), names)
    }
  }

  @Test func `A name of a megabyte is shortened in all formats but text and JSON`() throws {
    let long = String(repeating: "lång|", count: 1 << 18)
    let names = ["0\(long)", "1\(long)", "2", "3\(long)"]
    let analysis = try analyze(try trace(names))
    for (name, bytes) in JudgedReports.forCI(analysis, .failing(analysis)) {
      #expect(bytes.count < 200_000, "\(name)")
    }
  }

  @Test func `Bytes that are no UTF-8 become replacement characters`() throws {
    let start = "  init-1  [000] .....    16.318850: lock_acquire: 00000000d62be939 "
    let line = Array(start.utf8) + [0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, 0x0A]
    let analysis = try analyze(inputs: [line + line])
    #expect(analysis.findings.count == 1)
    try check(analysis, ["a", "b", "c", "d"])
  }

  @Test func `Texts that differ stay different when they are shortened`() {
    let long = String(repeating: "é", count: 1000)
    let (one, other) = (long + "1" + long, long + "2" + long)
    for limit in [32, 33, 34, 100, 101] {
      #expect(one.shortened(to: limit).utf8.count <= limit)
      #expect(one.shortened(to: limit) != other.shortened(to: limit))
      #expect(!one.shortened(to: limit).contains("\u{FFFD}"))
    }
    #expect("short".shortened(to: 32) == "short")
  }
}
