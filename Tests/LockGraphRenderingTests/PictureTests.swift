import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

#if Graphviz
  import CGraphviz
#endif

@Suite struct `Pictures` {
  private func fixture() -> GraphFixture {
    var fixture = Shapes.random(classes: 30, dependencies: 60)
    fixture.addClass("table", kind: .rwlock, instances: 16, acquisitions: 88_120)
    fixture.addCycle(["config", "table"], count: 12)
    fixture.addDependency("subsystem_1_lock", "table", kinds: [.er, .sr], count: 3)
    return fixture
  }

  @Test func `formats are known by their extensions`() {
    #expect(PictureFormat(fileExtension: "svg") == .svg)
    #expect(PictureFormat(fileExtension: ".PNG") == .png)
    #expect(PictureFormat(fileExtension: "gv") == .dot)
    #expect(PictureFormat(fileExtension: "Dot") == .dot)
    #expect(PictureFormat(fileExtension: "pdf") == .pdf)
    #expect(PictureFormat(fileExtension: "") == nil)
    #expect(PictureFormat(fileExtension: "jpeg") == nil)
  }

  @Test func `errors are sentences for people`() throws {
    var fixture = GraphFixture()
    for name in ["config_lock", "table_lock", "journal"] { fixture.addClass(name) }
    #expect {
      try fixture.picture(.around(lockClass: "confg_Lock", depth: 1)).rendered(as: .dot)
    } throws: {
      "\($0)" == "no lock class “confg_Lock”; did you mean “config_lock”?"
    }
    #expect {
      try GraphFixture().picture(.around(lockClass: "a\nb", depth: 1)).rendered(as: .dot)
    } throws: {
      "\($0)" == "no lock class “a\\nb”: the graph has no classes"
    }
    #expect(
      "\(PictureError.graphvizMissing(format: .png))"
        == "png pictures need Graphviz, and this build has none: enable the package trait "
        + "Graphviz, or write dot and convert it with the dot tool")
    #expect(
      "\(PictureError.graphvizFailed(format: .svg, message: "out of luck"))"
        == "Graphviz could not make the svg picture: out of luck")
    #expect(
      "\(PictureError.graphvizFailed(format: .pdf, message: ""))"
        == "Graphviz could not make the pdf picture: no reason given")
  }

  @Test func `DOT is for people to read`() throws {
    var fixture = GraphFixture()
    fixture.addCycle(["a", "b"], kinds: .er)
    let lines = try fixture.text(.dot).split(separator: "\n")
    #expect(lines.first == "digraph lock_order {")
    #expect(lines.last == "}")
    #expect(lines.filter { $0.contains(" -> ") && $0.contains("style=dashed") }.count == 2)
    #expect(
      lines.contains {
        $0.hasPrefix("  \"a\" -> \"b\" [label=\" error #1 source.c:3 → source.c:4\"")
      })
    #expect(
      lines.contains { $0.contains("\\nThread worker-0 holds 0x1 of a [write] at source.c:3") })
    #expect(try fixture.text(.dot) == fixture.text(.dot))
  }

  #if Graphviz
    @Test func `the same input gives the same bytes`() throws {
      for scope in [PictureOptions.Scope.findings, .all] {
        #expect(try fixture().text(scope: scope) == fixture().text(scope: scope))
      }
      let forces = Shapes.random(classes: 200, dependencies: 500)
      #expect(try forces.drawing(.all).arrangement == .forces)
      #expect(try forces.text(scope: .all) == forces.text(scope: .all))
    }

    @Test func `every format has its signature`() throws {
      let picture = fixture().picture()
      #expect(try picture.rendered(as: .png).bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]))
      #expect(try picture.rendered(as: .pdf).bytes.starts(with: Array("%PDF-".utf8)))
      #expect(try picture.rendered(as: .svg).bytes.starts(with: Array("<svg ".utf8)))
      #expect(try picture.rendered(as: .dot).bytes.starts(with: Array("digraph ".utf8)))
    }

    @Test func `an SVG says what it is and what it leaves out`() throws {
      let document = try Document(Shapes.ring(50).text())
      let root = document.elements[0]
      let width = try #require(root.attributes["width"])
      let height = try #require(root.attributes["height"])
      #expect(root.attributes["viewBox"] == "0 0 \(width) \(height)")
      let note = "Cycle #1 is abbreviated: 8 of its 50 classes drawn."
      #expect(
        document.texts.contains { $0.hasSuffix(note) && $0.hasPrefix("8 classes, 9 orders, 1 f") })
      #expect(document.texts.contains(note))
      #expect(document.texts.contains("… 42 more …"))
    }

    @Test func `an empty graph has a picture`() throws {
      let document = try Document(GraphFixture().text())
      #expect(document.texts.contains("The order graph is empty: no lock was taken."))
      #expect(try !GraphFixture().picture().rendered(as: .png).bytes.isEmpty)
    }

    @Test func `cycles differ from the rest without colour`() throws {
      let document = try Document(fixture().text())
      let widths = document.elements.filter { $0.name == "path" }
        .compactMap { $0.attributes["stroke-width"] }
      #expect(Set(widths) == ["1", "3.5"])
      #expect(document.texts.filter { $0 == "error #1" }.count == 2)
      #expect(document.elements.contains { $0.attributes["stroke-dasharray"] == "5 4" })
    }

    @Test func `tooltips have the witnesses`() throws {
      let tooltip = try #require(
        Document(fixture().text()).texts.first { $0.hasPrefix("config → table") })
      #expect(
        tooltip == """
          config → table
          EN, 12 acquisitions
          #1 possible deadlock of 2 classes
          Thread worker-0 holds 0x6 of config [write] at source.c:3, wants 0x5 of table [write] \
          at source.c:4, also holds outer (trace.lg:4)
          """)
    }

    @Test func `nodes do not overlap and hold their text in wide fonts`() throws {
      for scope in [PictureOptions.Scope.findings, .all] {
        for fixture in [fixture(), Shapes.random(classes: 420, dependencies: 800)] {
          let drawing = try fixture.drawing(scope)
          let boxes = drawing.classes.map { NodeBox($0) }
          let labels = drawing.dependencies.map { EdgeLabel($0, in: drawing) }
          let layout = try GraphvizSession.layout(
            LayoutRequest(drawing, boxes: boxes, labels: labels))
          for (left, leftBox) in boxes.enumerated() {
            for line in leftBox.lines {
              let width = TextWidth.of(line.text, size: line.size, isBold: line.isBold)
              #expect(width + 10 < leftBox.extent.width)
            }
            for right in boxes.indices where right > left {
              let (a, b) = (layout.nodeCenters[left], layout.nodeCenters[right])
              let isApart =
                abs(a.x - b.x) >= (leftBox.extent.width + boxes[right].extent.width) / 2 - 0.5
                || abs(a.y - b.y) >= (leftBox.extent.height + boxes[right].extent.height) / 2 - 0.5
              #expect(isApart)
            }
          }
        }
      }
    }

    @Test func `what Graphviz says is in the error`() {
      #expect {
        try GraphvizSession.session { () throws(GraphvizFailure) in
          if lockgraph_read_text("digraph {") == nil { throw GraphvizSession.failure() }
        }
      } throws: {
        ($0 as? GraphvizFailure)?.message.contains("syntax error") == true
      }
    }
  #else
    @Test(arguments: [PictureFormat.svg, .png, .pdf])
    func `without Graphviz only DOT can be written`(format: PictureFormat) throws {
      #expect(throws: PictureError.graphvizMissing(format: format)) {
        try fixture().picture().rendered(as: format)
      }
    }
  #endif
}
