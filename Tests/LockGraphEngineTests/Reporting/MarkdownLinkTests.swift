import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

/// No name in Markdown is a link, a mention or markup, as GitHub's own parser sees it.
@Suite struct MarkdownLinkTests {
  private static let cmark = "/usr/bin/cmark-gfm"
  private static let pieces = [
    "http://evil.example", "https://evil.example/a.c:1", "ftp://evil.example", "www.evil.example",
    "WWW.evil.example", "mailto:a@evil.example", "xmpp:a@evil.example/b", "a@evil.example",
    "[x](http://evil.example)", "![x](y)", "[x]: http://evil.example", "<http://evil.example>",
    "<a href=x>", "<img src=x>", "</code>", "</pre>", "</details>", "&lt;script&gt;", "<!--", "|",
    "\n", "\n\n", "- ", "+ ", "1. ", "1) ", "# ", "> ", "```", "~~~", "`", "\\", "**", "__", "_",
    "~~", "[^1]", "$x$", " ", ":", "/", "//", "\t", "=",
  ]

  @Test func `What GitHub looks for in the text that is shown is broken up`() {
    let joiner = "\u{2060}"
    for (name, shown) in [
      ("#12", "&#35;\(joiner)12"), ("GH-12", "GH\(joiner)-12"), ("@all", "@\(joiner)all"),
      ("http://x", "http:\(joiner)//x"), ("www.x", "www\(joiner).x"), ("a.b", "a.b"),
      ("deadbeef1", "deadbe\(joiner)ef1"), ("abcdef", "abcdef"), ("0xffff8881042c1a58", nil),
      ("~\"a b\"", "&#126;\(joiner)&#34;a b&#34;"), ("!7 %x", "&#33;\(joiner)7 &#37;\(joiner)x"),
    ] {
      #expect(MarkdownText.escaped(name) == shown ?? name)
    }
    // References are not looked for in code, addresses are.
    #expect(MarkdownText.code("a[1] #2 deadbeef1") == "<code>a&#91;1&#93; &#35;2 deadbeef1</code>")
    #expect(MarkdownText.code("http://x a@b.c") == "<code>http:\(joiner)//x a@\(joiner)b.c</code>")
  }

  @Test func `A page is linked to as a file or by an address of the web and in no other way`()
    throws
  {
    typealias Page = MarkdownReport.Page
    #expect(Page(name: "a", path: "a b/(c)].html?#").address == "a%20b/%28c%29%5D.html%3F%23")
    #expect(Page(name: "a", path: "javascript:alert(1)").address == "javascript%3Aalert%281%29")
    let run = "https://h/o/r/actions/runs/1#artifacts"
    #expect(Page(name: "a", artifacts: run)?.address == run)
    #expect(
      Page(name: "a", artifacts: "https://h/-", path: "x y.html")?.address
        == "https://h/-/x%20y.html")
    for address in ["", "javascript:alert(1)", "https://h/ <y>", "https://h/)](x", "file:///etc"] {
      #expect(Page(name: "a", artifacts: address) == nil, "\(address)")
    }
    let line = MarkdownReport.line(Page(name: "](x) <b>https://y", path: nil))
    #expect(!line.contains("](") && !line.contains("<b>") && !line.contains("://"))
  }

  @Test(.needs("cmark-gfm", FileManager.default.isExecutableFile(atPath: cmark)))
  func `GitHub's parser finds no link and no tag of a name`() throws {
    var reports: [String] = []
    try withSeeds(0..<60) { generator in
      let names = try (0..<4).map { _ in
        let name = (0..<Int.random(in: 1..<6, using: &generator)).map { _ in
          Self.pieces.randomElement(using: &generator)!
        }.joined()
        return String(decoding: try JSONEncoder().encode(name), as: UTF8.self)
      }
      let analysis = try analyze(
        """
        \(names[0]) acquire \(names[1]) at=\(names[2])
        \(names[0]) acquire \(names[3]) stack=\(names[2])
        \(names[0]) release \(names[3])
        \(names[0]) release \(names[1])
        T2 acquire \(names[3])
        T2 acquire \(names[1]) at="\\u0068ttps://evil.example/x.c:3"

        """)
      let exception = GateException(
        reason: "https://evil.example #1", owner: "a@evil.example", source: "www.evil.example:1")
      let standings = analysis.findings.indices.map {
        $0.isMultiple(of: 2) ? GateVerdict.Standing.failing : .known(exception)
      }
      let remark = GateVerdict.Remark(isViolation: true, text: "https://evil.example www.x.y")
      let verdict = GateVerdict(standings: standings, remarks: [remark])
      let report = MarkdownReport(JudgedAnalysis(analysis, verdict))
      reports.append(String(decoding: report.bytes, as: UTF8.self))
    }
    let html = try Self.rendered(reports.joined(separator: "\n\n"))
    let allowed = [
      "h2", "h3", "p", "ul", "li", "strong", "code", "pre", "details", "summary", "table", "thead",
      "tbody", "tr", "th", "td", "sub",
    ]
    let tags = Set(html.matches(of: /<\/?([a-zA-Z0-9]+)/).map { String($0.1) })
    #expect(tags.isSubset(of: allowed), "\(tags.subtracting(allowed))")
    #expect(tags.contains("code") && tags.contains("h3"))
  }

  private static func rendered(_ text: String) throws -> String {
    let result = try ProcessRunner(
      cmark, ["-e", "autolink", "-e", "table", "-e", "strikethrough", "--unsafe"],
      input: Array(text.utf8)
    ).run()
    try #require(result.status == .exited(0))
    return result.text
  }

  @Test func `The code at the places of a finding is shown, each place once`() throws {
    let folder = try TemporaryFolder()
    _ = try folder.write("a();\nb(\"</pre> https://x\");\nc();\nd();\n", to: "f.c")
    var settings = ReportSettings()
    settings.sourceRoots = [folder.path]
    let trace = """
      t acquire a at=\(folder.path)/f.c:1
      t acquire b at=f.c:2
      t release b
      t release a
      u acquire b at=f.c:2
      u acquire a at=/etc/passwd:1

      """
    let analysis = try analyze(trace)
    func report() -> String {
      let subject = JudgedAnalysis(analysis, .failing(analysis), settings: settings)
      return String(decoding: MarkdownReport(subject).bytes, as: UTF8.self)
    }
    #expect(!report().contains("&gt; 1 |"))
    settings.sources = folder.path
    let text = report()
    #expect(text.contains("<pre>\nf.c:1\n&gt; 1 | a();\n"))
    #expect(text.ranges(of: "&gt; 2 | b(&quot;&lt;/pre&gt; https://x&quot;);").count == 1)
    #expect(!text.contains("root:"))
  }
}
