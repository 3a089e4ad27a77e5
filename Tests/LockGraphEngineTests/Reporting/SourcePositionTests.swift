import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct SourcePositionTests {
  private func describe(_ position: SourcePosition?) -> String? {
    position.map { "\($0.file)|\($0.line)|\($0.column.map(String.init) ?? "-")" }
  }

  @Test(arguments: [
    ("a.c:3", "a.c|3|-"), ("a.c:3:7", "a.c|3|7"), ("dir/a b.c:3", "dir/a b.c|3|-"),
    ("C:/x/a.c:3", "C:/x/a.c|3|-"), ("x:1:2:3", "x:1|2|3"), ("12:30", "12|30|-"),
    ("a.c:0", "a.c|1|-"), ("a.c:0:5", "a.c|1|-"), ("a.c:5:0", "a.c|5|-"),
    ("a.c:2147483647", "a.c|2147483647|-"), ("é.c:1", "é.c|1|-"), ("a::b:4", "a::b|4|-"),
    ("a.c:007", "a.c|7|-"),
  ])
  func `A file, a line and perhaps a column`(_ text: String, _ expected: String) {
    #expect(describe(SourcePosition(text)) == expected)
  }

  @Test(arguments: [
    "", ":", "3", ":3", ":3:4", "a.c", "a.c:", "a.c:x", "a.c:3:", "a.c:-3", "a.c:+3", "a.c: 3",
    "a.c:3 ", "a.c:2147483648", "a.c:99999999999999999999", "a.c:٣", "0x1234", "f+0x12/0x30",
  ])
  func `What does not end in the number of a line is no place`(_ text: String) {
    #expect(SourcePosition(text) == nil)
  }

  @Test func `A path that no system could open is no place`() {
    #expect(SourcePosition(String(repeating: "x", count: 4096) + ":1") != nil)
    #expect(SourcePosition(String(repeating: "x", count: 4097) + ":1") == nil)
  }

  @Test(arguments: [
    ("function+0x12 (a.c:3)", "a.c|3|-"), ("f(int, char) (src/a.cpp:3:9)", "src/a.cpp|3|9"),
    ("main at /src/a.c:3", "/src/a.c|3|-"), ("a.c:12", "a.c|12|-"),
    ("src/Makefile:2", "src/Makefile|2|-"),
  ])
  func `A frame may tell its place`(_ frame: String, _ expected: String) {
    #expect(describe(SourcePosition(frame: frame)) == expected)
  }

  @Test(arguments: [
    "", "main", "f+0x12/0x30 [ext4]", "f (libx.so+0x12)", "f()", "(", ")", "f (", "f (3)",
    "std::vector::at:12", "ns.x::f:12", "f (discriminator:3)", "f in a.c:3", "irq:12", "0xffff:1",
  ])
  func `A frame without a place has none`(_ frame: String) {
    #expect(SourcePosition(frame: frame) == nil)
  }

  @Test func `No text is a crash, and what is read is what was written`() {
    let pieces = [
      ":", "3", "07", "a.c", "/", " at ", "(", ")", "é", "\u{0}", "::", "9999999999", " ",
    ]
    withSeeds(0..<400) { generator in
      let text = (0..<Int.random(in: 0..<8, using: &generator))
        .map { _ in pieces.randomElement(using: &generator)! }.joined()
      for position in [SourcePosition(text), SourcePosition(frame: text)].compactMap(\.self) {
        #expect(position.line > 0 && (position.column ?? 1) > 0, "\(TestContext.description)")
        #expect(
          !position.file.isEmpty && text.contains(position.file), "\(TestContext.description)")
      }
    }
  }
}

@Suite struct ReportPathTests {
  @Test(arguments: [
    ("a.c", "a.c"), ("./a.c", "a.c"), ("a/../b.c", "b.c"), ("a//b/./c.c", "a/b/c.c"),
    ("../a.c", "../a.c"), ("a/../../b.c", "../b.c"), ("../../a/../b", "../../b"),
    ("/a/../../b", "/b"),
    ("", "."), ("/", "/"), ("a/..", "."), ("/x/y/", "/x/y"),
  ])
  func `A path has no detours`(_ path: String, _ expected: String) {
    #expect(ReportSettings.normalized(path) == expected)
    #expect(ReportSettings().path(path) == expected)
  }

  @Test func `A path below the source root is relative to it`() {
    var settings = ReportSettings()
    settings.sourceRoots = ["/link/./src/", "/real/src"]
    #expect(settings.path("/link/src/a.c") == "a.c")
    #expect(settings.path("/real/src/x/../b.c") == "b.c")
    #expect(settings.path("/link/src") == ".")
    #expect(settings.path("/link/src2/a.c") == "/link/src2/a.c")
    #expect(settings.path("/link/src/../a.c") == "/link/a.c")
    #expect(settings.path("src/a.c") == "src/a.c")
    settings.sourceRoots = ["/"]
    #expect(settings.path("/usr/a.c") == "usr/a.c")
  }

  @Test func `A place in the source wins over frames, and both over the input`() {
    let settings = ReportSettings()
    let frames = ["f", "g (g.c:2)", "h (h.c:3)"]
    #expect(settings.place(at: "a.c:1:4", stack: frames, input: "x", line: 9).text == "a.c:1")
    #expect(settings.place(at: "nowhere", stack: frames, input: "x", line: 9).text == "g.c:2")
    let input = settings.place(at: nil, stack: ["f"], input: "dir/../x", line: 9)
    #expect(input == ReportPlace(path: "x", line: 9, column: nil, isSource: false))
    #expect(settings.place(at: nil, stack: [], input: "x", line: 0).line == 1)
    #expect(settings.place(at: nil, stack: [], input: "x", line: .max).line == 2_147_483_647)
  }

  @Test func `Places of the source can be found elsewhere, inputs and absolute paths stay`() {
    var settings = ReportSettings()
    settings.locate = { $0 == "Bank/A.swift" ? "Sources/Bank/A.swift" : nil }
    #expect(
      settings.place(at: "Bank/A.swift:3", stack: [], input: "x", line: 1).path
        == "Sources/Bank/A.swift")
    #expect(
      settings.place(at: "Bank/B.swift:3", stack: [], input: "x", line: 1).path == "Bank/B.swift")
    #expect(
      settings.place(at: nil, stack: [], input: "Bank/A.swift", line: 1).path == "Bank/A.swift")
  }
}
