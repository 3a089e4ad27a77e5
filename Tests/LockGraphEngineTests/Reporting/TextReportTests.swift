import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct TextReportTests {
  private static let traces = [
    "T1 acquire A\nT1 acquire B timeout\nT1 exit\nT2 acquire B\nT2 acquire A\n",
    "T1 acquire G\nT1 acquire A read\nT1 acquire B\nT1 release G\nT2 acquire G\nT2 acquire B\nT2 acquire A at=x.c:1 stack=f;g\n",
    "T1 acquire a class=K\nT1 acquire b class=K\n", "T1 acquire a\nT1 acquire a\n",
    "T1 acquire A\nT1 acquire B\nT1 release A\nT1 acquire A\n",
    "T1 release L\nT2 acquire L\nT1 release L\nT1 destroy L\nT1 acquire x nest=t\nT1 init x\n",
    "T1 acquire t\nT1 acquire a nest=t\nT1 release t\nT1 exit\n", "",
    (0..<20).map {
      "T\($0) acquire L\($0)\nT\($0) acquire L\(($0 + 1) % 20)\nT\($0) release L\($0)\n"
    }.joined(),
    "nonsense\nT1 acquire A\nT1 rele",
  ]

  @Test(arguments: [40, 60, 80, 120, 200], traces)
  func `No line is longer than the width`(width: Int, trace: String) throws {
    let report = try TextReport(analyze(trace, keepGoing: true), width: width).text
    for line in report.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    #expect(report.hasSuffix(".\n"))
  }

  @Test func `What happened is told side by side where there is room`() throws {
    let analysis = try analyze(Self.traces[0])
    let wide = TextReport(analysis, width: 80).text
    #expect(wide.contains("T1                                     T2\n"))
    #expect(
      wide.contains(" error: A and B are taken in both orders\n   [lock-order-inversion, feasible]")
    )
    #expect(wide.contains("waits for B (timeout)"))
    #expect(wide.contains("can give up B: its wait ends by itself after a time."))
    #expect(wide.contains("until one gives up."))
    #expect(wide.contains("3 findings: 3 errors.\n"))
    #expect(wide.contains("5 events, 2 threads, 2 locks in 2 classes, 2 dependencies.\n"))
    #expect(!TextReport(analysis, width: 40).text.contains("T1                "))
  }

  @Test func `Without findings there is a verdict and a count`() throws {
    #expect(
      try TextReport(analyze("T1 acquire A\n")).text
        == "No violation found.\n1 event, 1 thread, 1 lock in 1 class, 0 dependencies.\n")
  }

  @Test func `Control characters are never printed raw`() throws {
    let name = #""\u001b[31m\u0007\u0085\u202e\u061cx""#
    let other = #""\u001b]0;y""#
    let text = """
      \(name) acquire \(name) class=\(other) at=\(name) stack=\(name)
      \(name) acquire \(other) class=\(name) at=\(other)
      \(name) acquire G
      \(other) acquire \(other) class=\(name)
      \(other) acquire \(name) nest=\(other)
      \(name) release "\\u001b"
      \(other) exit
      \(other) "\\u001b[2J" \u{1B}[31m
      """
    var options = TraceAnalyzer.Options()
    options.reading.keepGoing = true
    var analyzer = TraceAnalyzer(options: options)
    try analyzer.read(.bytes(Array((text + "\ncut").utf8), name: "\u{1B}[31m.trace"))
    let report = TextReport(analyzer.finish()).text
    for scalar in report.unicodeScalars {
      let value = scalar.value
      #expect(value == 0x0A || value >= 0x20 && !(0x7F..<0xA0).contains(value), "\(value)")
      #expect(value != 0x202E && value != 0x061C, "\(value)")
    }
    #expect(report.contains("\\u{1b}[31m"))
  }

  @Test func `Colours are there on demand only and change no text`() throws {
    let analysis = try analyze(Self.traces[0])
    let colored = TextReport(analysis, isColored: true).text
    #expect(colored.contains("\u{1B}[1;31m#1 error"))
    #expect(colored.replacing(/\u{1B}\[[0-9;]*m/, with: "") == TextReport(analysis).text)
  }
}
