import Testing

@testable import LockGraphEngine
@testable import LockGraphRendering

#if Graphviz
  import CGraphviz
#endif

@Suite struct `Escaping` {
  static let names = [
    "</svg><script>", "a\"b\\N\\G", "new\nline", "\u{0}\u{1B}\u{FFFE}\u{7F}", "😀 漢字 ключ",
    "&amp;&nosuch;&#0;", "<b>html</b>", "", "   ", "end\\", "]]>", "\u{202E}txet",
    "\u{61C}\u{FEFF}",
    String(repeating: "x", count: 300), String(repeating: "long ", count: 200_000),
    "e" + String(repeating: "\u{301}", count: 5_000),
  ]

  private func fixture() -> GraphFixture {
    var fixture = GraphFixture()
    for name in Self.names { fixture.addClass(name) }
    fixture.addCycle(Array(Self.names.prefix(5)))
    for name in Self.names.dropFirst(5) { fixture.addDependency(Self.names[0], name) }
    fixture.addMarker(Self.names[6])
    return fixture
  }

  #if Graphviz
    @Test func `no name makes an SVG that is not well-formed`() throws {
      let document = try Document(fixture().text())
      #expect(document.elements.contains { $0.name == "svg" })
      #expect(!document.elements.contains { $0.name == "script" || $0.name == "b" })
      #expect(document.identifiers.count == Set(document.identifiers).count)
      let classes = document.elements.filter { $0.hasClass("lock-class") }
      #expect(classes.count == Self.names.count)
    }

    @Test func `names are shown as they are, with invisible characters as escapes`() throws {
      let document = try Document(fixture().text())
      for text in [
        "</svg><script>", "a\"b\\N\\G", "new\\nline", "\\u{0}\\u{1B}\\u{FFFE}\\u{7F}",
        "&amp;&nosuch;&#0;", "(no name)", "end\\", "\\u{202E}txet", "\\u{61C}\\u{FEFF}",
      ] {
        #expect(document.texts.contains(text), "\(text)")
      }
    }

    @Test func `long names are shortened in the middle and are longer in tooltips`() throws {
      let name = "begin" + String(repeating: "x", count: 3_000) + "end"
      var fixture = GraphFixture()
      fixture.addClass(name)
      let document = try Document(fixture.text())
      let label = try #require(document.texts.first { $0.hasPrefix("begin") && $0.count < 60 })
      #expect(label.hasSuffix("end") && label.contains("…") && label.count == 40)
      let tooltip = try #require(document.texts.first { $0.hasPrefix("begin") && $0.count > 60 })
      #expect((2_000...2_100).contains(tooltip.count))
    }

    @Test func `Graphviz reads every DOT text that it is given`() throws {
      let text = try fixture().text(.dot)
      let nodes = try GraphvizSession.session { () throws(GraphvizFailure) in
        guard let graph = lockgraph_read_text(text) else { throw GraphvizSession.failure() }
        defer { agclose(graph) }
        return agnnodes(graph)
      }
      #expect(nodes == Int32(Self.names.count))
    }

    @Test func `librsvg reads every SVG that it is given`() throws {
      for format in [PictureFormat.png, .pdf] {
        #expect(try fixture().picture().rendered(as: format).bytes.count > 1_000)
      }
    }
  #endif

  @Test func `DOT text keeps backslashes, quotes and ampersands from Graphviz`() {
    #expect(DotText.label("a\"b\\N") == #""a\"b\\N""#)
    #expect(DotText.label("end\\") == #""end\\""#)
    #expect(DotText.label("a && b") == #""a &amp;&amp; b""#)
    #expect(DotText.label("&lt;") == "\"&amp;\u{2060}lt;\"")
    #expect(DotText.label("&#0; &mm") == "\"&amp;\u{2060}#0; &amp;mm\"")
    #expect(DotText.label(["one", "two"], alignment: "l") == #""one\ltwo\l""#)
    #expect(DotText.label("one\ntwo") == #""one\ntwo""#)
  }

  @Test func `only plain names are names of DOT nodes`() {
    #expect(DotText.isPlain("&mm->mmap_lock"))
    #expect(DotText.isPlain("<b>"))
    for name in ["", "a\"", "a\\", "&amp;", "é", "a\n", String(repeating: "x", count: 81)] {
      #expect(!DotText.isPlain(name), "\(name)")
    }
  }

  @Test func `XML text has no markup and no forbidden characters`() {
    #expect(
      SVGElement.escaped("<a b=\"c\">&\u{1}\u{FFFF}")
        == "&lt;a b=&quot;c&quot;&gt;&amp;\u{FFFD}\u{FFFD}")
    #expect(SVGElement("a", ["b": "\"<", "c": nil]).empty == "<a b=\"&quot;&lt;\"/>")
  }

  @Test func `shortening keeps both ends and the limit`() {
    #expect(DisplayText.shortened("abcdefghij", to: 10) == "abcdefghij")
    #expect(DisplayText.shortened("abcdefghijk", to: 10) == "abcde…hijk")
    #expect(DisplayText.shortened("", to: 10) == "")
  }

  @Test func `counts have separators and nouns`() {
    #expect(Counted.grouped(0) == "0")
    #expect(Counted.grouped(999) == "999")
    #expect(Counted.grouped(1_000) == "1,000")
    #expect(Counted.grouped(UInt64.max) == "18,446,744,073,709,551,615")
    #expect(Counted.grouped(-123_456) == "-123,456")
    #expect(Counted.grouped(1, "lock", "locks") == "1 lock")
    #expect(Counted.grouped(0, "lock", "locks") == "0 locks")
  }

  @Test func `decimals have few places and no negative zero`() {
    #expect(Decimal.text(1) == "1")
    #expect(Decimal.text(1.005, places: 1) == "1")
    #expect(Decimal.text(-2.5) == "-2.5")
    #expect(Decimal.text(-0.001) == "0")
    #expect(Decimal.text(3.07) == "3.07")
  }
}
