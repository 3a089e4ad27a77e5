import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

/// What bounds the time of a layout is what is laid out; the limits were measured once.
@Suite struct `Bounds` {
  static let shapes: [(name: String, make: @Sendable () -> GraphFixture)] = [
    ("ring", { Shapes.ring(2_000) }),
    ("complete", { Shapes.complete(60) }),
    ("random", { Shapes.random(classes: 1_000, dependencies: 3_000) }),
    ("cyclic", { Shapes.random(classes: 140, dependencies: 1_400, isAcyclic: false) }),
    ("tournament", { Shapes.random(classes: 150, dependencies: 11_175) }),
    (
      "star",
      {
        var fixture = GraphFixture()
        for index in 0..<5_000 { fixture.addDependency("hub", "spoke_\(index)") }
        fixture.addCycle(["hub", "spoke_1"])
        return fixture
      }
    ),
    (
      "bipartite",
      {
        var fixture = GraphFixture()
        for left in 0..<70 {
          for right in 0..<70 { fixture.addDependency("left_\(left)", "right_\(right)") }
        }
        return fixture
      }
    ),
  ]

  @Test(arguments: Self.shapes.indices)
  func `no graph brings more than the limits into a drawing`(shape: Int) throws {
    let fixture = Self.shapes[shape].make()
    let name = fixture.classes[0].name
    for (scope, limits) in [
      (PictureOptions.Scope.findings, DrawingLimits.findings()), (.all, .all()),
      (.around(lockClass: name, depth: 1_000_000), .around()),
    ] {
      let drawing = try fixture.drawing(scope)
      // The first cycle is always drawn, and its remainder is no class.
      #expect(drawing.classes.count <= limits.classes + 1)
      #expect(
        drawing.dependencies.count
          <= limits.contextDependencies + max(limits.findingDependencies, limits.wholeCycle))
      #expect(
        drawing.arrangement == .forces || drawing.classes.count <= DrawingLimits.layeredClasses)
      if drawing.arrangement != .forces {
        let layers = LayerEstimate.layers(
          nodeCount: drawing.classes.count, edges: drawing.dependencies.map { ($0.from, $0.to) })
        let crossed = drawing.dependencies.filter { $0.emphasis == .context }
          .reduce(0) { $0 + max(0, abs(layers[$1.to] - layers[$1.from]) - 1) }
        #expect(crossed <= 2 * DrawingLimits.layersCrossed)
      }
      #expect(drawing.classes.count >= min(fixture.classes.count, 8))
    }
  }

  @Test func `tooltips are bounded`() throws {
    let long = String(repeating: "y", count: 100_000)
    var fixture = GraphFixture()
    fixture.addCycle([long + "1", long + "2"])
    let drawing = try fixture.drawing()
    for tooltip in drawing.classes.map(\.tooltip) + drawing.dependencies.map(\.tooltip) {
      #expect(tooltip.count < 4_000)
    }
  }
}
