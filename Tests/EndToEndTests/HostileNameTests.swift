import Foundation
import TestSupport
import Testing

/// Names as no sane program has them, but a trace may.
enum HostileNames {
  /// Written as the text format's JSON strings.
  static let all = [
    #""</svg><script>alert(1)</script>""#,
    #""a\"b'c`d\\e""#,
    #""two\nlines""#,
    #""tab\there and \u001b[31mred\u001b[0m""#,
    #""]]><!-- & &lt; &#0; -->""#,
    #""\u202eright to left\u202c""#,
    #""%s%n $HOME `id` {x|y} <b> \\N \\G""#,
    #""Ünïcödé 锁 🔒 e\u0301""#,
    ##""#1 error: not a finding""##,
    "\"" + String(repeating: "long", count: 75) + "\"",
  ]

  /// An inversion of a class of that name, taken by a thread of that name at a place of that name.
  static func trace(_ name: String) -> String {
    """
    \(name) acquire A class=\(name) at=\(name)
    \(name) acquire B at=b.c:1
    \(name) release B
    \(name) release A
    T2 acquire B at=b.c:2
    T2 acquire A stack=\(name)
    T2 release A
    T2 release B

    """
  }
}

@Suite("Hostile names")
struct HostileNameTests {
  @Test("No name breaks the text report or steers the terminal", arguments: HostileNames.all)
  func text(_ name: String) throws {
    let result = try lockdepCheck("analyze", input: HostileNames.trace(name))
    #expect(result.status == .exited(0))
    #expect(result.messages.isEmpty)
    let unsafe = result.text.unicodeScalars.filter {
      $0 != "\n"
        && ($0.properties.generalCategory == .control || (0x202A...0x202E).contains($0.value))
    }
    #expect(unsafe.isEmpty)
    #expect(result.text.split(separator: "\n").count { $0.hasPrefix("#1 error: ") } == 1)
    #expect(result.text.contains("1 finding: 1 error."))
  }

  @Test("JSON carries every name unchanged")
  func json() throws {
    for name in HostileNames.all {
      let trace = HostileNames.trace(name)
      let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
      let classes = try #require(report.findings.first).classes
      #expect(classes.contains("B"))
      let decoded = try JSONDecoder().decode(String.self, from: Data(name.utf8))
      #expect(classes.contains(decoded))
      #expect(report.findings[0].edges.flatMap(\.witnesses).contains { $0.thread == decoded })
    }
  }

  @Test("Every picture stays a picture")
  func pictures() throws {
    let folder = try TemporaryFolder()
    let files = try HostileNames.all.enumerated().map { number, name in
      let file = folder.file("\(number).svg")
      let result = try lockdepCheck("render", "-o", file, input: HostileNames.trace(name))
      #expect(result.status == .exited(0))
      #expect(result.messages.isEmpty)
      #expect(try !folder.text(of: "\(number).svg").contains("<script>alert"))
      return file
    }
    #expect(try Python.pictureFaults(in: files) == [])
  }

  @Test("A name of a megabyte goes through all of it")
  func megabyte() throws {
    let name = String(repeating: "x", count: 1 << 20)
    let trace = HostileNames.trace(name)
    let folder = try TemporaryFolder()
    let svg = folder.file("long.svg")
    let text = try lockdepCheck("analyze", "--svg", svg, input: trace)
    #expect(text.status == .exited(0))
    #expect(text.text.contains("1 finding: 1 error."))
    #expect(try Python.pictureFaults(in: [svg]) == [])
    #expect(try folder.bytes(of: "long.svg").count < 1 << 20)
    let report = try Report(lockdepCheck("analyze", "--format", "json", input: trace).output)
    #expect(report.findings.first?.classes.sorted { $0.count < $1.count } == ["B", name])
  }
}
