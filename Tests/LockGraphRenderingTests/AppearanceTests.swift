import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

#if Graphviz
  @Suite struct `Appearance` {
    private func text() throws -> String {
      var fixture = Shapes.random(classes: 12, dependencies: 14)
      fixture.addCycle(["config", "table"], count: 12)
      fixture.addCycle(["config", "note"], severity: .note)
      fixture.addCycle(["table", "warning"], severity: .warning)
      fixture.addInterruptedPath(["irq", "table"])
      fixture.addMarker("list")
      return try fixture.text()
    }

    @Test func `every colour has one for dark screens, and colours are attributes`() throws {
      let text = try text()
      let style = try #require(text.split(separator: "</style>").first)
      let document = try Document(text)
      let known = Set(DarkStyle.colors.map(\.key))
      for element in document.elements {
        for name in ["fill", "stroke"] {
          guard let color = element.attributes[name], color != "none" else { continue }
          #expect(known.contains(color), "\(element)")
          #expect(style.contains("[\(name)=\"\(color)\"]{\(name):#"))
        }
        #expect(element.attributes["style"] == nil)
      }
      #expect(style.contains("@media screen and (prefers-color-scheme:dark){"))
      // Nothing is replaced that is not there.
      #expect(!style.contains(DrawingStyle.waitStroke))
    }

    @Test func `text has a contrast of 4.5 to 1 on its grounds, light and dark`() {
      let dark = Dictionary(uniqueKeysWithValues: DarkStyle.colors.map { ($0, $1) })
      var pairs: [(text: String, ground: String)] = []
      for emphasis in [Emphasis.context, .note, .warning, .error] {
        let ground = DrawingStyle.fill(emphasis)
        pairs += [(DrawingStyle.ink, ground), (DrawingStyle.quietInk, ground)]
        guard emphasis != .context else { continue }
        let stroke = DrawingStyle.stroke(emphasis)
        pairs += [
          (stroke, ground), (stroke, DrawingStyle.background), (DrawingStyle.background, stroke),
        ]
      }
      for ground in DrawingStyle.weightFills + [DrawingStyle.background, DrawingStyle.waitFill] {
        pairs.append((DrawingStyle.ink, ground))
      }
      for text in [DrawingStyle.quietInk, DrawingStyle.newStroke, DrawingStyle.waitStroke] {
        pairs.append((text, DrawingStyle.background))
      }
      pairs.append((DrawingStyle.quietInk, DrawingStyle.waitFill))
      for (text, ground) in pairs {
        #expect(contrast(text, ground) >= 4.5, "\(text) on \(ground)")
        #expect(contrast(dark[text]!, dark[ground]!) >= 4.5, "dark for \(text) on \(ground)")
      }
    }

    private func contrast(_ one: String, _ other: String) -> Double {
      let values = [luminance(one), luminance(other)].sorted()
      return (values[1] + 0.05) / (values[0] + 0.05)
    }

    private func luminance(_ color: String) -> Double {
      let value = Int(color.dropFirst(), radix: 16)!
      let parts = [value >> 16, value >> 8 & 0xFF, value & 0xFF].map { part -> Double in
        let share = Double(part) / 255
        let base = (share + 0.055) / 1.055
        // x^2.4 as x² times the fifth root of x², by Newton's method.
        var root = 1.0
        for _ in 0..<60 {
          let power = root * root * root * root
          root -= (power * root - base * base) / (5 * power)
        }
        return share <= 0.04045 ? share / 12.92 : base * base * root
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    @Test func `readers of screens come to every class and order, and to its title`() throws {
      let text = try text()
      let document = try Document(text)
      let root = document.elements[0]
      #expect(root.attributes["role"] == "graphics-document document")
      let names = Set(document.identifiers)
      for name in ["aria-labelledby", "aria-describedby"] {
        #expect(names.contains(root.attributes[name] ?? "none"))
      }
      let symbols = document.elements.filter { $0.name == "g" && $0.attributes["id"] != nil }
      #expect(symbols.count > 12)
      for symbol in symbols {
        let id = symbol.attributes["id"]!
        #expect(symbol.attributes["role"] == "img")
        #expect(symbol.attributes["aria-labelledby"] == "title-\(id)")
        #expect(text.contains("<title id=\"title-\(id)\">"))
      }
      let labels = document.elements.filter { $0.hasClass("dependency-label") }
      #expect(labels.count > 5)
      #expect(labels.allSatisfy { $0.attributes["aria-hidden"] == "true" })
    }

    @Test func `labels, boxes and lines beyond the extent of a layout belong to the picture`() {
      func point(_ x: Double, _ y: Double) -> Point { Point(x: x, y: y) }
      let line = DrawingLayout.Curve(
        points: [point(0, 0), point(0, 40), point(0, 80), point(0, 90)], tip: point(0, 130))
      let layout = DrawingLayout(
        extent: Extent(width: 100, height: 100), nodeCenters: [point(50, 0)], edgeCurves: [[line]],
        labelCenters: [point(95, 50)])
      let box = Extent(width: 40, height: 20)
      let bounds = layout.bounds(boxes: [box], labels: [Extent(width: 30, height: 10)])
      #expect(bounds.corner == point(0, -10))
      #expect(bounds.extent == Extent(width: 110, height: 140))
      let bare = layout.bounds(boxes: [box], labels: [nil])
      #expect(bare.extent == Extent(width: 100, height: 140))
    }

    @Test func `nothing is drawn outside, and the legend lies below everything`() throws {
      let hub = "a_class_with_quite_a_long_name"
      for scope in [PictureOptions.Scope.findings, .all] {
        var fixture = GraphFixture()
        for index in 0..<3 { fixture.addInterruptedPath([hub], [.hardirq, .softirq, .nmi][index]) }
        fixture.addMarker(hub, rule: .contextInversion, context: .signal)
        if scope == .all { fixture.addCycle((0..<200).map { "n\($0)" }) }
        for index in 0..<(scope == .all ? 180 : 1) { fixture.addDependency(hub, "m\(index)") }
        let document = try Document(fixture.text(scope: scope))
        func number(_ element: Document.Element, _ name: String) -> Double {
          Double(element.attributes[name] ?? "") ?? .nan
        }
        let (width, height) = (
          number(document.elements[0], "width"), number(document.elements[0], "height")
        )
        let shift = try #require(
          document.elements.compactMap { $0.attributes["transform"] }.first
        ).split(whereSeparator: { "( )".contains($0) }).compactMap { Double($0) }
        let legend = try #require(document.elements.firstIndex { $0.hasClass("legend") })
        let rectangles = document.elements[..<legend].filter {
          $0.name == "rect" && $0.attributes["x"] != nil
        }
        #expect(rectangles.count > 2)
        var bottom = 0.0
        for rectangle in rectangles {
          let (x, y) = (number(rectangle, "x") + shift[0], number(rectangle, "y") + shift[1])
          #expect(x > 0 && y > 0 && x + number(rectangle, "width") < width)
          bottom = max(bottom, y + number(rectangle, "height"))
        }
        let texts = document.elements[legend...].filter { $0.name == "text" }
        #expect(!texts.isEmpty)
        for line in texts { #expect(number(line, "y") > bottom && number(line, "y") < height) }
      }
    }
  }
#endif
