import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `What is drawn` {
  @Test func `an empty graph says so`() throws {
    let drawing = try GraphFixture().drawing()
    #expect(drawing.classes.isEmpty)
    #expect(drawing.notes == ["The order graph is empty: no lock was taken."])
    #expect(try GraphFixture().picture().rendered(as: .dot).notes == drawing.notes)
  }

  @Test func `a small graph without findings is drawn whole and without notes`() throws {
    let drawing = try Shapes.random(classes: 20, dependencies: 30).drawing()
    #expect(drawing.classes.count == 20 && drawing.dependencies.count == 30)
    #expect(drawing.notes.isEmpty)
  }

  @Test func `a large graph without findings is drawn in its most used part`() throws {
    var fixture = Shapes.random(classes: 500, dependencies: 400)
    fixture.addDependency("hot_1", "hot_2", count: 1_000_000)
    let drawing = try fixture.drawing()
    #expect(drawing.classes.count == DrawingLimits.usualClasses)
    #expect(drawing.classes.contains { $0.name == "hot_1" })
    #expect(
      drawing.notes.first == "48 of 502 classes drawn: the most used; render --all draws more.")
  }

  @Test func `findings are drawn with their neighbours, most used first`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"])
    for index in 0..<40 { fixture.addDependency("a", "n\(index)", count: UInt64(index + 1)) }
    fixture.addDependency("n39", "far", count: 5_000)
    let names = Set(try fixture.drawing().classes.map(\.name))
    #expect(names.isSuperset(of: ["a", "b", "n39", "n16"]))
    #expect(!names.contains("n15") && !names.contains("far"))
    #expect(
      try fixture.drawing().notes.first
        == "26 of 43 classes drawn: findings and their neighbours; render --all draws more.")
    #expect(try fixture.drawing(.all).classes.count == 43)
  }

  @Test func `dependencies on a cycle carry the number in the report`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"], severity: .note)
    fixture.addMarker("z")
    fixture.addCycle(["b", "c"])
    fixture.addCycle(["a", "b", "c"], isInGraph: false)
    fixture.addDependency("c", "a")
    let drawing = try fixture.drawing()
    func dependency(_ identifier: String) -> Drawing.Dependency? {
      drawing.dependencies.first { $0.identifier == identifier }
    }
    #expect(dependency("dep-a--b")?.findings.label == "#1 #4")
    #expect(dependency("dep-a--b")?.emphasis == .error)
    #expect(dependency("dep-b--a")?.emphasis == .note)
    #expect(dependency("dep-b--a").map(DrawingStyle.badge) == "note #1")
    #expect(dependency("dep-b--c")?.findings.label == "#3 #4")
    let marked = drawing.classes.first { $0.name == "z" }
    #expect(marked?.markers.map(\.number) == [2])
    #expect(
      marked.map { DrawingStyle.lines(of: $0).map(\.text) }?.last == "error #2 release-not-held")
  }

  @Test func `many numbers are bounded`() {
    var numbers = FindingNumbers()
    for number in 1...19 { numbers.append(number) }
    #expect(numbers.label == "#1 #2 … +17")
    #expect(numbers.kept.count == 16)
  }

  @Test func `a cycle of one class is a loop`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a"])
    let drawing = try fixture.drawing()
    #expect(drawing.dependencies.map(\.from) == [0] && drawing.dependencies.map(\.to) == [0])
    #if Graphviz
      #expect(try fixture.text().contains("id=\"dep-a--a\""))
    #endif
  }

  @Test func `classes that only a finding names are drawn without counts`() throws {
    var fixture = GraphFixture()
    fixture.addClass("a")
    fixture.addCycle(["x", "y"], isInGraph: false)
    let drawing = try fixture.drawing()
    #expect(drawing.classes.map(\.name) == ["x", "y"])
    #expect(drawing.classes.allSatisfy { $0.counts == nil })
    #expect(drawing.dependencies.count == 2)
  }

  @Test func `a long cycle is abbreviated`() throws {
    let drawing = try Shapes.ring(10_000).drawing()
    #expect(drawing.classes.count == 9 && drawing.dependencies.count == 9)
    let remainder = try #require(drawing.classes.first { $0.standsFor != nil })
    #expect(remainder.standsFor == 9_992)
    #expect(DrawingStyle.lines(of: remainder).map(\.text) == ["… 9,992 more …"])
    #expect(
      drawing.notes == [
        "8 of 10,000 classes drawn: findings and their neighbours; render --all draws more.",
        "Cycle #1 is abbreviated: 8 of its 10,000 classes drawn.",
      ])
    #expect(drawing.dependencies.allSatisfy { $0.emphasis == .error })
    #expect(try Shapes.ring(12).drawing().classes.count == 12)
    #expect(try Shapes.ring(13).drawing().classes.count == 9)
  }

  @Test func `the surroundings of a class end at the depth`() throws {
    var fixture = GraphFixture()
    for index in 0..<10 { fixture.addDependency("c\(index)", "c\(index + 1)") }
    fixture.addCycle(["c5", "c9"])
    let drawing = try fixture.drawing(.around(lockClass: "c5", depth: 1))
    #expect(drawing.classes.map(\.name) == ["c5", "c9", "c4", "c6"])
    #expect(
      drawing.notes == [
        "4 of 11 classes drawn: those at most 1 dependency away from c5; render --all draws more."
      ])
    let alone = try fixture.drawing(.around(lockClass: "c2", depth: 0))
    #expect(alone.classes.map(\.name) == ["c2"])
    #expect(alone.dependencies.isEmpty)
    let cut = try fixture.drawing(.around(lockClass: "c9", depth: 1))
    #expect(!cut.notes.contains { $0.contains("out of the drawn part") })
  }

  @Test func `a cycle that leaves the surroundings is drawn in part`() throws {
    let drawing = try Shapes.ring(30).drawing(.around(lockClass: "link_4", depth: 2))
    #expect(drawing.classes.count == 5 && drawing.dependencies.count == 4)
    #expect(drawing.dependencies.allSatisfy { $0.emphasis == .error })
    #expect(drawing.notes.contains("1 cycle leads out of the drawn part."))
  }

  @Test func `what is on a cycle that is not drawn does not look harmless`() throws {
    let drawing = try Shapes.complete(40).drawing()
    #expect(!drawing.dependencies.contains { $0.emphasis == .context })
    #expect(drawing.notes.contains { $0.hasSuffix("of 780 findings drawn.") })
    #expect(drawing.notes.contains { $0.contains("between drawn classes are left out") })
  }

  @Test func `worse findings are drawn first and numbered as in the report`() throws {
    var fixture = GraphFixture()
    for index in 0..<30 { fixture.addCycle(["n\(index)", "m\(index)"], severity: .note) }
    fixture.addCycle(["a", "b"])
    let drawing = try fixture.drawing()
    #expect(drawing.classes.prefix(2).map(\.name) == ["a", "b"])
    #expect(drawing.dependencies.first?.findings.label == "#31")
  }
}
