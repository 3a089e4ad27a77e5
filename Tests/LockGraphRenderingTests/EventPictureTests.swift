import TestSupport
import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `What happened` {
  private func drawing(
    of text: String, scope: PictureOptions.Scope = .findings
  ) throws -> Drawing {
    let analysis = try analyze(text)
    return try DrawingSelection.drawing(
      of: analysis.graph, findings: analysis.findings, waiting: analysis.waiting,
      options: PictureOptions(scope: scope))
  }

  /// `thread [words] -> class: words at place`, sorted.
  private func told(_ drawing: Drawing) -> [String] {
    drawing.dependencies.filter(\.isEvent).map { line in
      let thread = drawing.classes[line.from]
      let own = thread.wait!.words.isEmpty ? "" : " [\(thread.wait!.words.joined(separator: ", "))]"
      return "\(thread.name)\(own) -> \(drawing.classes[line.to].name): "
        + line.words.joined(separator: " ")
    }.sorted()
  }

  @Test func `a thread that ends with a lock is drawn with it`() throws {
    let drawing = try drawing(of: "T1 acquire a class=A at=x/f.c:3\nT1 exit at=x/f.c:9\n")
    #expect(told(drawing) == ["T1 [ends at f.c:9] -> A: holds taken at f.c:3"])
    let line = try #require(drawing.dependencies.first)
    #expect(DrawingStyle.badge(of: line) == "error #1")
    #expect(DrawingStyle.styleClasses(of: line) == "event severity-error finding-1")
    #expect(
      DrawingStyle.styleClasses(of: drawing.classes[line.from]) == "thread severity-error finding-1"
    )
    #expect(line.tooltip.hasPrefix("T1 holds A (a), taken at x/f.c:3"))
    #expect(
      Legend(drawing).entries.map(\.text) == [
        "what a thread did, in a finding without a cycle; #: number in the report"
      ])
    #expect(drawing.notes.isEmpty)
  }

  @Test func `a wait context has what is held and what is taken`() throws {
    let drawing = try drawing(
      of: "T1 acquire s kind=spin class=S at=f.c:1\nT1 acquire m kind=mutex class=M at=f.c:2\n")
    #expect(told(drawing) == ["T1 -> M: takes at f.c:2", "T1 -> S: holds taken at f.c:1"])
    #expect(drawing.dependencies.count(where: \.isOrder) == 1)
  }

  @Test func `two threads and one lock are joined by it`() throws {
    let drawing = try drawing(of: "T1 acquire a class=A\nT2 release a\n")
    #expect(told(drawing) == ["T1 -> A: holds", "T2 -> A: releases"])
    #expect(
      try told(self.drawing(of: "T1 acquire a class=A\nT2 release a\n", scope: .all)).count == 2)
  }

  @Test func `cycles and what still waits are drawn as before`() throws {
    let text = "T1 acquire a class=A\nT2 acquire b class=B\nT1 request b\nT2 request a\n"
    #expect(try told(drawing(of: text)).isEmpty)
    #expect(try !drawing(of: text).dependencies.filter { $0.wait != nil }.isEmpty)
  }

  @Test func `a finding without a class is a thread with what it did`() throws {
    var fixture = GraphFixture()
    fixture.addClass("a")
    let event = FindingEvent(
      role: .warn, thread: "cpu-0", at: "k/x.c:4", stack: [], input: "log", line: 4)
    fixture.findings = [
      Finding(
        fingerprint: "f", rule: .assertionFailed, severity: .error, title: "wrong", classes: [],
        edges: [], events: [event], occurrences: 1)
    ]
    let drawing = try fixture.drawing()
    let thread = try #require(drawing.classes.first { $0.wait != nil })
    #expect(
      thread.wait?.words == ["error #1 assertion-failed", "finds an assertion wrong at x.c:4"])
    #expect(!drawing.notes.contains { $0.contains("drawn") })
  }

  @Test func `of many findings as many threads are drawn as fit`() throws {
    let text = (0..<60).map { "T\($0) acquire a\($0) class=C\($0)\nT\($0) exit\n" }.joined()
    let drawing = try drawing(of: text)
    #expect(drawing.classes.count { $0.wait != nil } == DrawingLimits.threads)
    #expect(drawing.notes.contains("44 of 60 findings drawn."))
    let one = try self.drawing(of: text, scope: .finding(55))
    #expect(one.classes.map(\.name).count == 2 && told(one).count == 1)
  }

  @Test func `threads of one name in two inputs tell them`() throws {
    func event(_ input: String) -> FindingEvent {
      FindingEvent(
        role: .release, thread: "T1", lock: Witness.between("a", "a", thread: "", line: 5).held,
        stack: [], input: input, line: 5)
    }
    var fixture = GraphFixture()
    for input in ["one.trace", "two.trace"] {
      fixture.addMarker("a")
      fixture.findings[fixture.findings.count - 1].events = [event(input)]
    }
    let words = try fixture.drawing().classes.compactMap(\.wait?.words)
    #expect(words == [["in one.trace"], ["in two.trace"]])
  }
}
