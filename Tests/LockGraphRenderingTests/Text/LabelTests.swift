import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `Labels` {
  @Test(
    arguments: [
      ("Sources/Bank/Teller.swift:88", "Teller.swift:88"), ("bank.c:7:12", "bank.c:7"),
      (#"C:\src\bank.cpp:7"#, "bank.cpp:7"), ("/a/b", "/a/b"), (":7", ":7"), ("", ""),
      ("Bank::pay(int)", "Bank::pay(int)"), ("pay+0x1f/0x40", "pay+0x1f/0x40"),
      ("pay at src/bank.c:7", "bank.c:7"), ("Bank.pay(Bank.java:9)", "Bank.java:9"),
      ("pay(int) (/src/bank.cpp:7:5)", "bank.cpp:7"), ("std::pay(a:1, int)", "std::pay(a:1, int)"),
      ("a/b:c", "a/b:c"),
    ])
  func `places are files without folders, and lines`(place: String, short: String) {
    #expect(PlaceText.short(place) == short)
  }

  @Test func `long places are bounded, whatever they are`() {
    for place in [
      String(repeating: "x", count: 1_000_000), "a/" + String(repeating: "y", count: 900) + ":3",
    ] {
      #expect(PlaceText.short(place).count == PlaceText.limit)
    }
  }

  @Test func `an order says both places in the words of its witness`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"])
    let drawing = try fixture.drawing()
    let label = try #require(EdgeLabel(drawing.dependencies[0], in: drawing))
    #expect(label.badge == "error #1" && label.saysPlaces && !label.saysCount)
    #expect(label.lines.joined() == "source.c:3 → source.c:4")
    let shown = Drawing.Place(held: "x/a.c:1", wanted: "a.c:1")
    #expect(shown?.text == "a.c:1")
    #expect(Drawing.Place(held: "x/a.c:1", wanted: nil)?.text == "a.c:1 →")
    #expect(Drawing.Place(held: nil, wanted: "x/a.c:1")?.text == "→ a.c:1")
    #expect(Drawing.Place(held: nil, wanted: nil) == nil)
  }

  @Test func `kinds stand at orders only if they are asked for`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"], kinds: [.en, .sr], count: 12)
    for saysKinds in [false, true] {
      let drawing = try fixture.drawing(PictureOptions(saysKinds: saysKinds))
      let text = EdgeLabel(drawing.dependencies[0], in: drawing)?.lines.joined(separator: " ")
      #expect(text?.contains("EN SR ×12") == saysKinds)
      #expect(text?.contains("×12") == true)
      let legend = Legend(drawing).explanation
      #expect(legend.contains("held exclusively (E)") == saysKinds)
      #expect(legend.contains("×: how often."))
    }
  }

  @Test func `the legend explains only what is in the picture`() throws {
    var fixture = GraphFixture()
    for name in ["alone", "a", "b", "c"] { fixture.addClass(name, instances: 0, acquisitions: 0) }
    #expect(try Legend(fixture.drawing()).explanation.isEmpty)
    fixture.addDependency("a", "b")
    let once = try Legend(fixture.drawing()).explanation
    #expect(!once.contains("×") && once.contains("at the places beside the line"))
    fixture.addDependency("b", "c", count: 2)
    #expect(try Legend(fixture.drawing()).explanation.contains("×: how often."))
    var counted = GraphFixture()
    counted.addClass("counted")
    #expect(try Legend(counted.drawing()).explanation == "×: how often.")
  }

  @Test func `many orders on no cycle say no places, and the picture says so`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"])
    for index in 0..<20 { fixture.addDependency("a", "n\(index)", count: 2) }
    let drawing = try fixture.drawing()
    for dependency in drawing.dependencies where dependency.emphasis == .context {
      #expect(EdgeLabel(dependency, in: drawing)?.lines == ["×2"])
    }
    #expect(drawing.notes.contains("Places of orders on no cycle are in their tooltips only."))
  }

  @Test func `contexts are words`() {
    #expect(ContextText.lines(ofUsage: "....").isEmpty)
    #expect(ContextText.lines(ofUsage: "-...") == ["taken in hardware interrupts"])
    #expect(
      ContextText.lines(ofUsage: "..?.") == ["taken in soft interrupts, and where they can come"])
    #expect(
      ContextText.lines(ofUsage: ".-+.") == ["taken in hardware interrupts"])
    #expect(
      ContextText.lines(ofUsage: ".-.+", inAll: true) == [
        "taken in hardware interrupts", "held where soft interrupts can come",
      ])
    #expect(ContextText.lines(ofUsage: "nonsense").isEmpty)
  }

  @Test func `names that differ in their middle differ as labels`() {
    let begin = "app::registry::Handle<some::very::long::Type::"
    let end = "::Parameter, std::allocator<void>>::mutex_"
    let labels = DistinctLabels.labels(
      of: [begin + "Alpha" + end, begin + "Beta" + end, "plain", begin + "Alpha" + end], limit: 40)
    #expect(labels[0].contains("Alpha") && labels[1].contains("Beta"))
    #expect(labels[2] == "plain" && labels[3] == labels[0])
    #expect(labels.allSatisfy { $0.count <= 40 })
    let blank = DistinctLabels.labels(of: ["", " ", "  "], limit: 40)
    #expect(Set(blank) == ["(no name)", "(no name) (2)", "(no name) (3)"])
  }

  @Test func `whatever the names, labels are equal where names are and nowhere else`() {
    var generator = SeededGenerator(seed: 5)
    for seed in 0..<300 {
      // Few different pieces at the same places, so that many names are alike.
      let pieces = (0..<6).map { _ in
        String(
          repeating: "ab:.".randomElement(using: &generator)!,
          count: .random(in: 0...25, using: &generator))
      }
      let names = (0..<12).map { _ in
        pieces.map { Bool.random(using: &generator) ? $0 : $0.uppercased() + "x" }.joined()
      }
      let labels = DistinctLabels.labels(of: names, limit: 24)
      #expect(Set(zip(names, labels).map { "\($0)\n\($1)" }).count == Set(names).count, "\(seed)")
      #expect(Set(labels).count == Set(names).count, "\(seed)")
      #expect(labels.allSatisfy { $0.count <= 24 + 5 }, "\(seed)")
    }
  }
}
