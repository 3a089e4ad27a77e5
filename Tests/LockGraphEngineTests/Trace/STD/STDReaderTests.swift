import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct STDReaderTests {
  private func events(_ text: String) throws -> [String] {
    try describe(text, by: STDReader())
  }

  @Test func `Every operation is read`() throws {
    let text = """
      T1|req(l)|1
      T1|acq(l)|2
      T1|r(V1.2[0])|3
      T1|w(V1.2[0])|4
      T1|notify(l)|5
      T1|notifyAll(l)|5
      T1|broadcast(l)|5
      T1|branch|6
      T1|begin|6
      T1|enter(m)|6
      T1|exit(m)|6
      T1|rel(l)|7
      T1|fork(T2)|8
      T1|join(T2)|9
      T1|end|10
      """
    #expect(
      try events(text) == [
        "T1 request l kind=recursive at=1", "T1 acquire l at=2", "T1 read at=3", "T1 write at=4",
        "T1 signal at=5", "T1 broadcast at=5", "T1 broadcast at=5", "T1 release l at=7",
        "T1 spawn at=8 T2", "T1 join at=9 T2", "T1 exit",
      ])
  }

  @Test func `What is read and written has its name`() throws {
    let trace = try convert([Array("T1|r(V1.2[0])|3\nT1|w(x)|4\n".utf8)])
    #expect(
      String(decoding: trace.bytes, as: UTF8.self)
        == "# lockgraph-trace 1\nT1 read V1.2[0] at=3\nT1 write x at=4\n")
    #expect(trace.warnings == [[]])
  }

  @Test func `Every line but comments counts as an event`() throws {
    let text = "// story\n# story\n\nT1|acq(l)|1\r\n  T1|notify(l)|1\nT1|branch|2\n"
    let analysis = try analyze(text)
    #expect(analysis.inputs.first?.events == 3)
    #expect(analysis.inputs.first?.format == "std")
  }

  @Test(arguments: [
    ("T1|acq(l)", "l", nil), ("T1|acq(l)|", "l", nil), ("T1|acq(l)|  ", "l", nil),
    ("  T1 | acq( l ) | Foo.java:3 ", "l", "Foo.java:3"),
    ("T1|acq(l)|a|b (c) | d", "l", "a|b (c) | d"),
    ("T1|acq(java.lang.Object@1f(2))|x", "java.lang.Object@1f(2)", "x"),
    ("T1|acq(f(a|b))|x)", "f(a|b)", "x)"), ("T1|acq(l(1)|x(2)y", "l(1", "x(2)y"),
    ("T1|acq(a)b)|x", "a)b", "x"), ("T1|acq(lock@12)|-1", "lock@12", "-1"),
    ("T1|ACQ(größe)|x", "größe", "x"),
  ])
  func `Names and locations may hold anything`(line: String, lock: String, at: String?) throws {
    let expected = "T1 acquire \(lock) kind=recursive" + (at.map { " at=\($0)" } ?? "")
    #expect(try events(line) == [expected])
  }

  @Test(arguments: [
    ("T0|fork(9)|1\nT9|acq(l)|2", ["T0 spawn at=1 T9", "T9 acquire l kind=recursive at=2"]),
    ("T9|r(x)\nT0|join(9)|1", ["T9 read", "T0 join at=1 T9"]),
    ("main|fork(9)|1\nT9|r(x)\nmain|join(9)", ["main spawn at=1 T9", "T9 read", "main join T9"]),
    ("0|fork(9)|1\n9|r(x)\n0|join(9)", ["0 spawn at=1 9", "9 read", "0 join 9"]),
    ("0|fork(9)\n9|r(x)\nT9|w(x)", ["0 spawn 9", "9 read", "T9 write"]),
    ("t0|fork(9)\nt9|r(x)", ["t0 spawn t9", "t9 read"]),
    ("main|fork(worker)\nworker|r(x)", ["main spawn worker", "worker read"]),
    (
      "main|fork(9)\nT1|r(x)\nmain|join(9)\nT9|r(x)",
      ["main spawn T9", "T1 read", "main join T9", "T9 read"]
    ),
  ])
  func `A number means the thread that is called by it`(text: String, expected: [String]) throws {
    #expect(try events(text) == expected)
  }

  @Test func `Monitors are taken again without waiting`() throws {
    let analysis = try analyze(
      """
      T1|acq(a)|1
      T1|acq(a)|2
      T1|rel(a)|3
      T1|acq(b)|4
      T1|rel(b)|5
      T1|rel(a)|6
      T1|end|7
      """)
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["a -> b [EN]"])
  }

  @Test(arguments: [
    // The monitor is given up by the wait, and taken again by an event of its own.
    ("T1|wait(m)|2\nT1|acq(m)|3", ["T1 wait lock=m at=2", "T1 wake lock=m at=3"]),
    ("T1|wait(m)|2\nT1|req(m)|3\nT1|acq(m)|3", ["T1 wait lock=m at=2", "T1 wake lock=m at=3"]),
    // Nothing is written of its return.
    ("T1|wait(m)|2\nT1|r(x)|3", ["T1 wait lock=m at=2", "T1 wake lock=m at=3", "T1 read at=3"]),
    // The release is an event of its own.
    (
      "T1|rel(m)|2\nT1|wait(m)|2\nT1|acq(m)|3",
      ["T1 release m at=2", "T1 wait at=2", "T1 wake at=3", "T1 acquire m at=3"]
    ),
    (
      "T1|wait(m)|2\nT1|rel(m)|2\nT1|acq(m)|3",
      ["T1 wait lock=m at=2", "T1 wake lock=m at=2", "T1 release m at=2", "T1 acquire m at=3"]
    ),
  ])
  func `Every way of writing a wait gives the monitor back`(text: String, expected: [String]) throws
  {
    let rest = "\nT1|rel(m)|8\nT1|end|9"
    #expect(
      try events("T1|acq(m)|1\n" + text + rest)
        == ["T1 acquire m kind=recursive at=1"] + expected + ["T1 release m at=8", "T1 exit"])
    #expect(try analyze("T1|acq(m)|1\n" + text + rest).findings.isEmpty)
  }

  @Test(arguments: ["T1|wait(m)", "T1|rel(m)\nT1|wait(m)"])
  func `A wait gives up a monitor that was taken several times`(wait: String) throws {
    let text = """
      T1|acq(m)
      T1|acq(m)
      T1|acq(m)
      \(wait)
      T2|acq(m)
      T2|rel(m)
      T1|acq(m)
      T1|rel(m)
      T1|rel(m)
      """
    #expect(try analyze(text + "\nT1|rel(m)\nT1|end").findings.isEmpty)
    #expect(try analyze(text + "\nT1|end").verdicts == ["held-at-exit m"])
    #expect(
      try analyze(text + "\nT1|rel(m)\nT1|rel(m)").verdicts == ["release-not-held m"])
  }

  @Test func `A monitor that nobody holds cannot be waited on`() throws {
    #expect(try analyze("T1|wait(m)\nT1|acq(m)\nT1|rel(m)").verdicts == ["release-not-held m"])
  }

  @Test func `The end of a transaction is none of the thread`() throws {
    let text = "T1|begin|1\nT1|acq(a)|2\nT1|end|3\nT1|begin|4\nT1|rel(a)|5\nT1|end|6"
    #expect(
      try events(text)
        == ["T1 acquire a kind=recursive at=2", "T1 release a at=5", "T1 exit"])
  }

  @Test func `The end of a thread comes before it is joined or begins anew`() throws {
    let text = "T0|fork(T1)\nT1|acq(a)\nT1|end\nT0|join(T1)\nT0|fork(T1)\nT1|r(x)"
    #expect(
      try events(text) == [
        "T0 spawn T1", "T1 acquire a kind=recursive", "T1 exit", "T0 join T1", "T0 spawn T1",
        "T1 read",
      ])
    #expect(try analyze(text).verdicts == ["held-at-exit a"])
  }

  private static let operations =
    "acq, rel, req, fork, join, r, w, wait, notify, notifyall, broadcast, begin, end, enter, exit "
    + "or branch"

  @Test(arguments: [
    ("T1 acq(l)", 10, "a | is missing", "THREAD|OPERATION(ARGUMENT)|LOCATION"),
    ("|acq(l)|1", 1, "an empty thread name", "the name of a thread"),
    ("T1|aqc(l)|1", 4, "unknown operation 'aqc'", operations),
    (
      "T1|lock(l)|1", 4, "unknown operation 'lock'", operations
    ),
    ("T1|acq2(l)|1", 4, "unknown operation 'acq2'", operations),
    (
      "T1||1", 4, "unknown operation ''", operations
    ),
    ("T1|acq|1", 7, "'acq' lacks its argument", "the name of a lock in parentheses"),
    ("T1|fork()|1", 10, "'fork' lacks its argument", "the name of a thread in parentheses"),
    ("T1|acq(l", 7, "a parenthesis is not closed", ") and then | or the end of the line"),
    ("T1|begin x|1", 10, "'begin' is followed by something else", "| or the end of the line"),
  ])
  func `A mistake is named with its place and what was expected`(
    line: String, column: Int, message: String, expected: String
  ) throws {
    let error = try #require(failure(of: "T0|branch|1\n\(line)\n"))
    #expect(error.line == 2)
    #expect(error.column == column)
    #expect(error.message == message)
    #expect(error.expected == expected)
  }
}
