import TestSupport
import Testing

@testable import LockGraphEngine

/// What is said of programs, where a kernel is told otherwise: semantics 16 and 17.
@Suite struct UserSpaceTests {
  private static let handler = """
    t enter signal
    t acquire l kind=mutex
    t release l
    t leave signal

    """
  private static let masked = "t disable signal\nt acquire l\nt release l\nt enable signal\n"
  private static let open = "t acquire l\nt release l\n"

  @Test func `A mutex in a signal handler is none where the signal is masked`() throws {
    for text in [Self.handler + Self.masked, Self.masked + Self.handler] {
      #expect(try analyze(text).findings.isEmpty)
    }
    // What is held nowhere else tells nothing of masks.
    #expect(try analyze(Self.handler).verdicts == ["invalid-wait-context l"])
    for text in [
      Self.handler + Self.open, Self.open + Self.handler, Self.masked + Self.open + Self.handler,
    ] {
      #expect(
        try analyze(text).verdicts == ["context-inversion l", "invalid-wait-context l"])
    }
    // In whatever input it is held so.
    let kinds = ["class=L kind=mutex", "class=L"]
    let inputs = [
      NamedInput("a.trace", (Self.handler + Self.masked).replacing("kind=mutex", with: kinds[0])),
      NamedInput("b.trace", Self.open.replacing("acquire l", with: "acquire l \(kinds[1])")),
    ]
    let files = try inputs.map { NamedInput("\($0.name).graph", try merged([$0])) }
    for inputs in [inputs, files, [NamedInput("all.graph", try merged(files))]] {
      #expect(
        try analyze(inputs).verdicts == ["context-inversion L", "invalid-wait-context L"])
    }
    #expect(try analyze([files[0]]).findings.isEmpty)
  }

  @Test func `Sleeping under a spin lock is a warning in programs and an error in kernels`() throws
  {
    let text = "t acquire s kind=spin\nt acquire m kind=mutex\n"
    let program = try #require(try analyze(text).findings.first)
    #expect(program.severity == .warning)
    #expect(program.title == "m, which may sleep, is taken while s, for which others spin, is held")
    let report = TextReport(try analyze(text)).text
    #expect(!report.contains("real-time"))
    for kernel in [
      "t disable softirq\n", "t enter hardirq\nt leave hardirq\n", "t init r kind=raw-spin\n",
    ] {
      for all in [kernel + text, text + kernel] {
        let finding = try #require(
          try analyze(all).findings(.invalidWaitContext).first)
        #expect(finding.severity == .error)
        #expect(finding.fingerprint == program.fingerprint)
      }
    }
  }

  @Test func `Two owners of a lock are a warning about the input`() throws {
    let input = "x acquire m kind=mutex\ny acquire m\n"
    let analysis = try analyze(input)
    #expect(analysis.findings.isEmpty)
    #expect(
      analysis.inputs[0].warnings == [
        "a lock has two exclusive owners at once: y takes m in line 2, which x has since line 1; the "
          + "recording is incomplete or gives two locks one name"
      ])
    let two = input + "x acquire n\ny acquire n\n"
    #expect(try analyze(two).inputs[0].warnings[0].hasPrefix("2 locks have two exclusive owners"))
    // Each input has its own, and a graph file keeps it.
    #expect(try analyze("a acquire q\n", input).inputs.map(\.warnings.count) == [0, 1])
    let file = NamedInput("m.graph", try merged([NamedInput("m.trace", input)]))
    #expect(try analyze([file]).inputs.last?.warnings == analysis.inputs[0].warnings)
  }

  @Test(arguments: [
    "x acquire m kind=semaphore\ny acquire m\n", "x acquire m read\ny acquire m read\n",
    "x acquire m read\ny acquire m\n", "x acquire m\nx acquire m\n",
    "x acquire m\ny lost count=1\nx release m\ny acquire m\n",
    "x acquire m\n* lost count=1\ny acquire m\n", "x acquire m\nx exit\ny acquire m\n",
    "x acquire m\nx wait c lock=m\ny acquire m\n", "x acquire m\ny request m\n",
  ])
  func `Who shares a lock, or gave it up, is no owner`(text: String) throws {
    #expect(try analyze(text).inputs[0].warnings.isEmpty)
  }
}
