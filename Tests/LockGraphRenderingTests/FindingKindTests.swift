import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `Findings that are no cycle of dependencies` {
  private func looks(_ drawing: Drawing) -> [String] { Legend(drawing).entries.map(\.text) }

  @Test func `a finding without dependencies lends its class its severity`() throws {
    var fixture = GraphFixture()
    fixture.addDependency("list", "name")
    fixture.addDependency("name", "far")
    fixture.addMarker("list", rule: .waitWhileHolding, severity: .note)
    fixture.addMarker("name", rule: .invalidWaitContext)
    fixture.addMarker("name", rule: .waitWhileHolding, severity: .note)
    let drawing = try fixture.drawing()
    func lockClass(_ name: String) -> Drawing.LockClass? {
      drawing.classes.first { $0.name == name }
    }
    #expect(lockClass("name")?.emphasis == .error)
    #expect(lockClass("list")?.emphasis == .note)
    #expect(lockClass("far")?.emphasis == .context)
    #expect(
      lockClass("name").map(DrawingStyle.styleClasses)
        == "lock-class severity-error has-finding finding-2 finding-3 lock-mutex")
    #expect(
      looks(drawing) == [
        "in a finding without a cycle, an error; #: number in the report", "the same, a note",
        "other order",
      ])
  }

  @Test func `the legend explains marked classes beside cycles`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"])
    #expect(try looks(fixture.drawing()).count == 1)
    fixture.addMarker("a")
    #expect(try looks(fixture.drawing()).count == 1)
    fixture.addMarker("c")
    #expect(
      try looks(fixture.drawing()) == [
        "on a reported cycle, an error; #: number in the report",
        "in a finding without a cycle, an error",
      ])
  }

  @Test func `an interrupt closes the cycle with a line of its own`() throws {
    var fixture = GraphFixture()
    fixture.addInterruptedPath(["a", "b", "c"])
    let drawing = try fixture.drawing()
    #expect(
      drawing.dependencies.map(\.identifier) == ["dep-a--b", "dep-b--c", "hardirq-c--a"])
    let closing = drawing.dependencies[2]
    #expect(drawing.classes[closing.from].name == "c" && drawing.classes[closing.to].name == "a")
    #expect(closing.isDashed && closing.emphasis == .error && closing.findings.label == "#1")
    #expect(closing.count == nil && closing.kinds.isEmpty)
    #expect(EdgeLabel(closing, in: drawing)?.badge == "error #1")
    #expect(closing.words == ["hardware interrupt"])
    #expect(closing.place?.text == "source.c:5")
    #expect(
      DrawingStyle.styleClasses(of: closing)
        == "interrupt on-cycle severity-error finding-1 context-hardirq")
    #expect(
      closing.tooltip == """
        hardirq may come while c is held, and takes a
        #1 an interrupt closes a cycle
        used-in: thread cpu-0 0x1 of a [write] at source.c:5 (trace.lg:5)
        enabled: thread cpu-0 0x1 of c [write] at source.c:5 (trace.lg:5)
        """)
    #expect(!drawing.dependencies[0].isDashed)
    #expect(
      looks(drawing) == [
        "on a reported cycle, an error; #: number in the report",
        "what an interrupt or signal may do",
      ])
    let line = try #require(
      fixture.text(.dot).split(separator: "\n").first { $0.hasPrefix("  \"c\" -> \"a\" [") })
    #expect(
      line.contains("label=\" error #1 hardware interrupt\\l source.c:5\\l\"")
        && line.contains("style=dashed"))
    #expect(line.contains("color=\"\(DrawingStyle.stroke(.error))\""))
  }

  @Test func `what an interrupt may do stays apart from what a thread did`() throws {
    var fixture = GraphFixture()
    fixture.addInterruptedPath(["a", "b"])
    fixture.addInterruptedPath(["a", "b"], .softirq)
    fixture.addCycle(["a", "b"])
    let drawing = try fixture.drawing()
    let labels = Dictionary(
      uniqueKeysWithValues: drawing.dependencies.map { ($0.identifier, $0.findings.label) })
    #expect(
      labels == [
        "dep-a--b": "#1 #2 #3", "dep-b--a": "#3", "hardirq-b--a": "#1", "softirq-b--a": "#2",
      ])
  }

  @Test func `an interrupt that takes the class it comes over is a dashed loop`() throws {
    var fixture = GraphFixture()
    fixture.addMarker("port", rule: .contextInversion, context: .signal)
    fixture.addMarker("other", rule: .unbalancedContext, context: .signal)
    let drawing = try fixture.drawing()
    #expect(drawing.dependencies.map(\.identifier) == ["signal-port--port"])
    #expect(drawing.dependencies[0].tooltip.hasPrefix("signal may come while port is held, and"))
    #expect(
      DrawingStyle.styleClasses(of: drawing.classes[0])
        == "lock-class on-cycle severity-error has-finding finding-1")
    #expect(looks(drawing)[0] == "what an interrupt or signal may do; #: number in the report")
    #expect(Legend(drawing).explanation.isEmpty)
    #if Graphviz
      let document = try Document(fixture.text())
      #expect(document.element(id: "signal-port--port") != nil)
      #expect(document.texts.contains("signal handler"))
      // The loop and its sample in the legend.
      #expect(document.elements.filter { $0.attributes["stroke-dasharray"] != nil }.count == 2)
    #endif
  }

  @Test func `a long path that an interrupt closes is abbreviated as a cycle is`() throws {
    var fixture = GraphFixture()
    fixture.addInterruptedPath((0..<30).map { "link_\($0)" })
    let drawing = try fixture.drawing()
    #expect(drawing.classes.count == 9 && drawing.dependencies.count == 9)
    #expect(drawing.dependencies.filter { $0.interrupt != nil }.count == 1)
    #expect(drawing.dependencies.allSatisfy { $0.findings.label == "#1" })
    #expect(drawing.notes.contains("Cycle #1 is abbreviated: 8 of its 30 classes drawn."))
  }

  @Test func `an interrupt's line implies no dependency`() throws {
    var fixture = GraphFixture()
    // Over the interrupt's line b leads to a and on to d; that makes b before d no less needed.
    fixture.addInterruptedPath(["a", "b"])
    fixture.addDependency("a", "d")
    fixture.addDependency("b", "d")
    for index in 0..<20 {
      fixture.addDependency("d", "n\(index)")
      fixture.addDependency("a", "n\(index)")
    }
    let identifiers = try fixture.drawing().dependencies.map(\.identifier)
    #expect(identifiers.contains("dep-b--d"))
    #expect(!identifiers.contains("dep-a--d"))
  }

  @Test func `a deadlock and an inversion of the same classes are both named`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"])
    fixture.addCycle(["a", "b"], isInGraph: false)
    fixture.findings[0].rule = .deadlock
    fixture.findings[1].rule = .lockOrderInversion
    #expect(try fixture.drawing().dependencies.map(\.findings.label) == ["#1 #2", "#1 #2"])
  }

  @Test func `a class held by who waits for a thread is marked`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"])
    fixture.findings[0].edges.removeLast()
    fixture.findings[0].classes = ["a", "b", "held"]
    let drawing = try fixture.drawing()
    let held = try #require(drawing.classes.first { $0.name == "held" })
    #expect(held.markers.map(\.rule) == [.deadlock] && held.emphasis == .error)
    #expect(drawing.classes.filter { !$0.markers.isEmpty }.count == 1)
    #expect(!drawing.notes.contains { $0.contains("findings drawn") })
  }

  #if Graphviz
    @Test(arguments: [Drawing.Arrangement.layers, .forces])
    func `arrowheads of parallel edges are beside each other`(
      arrangement: Drawing.Arrangement
    ) throws {
      let size = DrawingStyle.arrowSize(.error)
      func edge(_ from: Int, _ to: Int) -> LayoutRequest.Edge {
        .init(from: from, to: to, label: nil, arrowSize: size, weight: 1)
      }
      let request = LayoutRequest(
        nodes: [Extent(width: 150, height: 62), Extent(width: 150, height: 62)],
        edges: [edge(0, 0), edge(0, 0), edge(0, 1), edge(0, 1), edge(1, 0)],
        arrangement: arrangement)
      let layout = try GraphvizSession.layout(request)
      let tips = try layout.edgeCurves.map { try #require($0.first?.tip) }
      func distance(_ left: Int, _ right: Int) -> Double {
        let (x, y) = (tips[left].x - tips[right].x, tips[left].y - tips[right].y)
        return (x * x + y * y).squareRoot()
      }
      // An arrowhead is this broad.
      let breadth = 2 * 0.38 * 10 * size
      #expect(distance(0, 1) > breadth)
      #expect(distance(2, 3) > breadth)
    }
  #endif
}
