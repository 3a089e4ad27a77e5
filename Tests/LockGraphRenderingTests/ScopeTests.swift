import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

@Suite struct `One finding, and bounds that are asked for` {
  private func cycles(_ count: Int) -> GraphFixture {
    var fixture = GraphFixture()
    for index in 0..<count { fixture.addCycle(["a\(index)", "b\(index)"]) }
    return fixture
  }

  @Test func `any finding can be drawn alone, under its number`() throws {
    let drawing = try cycles(40).drawing(.finding(37))
    #expect(drawing.classes.map(\.name) == ["a36", "b36"])
    #expect(drawing.dependencies.map(\.findings.label) == ["#37", "#37"])
    #expect(
      drawing.notes.first == "2 of 80 classes drawn: those of finding #37; render --all draws more."
    )
  }

  @Test func `one finding is drawn whole where several would be abbreviated`() throws {
    #expect(try Shapes.ring(40).drawing().classes.count == 9)
    #expect(try Shapes.ring(40).drawing(.finding(1)).classes.count == 40)
    #expect(try Shapes.ring(49).drawing(.finding(1)).classes.count == 9)
    let wide = PictureOptions(scope: .finding(1), maxClasses: 60)
    #expect(try Shapes.ring(49).drawing(wide).classes.count == 49)
  }

  @Test func `a number that no finding has is an error that says what there is`() throws {
    #expect {
      try cycles(2).drawing(.finding(3))
    } throws: {
      "\($0)" == "no finding #3: there are 2, from #1 on"
    }
    #expect {
      try GraphFixture().drawing(.finding(1))
    } throws: {
      "\($0)" == "no finding #1: there are none"
    }
  }

  @Test func `numbers that are no numbers of anything are bounded`() throws {
    for scope in [PictureOptions.Scope.findings, .all, .finding(1)] {
      for number in [Int.min, -1, 0, .max] {
        var options = PictureOptions(scope: scope, maxClasses: number)
        options.maxClasses = number
        #expect(try !cycles(3).drawing(options).classes.isEmpty)
      }
    }
    #expect(throws: PictureError.self) { try cycles(2).drawing(.finding(.min)) }
  }

  @Test func `nothing has the number of a finding that is not drawn`() throws {
    var fixture = cycles(30)
    // Shares an order with a drawn one, and does not fit.
    fixture.addCycle(["a0", "b0"] + (0..<9).map { "far\($0)" }, isInGraph: false)
    let drawing = try fixture.drawing()
    let numbers = Set(drawing.dependencies.flatMap(\.findings.kept))
    #expect(numbers == Set(1...22))
    #expect(drawing.notes.contains("22 of 31 findings drawn."))
    #expect(
      drawing.omittedFindings == "22 of 31 findings drawn; render --finding 23 draws #23")
    #expect(try cycles(3).drawing().omittedFindings == nil)
  }

  @Test func `the surer one of two findings is drawn first`() throws {
    var fixture = cycles(30)
    for index in fixture.findings.indices { fixture.findings[index].confidence = .feasible }
    fixture.findings[29].confidence = .observed
    #expect(try fixture.drawing().classes[0].name == "a29")
  }

  @Test(arguments: [4, 5, 9, 30, 100, 1_000])
  func `as many classes are drawn as are asked for at most`(limit: Int) throws {
    for fixture in [
      cycles(60), Shapes.ring(80), Shapes.random(classes: 300, dependencies: 600),
    ] {
      let name = fixture.classes[0].name
      for scope in [
        PictureOptions.Scope.findings, .all, .around(lockClass: name, depth: 9), .finding(1),
      ] {
        if case .finding = scope, fixture.findings.isEmpty { continue }
        let drawing = try fixture.drawing(PictureOptions(scope: scope, maxClasses: limit))
        let classes = drawing.classes.filter { $0.standsFor == nil }
        #expect(classes.count <= limit)
        if scope == .all { #expect(classes.count >= min(limit, fixture.classes.count) / 2) }
      }
    }
    #expect(try cycles(60).drawing(PictureOptions(maxClasses: 130)).omittedFindings == nil)
  }
}
