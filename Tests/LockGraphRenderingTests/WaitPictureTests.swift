import TestSupport
import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `What still waits` {
  private func picture(of text: String, scope: PictureOptions.Scope = .findings) throws -> Picture {
    let analysis = try analyze(text)
    return try GraphPicture(
      graph: analysis.graph, findings: analysis.findings, waiting: analysis.waiting,
      options: PictureOptions(scope: scope)
    ).rendered(as: .svg)
  }

  private func drawing(of text: String, scope: PictureOptions.Scope = .findings) throws -> Drawing {
    let analysis = try analyze(text)
    return try DrawingSelection.drawing(
      of: analysis.graph, findings: analysis.findings, waiting: analysis.waiting,
      options: PictureOptions(scope: scope))
  }

  private func lines(_ drawing: Drawing) -> [String] {
    drawing.dependencies.filter { $0.wait != nil }.map { line in
      "\(drawing.classes[line.from].name) \(line.wait!.rawValue) \(drawing.classes[line.to].name)"
        + (line.isInCircle ? " in circle" : "")
    }
  }

  private let circle = """
    T1 acquire a class=A
    T2 acquire b class=B
    T1 request b
    T2 request a
    T3 request a

    """

  @Test func `threads lead to the locks that they wait for, and these to who has them`() throws {
    let drawing = try drawing(of: circle)
    #expect(
      lines(drawing) == [
        "T1 wait B in circle", "B held-by T2 in circle", "T2 wait A in circle",
        "A held-by T1 in circle", "T3 wait A",
      ])
    #expect(drawing.classes.filter { $0.wait != nil }.map(\.name) == ["T1", "T2", "T3"])
    #expect(Legend(drawing).entries.contains { $0.text.hasPrefix("what still waits at the end") })
    #expect(!Legend(drawing).explanation.isEmpty)
  }

  @Test func `joins, conditions and ended holders have their own nodes`() throws {
    let drawing = try drawing(
      of: "T1 acquire a class=A\nT1 exit\nT2 request a\nT3 acquire m class=M\nT3 wait c lock=m\n"
        + "T4 join T3\n")
    #expect(
      lines(drawing).sorted() == [
        "A held-by T1", "T2 wait A", "T3 wait c", "T4 wait T3",
      ])
    let words = Dictionary(
      uniqueKeysWithValues: drawing.classes.compactMap { node in
        node.wait.map { (node.name, $0.words.joined()) }
      })
    #expect(words["T1"] == "has ended" && words["T2"] == "waits since line 3")
    #expect(words["c"] == "not signalled after line 5")
  }

  @Test func `elements carry words to find them by`() throws {
    let document = try Document(
      String(decoding: try picture(of: circle).bytes, as: UTF8.self))
    for id in ["thread-T1", "thread-T3"] {
      #expect(document.element(id: id)?.hasClass("thread") == true)
    }
    #expect(document.element(id: "thread-T1")?.hasClass("in-circle") == true)
    #expect(document.element(id: "thread-T3")?.hasClass("in-circle") == false)
    #expect(document.element(id: "wait-T1--B")?.hasClass("wait") == true)
    #expect(document.element(id: "held-by-B--T2")?.hasClass("held-by") == true)
    #expect(document.texts.contains("waits since line 3"))
  }

  @Test func `without waits a picture is what it was`() throws {
    let text = "T1 acquire a class=A\nT1 acquire b class=B\nT1 release b\nT1 release a\n"
    let analysis = try analyze(text)
    let bare = try GraphPicture(graph: analysis.graph, findings: analysis.findings)
      .rendered(as: .svg)
    #expect(try picture(of: text).bytes == bare.bytes)
    let around = PictureOptions.Scope.around(lockClass: "A", depth: 1)
    #expect(try lines(drawing(of: circle, scope: around)).isEmpty)
  }

  @Test func `of many waits those nearest to the worst roots are drawn, and the rest is counted`()
    throws
  {
    let text = circle + (10..<60).map { "T\($0) request a\n" }.joined()
    let drawing = try drawing(of: text)
    #expect(drawing.classes.count { $0.wait?.role == .thread } == DrawingLimits.waits)
    #expect(lines(drawing).contains("T1 wait B in circle"))
    #expect(drawing.notes.contains("29 more waits not drawn."))
  }

  @Test func `hostile names and a drawing without classes stay whole`() throws {
    let text = "\"<a&b>\" wait \"]]> --\"\n"
    let document = try Document(String(decoding: try picture(of: text).bytes, as: UTF8.self))
    #expect(document.elements.contains { $0.hasClass("condition") })
    let dot = String(
      decoding: try GraphPicture(
        graph: analyze(text).graph, findings: [], waiting: analyze(text).waiting
      ).rendered(as: .dot).bytes, as: UTF8.self)
    #expect(dot.contains("style=dotted"))
  }
}
