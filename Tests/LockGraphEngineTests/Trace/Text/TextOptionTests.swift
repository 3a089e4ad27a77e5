import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct TextOptionTests {
  @Test(arguments: ["acquire", "request"])
  func `Every option of an acquisition is read`(verb: String) throws {
    let line =
      "[12.000345123] T1 \(verb) L recursive-read try interruptible killable timeout unchecked "
      + "class=C kind=rwsem rank=-5 subclass=7 nest=outer at=a.c:3:9 stack=f1;f2;f3"
    try withEvent(of: line) { event, collector in
      #expect(event.time == 12_000_345_123)
      #expect(event.mode == .recursiveRead)
      #expect(event.options == [.try, .interruptible, .killable, .timeout, .unchecked])
      #expect(event.kind == .rwsem)
      #expect(event.rank == -5)
      #expect(event.subclass == 7)
      #expect(collector.locks == ["L", "outer"])
      #expect(event.nest == 1)
      #expect(collector.texts[0].lockClass == "C")
      #expect(collector.texts[0].at == "a.c:3:9")
      #expect(collector.texts[0].stack == "f1;f2;f3")
    }
  }

  @Test(arguments: [
    ("write", LockMode.write), ("read", .read), ("recursive-read", .recursiveRead),
    ("upgradable", .upgradable),
  ])
  func `Modes are read`(word: String, mode: LockMode) throws {
    try withEvent(of: "T1 acquire L \(word)") { event, _ in #expect(event.mode == mode) }
  }

  @Test func `What is not said is not there`() throws {
    try withEvent(of: "T1 acquire L") { event, collector in
      #expect(event.mode == nil)
      #expect(event.options.isEmpty)
      #expect(event.kind == nil)
      #expect(event.rank == nil)
      #expect(event.nest == LockEvent.none)
      #expect(event.time == nil)
      #expect(collector.texts[0].lockClass == nil)
    }
  }

  @Test(arguments: LockKind.allCases)
  func `Kinds are read`(kind: LockKind) throws {
    try withEvent(of: "T1 init L kind=\(kind.name)") { event, _ in #expect(event.kind == kind) }
  }

  @Test(arguments: AbandonReason.allCases)
  func `Reasons are read`(reason: AbandonReason) throws {
    try withEvent(of: "T1 abandon L reason=\(reason)") { event, _ in #expect(event.reason == reason)
    }
  }

  @Test(arguments: [
    ("[0]", 0), ("[1.5]", 1_500_000_000), ("[0.000000001]", 1), ("[12.000345123]", 12_000_345_123),
    ("[9223372036]", 9_223_372_036_000_000_000),
  ])
  func `Times are seconds with up to nine decimals`(text: String, nanoseconds: Int64) throws {
    try withEvent(of: "\(text) T1 exit") { event, _ in #expect(event.time == nanoseconds) }
  }

  @Test(arguments: [
    #"T1 acquire L class="struct inode""#, #"T1 acquire "L" class="struct\u0020inode""#,
    #""T1" acquire "\u004c" class="struct inode""#, #"T1 "acquire" L class="struct inode""#,
    "\tT1  acquire\t L \t class=\"struct inode\"\t ",
  ])
  func `Strings mean what they say`(line: String) throws {
    try withEvent(of: line) { event, collector in
      #expect(event.verb == .acquire)
      #expect(collector.threads == ["T1"])
      #expect(collector.locks == ["L"])
      #expect(collector.texts[0].lockClass == "struct inode")
    }
  }

  @Test func `Every escape is decoded`() throws {
    let name = #""\"\\\/\b\f\n\r\t\u00e9\u20AC\ud83d\ude00""#
    try withEvent(of: "T1 acquire \(name)") { _, collector in
      #expect(collector.locks == ["\"\\/\u{8}\u{C}\n\r\té€😀"])
    }
  }

  @Test func `Two strings with escapes on a line do not disturb each other`() throws {
    try withEvent(of: #"T1 acquire "a\tb" class="c\td" at="e\tf" stack="g\th;i""#) { _, collector in
      #expect(collector.locks == ["a\tb"])
      #expect(collector.texts[0] == ("c\td", "e\tf", "g\th;i"))
    }
  }

  @Test func `A quoted name with escapes is the same lock as the plain one`() throws {
    let analysis = try analyze(
      """
      T1 acquire "\\u0041\\/1"
      T1 acquire B
      "\\u0054\\u0031" release "B"
      T1 release A/1
      """)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.summary.locks == 2)
    #expect(analysis.summary.threads == 1)
    #expect(analysis.edges == ["A/1 -> B [EN]"])
  }

  @Test func `Names are opaque`() throws {
    let names = ["4711", "swapper/0", "0x7f00c0ffee", "&mm->mmap_lock", "größe", "a=b", "#x", "[y"]
    let text = names.map { "T1 acquire \($0)\nT1 release \($0)\n" }.joined()
    let analysis = try analyze(text)
    #expect(Set(analysis.graph.classes.map(\.name)) == Set(names))
  }
}
