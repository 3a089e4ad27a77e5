import LockGraphEngine
import TestSupport
import Testing

/// Lines as such: their ends, comments, bad ones that are skipped, and a last one that is cut off.
@Suite struct TextLineTests {
  @Test func `Comments and empty lines are no events`() throws {
    let analysis = try analyze("# lockgraph-trace 1\n\n   \t\n  # a note\nT1 acquire A\n#\n")
    #expect(analysis.inputs[0].events == 1)
    #expect(analysis.summary.events == 1)
  }

  @Test func `Lines may end with carriage return and newline`() throws {
    let text = "T1 acquire A\nT1 acquire B class=\"b c\"\n\nT1 release B\n"
    let windows = text.split(separator: "\n", omittingEmptySubsequences: false)
      .joined(separator: "\r\n")
    let (one, other) = try (analyze(text), analyze(windows))
    #expect(JSONReport(one).bytes == JSONReport(other).bytes)
    #expect(other.edges == ["A -> b c [EN]"])
  }

  @Test func `An empty input is an analysis of nothing`() throws {
    for text in ["", "\n", "# lockgraph-trace 1\n", "  "] {
      let analysis = try analyze(text)
      #expect(analysis.summary.events == 0)
      #expect(analysis.findings.isEmpty)
      #expect(analysis.inputs[0].format == "text")
      #expect(analysis.inputs[0].warnings.isEmpty)
    }
  }

  @Test func `A last line without its newline counts if it is whole`() throws {
    let analysis = try analyze("T1 acquire A\nT1 acquire B")
    #expect(analysis.edges == ["A -> B [EN]"])
    #expect(analysis.inputs[0].warnings.isEmpty)
  }

  @Test(arguments: [
    "T1 acq", "T1 acquire", "T1", "T1 acquire B class=\"x", "[12.3", "T1 acquire B kin",
    "T1 acquire B kind=mut",
  ])
  func `A last line that is cut off is left out with a warning`(cut: String) throws {
    for keepGoing in [false, true] {
      let analysis = try analyze("T1 acquire A\n\(cut)", keepGoing: keepGoing)
      #expect(analysis.inputs[0].events == 1)
      #expect(analysis.inputs[0].skipped == 0)
      #expect(
        analysis.inputs[0].warnings == ["line 2, the last one, is cut off and was left out"])
      #expect(analysis.graph.classes.map(\.name) == ["A"])
    }
  }

  @Test func `A last line that is cut inside a character is left out with a warning`() throws {
    let analysis = try analyze(inputs: [Array("T1 acquire A\nT1 acquire ".utf8) + [0xC3]])
    #expect(analysis.inputs[0].events == 1)
    #expect(analysis.inputs[0].warnings.count == 1)
  }

  @Test func `Bad lines are skipped on demand and counted with the first`() throws {
    let text = """
      T1 acquire A
      T1 aquire B
      T1 acquire C colour=red
      T1 acquire D
      nonsense

      """
    let analysis = try analyze(text, keepGoing: true)
    let input = analysis.inputs[0]
    #expect(input.events == 2)
    #expect(input.skipped == 3)
    #expect(input.firstSkipped?.line == 2)
    #expect(input.firstSkipped?.column == 4)
    #expect(input.firstSkipped?.text == "T1 aquire B")
    #expect(analysis.edges == ["A -> D [EN]"])
    #expect(analysis.summary.threads == 1)
    #expect(analysis.summary.locks == 2)
    #expect(throws: TraceError.self) { try analyze(text) }
  }

  @Test func `Without bad lines nothing is skipped`() throws {
    let input = try analyze("T1 acquire A\n", keepGoing: true).inputs[0]
    #expect(input.skipped == 0)
    #expect(input.firstSkipped == nil)
  }

  @Test func `A byte order mark is no part of a name`() throws {
    let analysis = try analyze("\u{FEFF}T1 acquire A\nT1 acquire B\n")
    #expect(analysis.edges == ["A -> B [EN]"])
    #expect(failure(of: "\u{FEFF}# lockgraph-trace 2\n")?.column == 19)
    #expect(failure(of: "\u{FEFF}# lockgraph-trace 1\nT1 exit\n") == nil)
  }

  @Test func `The line of an event is the line of its input`() throws {
    let analysis = try analyze("# one\n\nT1 release L\n", "T1 sleep\nT1 release L\n")
    #expect(analysis.findings.count == 1)
    #expect(analysis.findings[0].events[0].line == 3)
    #expect(analysis.findings[0].events[0].input == "1.trace")
    #expect(analysis.findings[0].occurrences == 2)
  }
}
