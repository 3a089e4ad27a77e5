import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct StillWaitingTests {
  /// Each root with its waits, as `kind: text | thread thread*`; a star is one of the circle.
  private func roots(_ texts: String...) throws -> [String] {
    try analyze(inputs: texts.map { Array($0.utf8) }).waiting.map { group in
      "\(group.root.kind.rawValue): \(group.root.text) | "
        + group.waits.map { $0.thread + ($0.isInCircle ? "*" : "") }.joined(separator: " ")
    }
  }

  @Test(arguments: [
    ("x acquire a\ny request a\nz request a\n", "running: x holds a and waits for nothing | y z"),
    (
      "x acquire a\nx acquire m\nx wait c lock=m\ny request a\n",
      "signal: nobody in this trace has signalled c after line 3 | x y"
    ),
    (
      "w acquire m\nw exit\nx request m\ny acquire b\nx2 request m\n",
      "ended: w has ended and held m | x x2"
    ),
    (
      "x acquire a\ny acquire b\nx request b\ny request a\nz request a\nv acquire d\nw request d\n"
        + "v request b\n",
      "circle: x and y wait for each other | x* y* z v w"
    ),
    ("x acquire a\nx request a\n", "circle: x waits for itself | x*"),
    ("t join t\n", "circle: t waits for itself | t*"),
    ("x request a\n", "free: nobody in this trace holds a | x"),
    (
      "w acquire a\nmain join w\nx request a\n",
      "running: w has not ended and waits for nothing | main"
    ),
    (
      "w acquire a\nw acquire m\nw wait c lock=m\nmain join w\n",
      "signal: nobody in this trace has signalled c after line 3 | w main"
    ),
    ("a barrier b\nc barrier b\n", "barrier: not all that are to come to b have come | a c"),
    (
      "t wait c\nu signal c\n", "signal: nobody in this trace has signalled c after line 2 | t"
    ),
    (
      "t wait c\nu broadcast c\n", "signal: nobody in this trace has signalled c after line 2 | t"
    ),
    (
      "t request s\nu post s\nv request s\n",
      "signal: nobody in this trace has posted s after line 2 | t v"
    ),
    (
      "t request s kind=semaphore\n",
      "signal: nobody in this trace has posted s after line 1 | t"
    ),
    (
      "t request d kind=completion\n",
      "signal: nobody in this trace has completed d after line 1 | t"
    ),
    (
      "a request s kind=semaphore\nb request s\nc release s\na acquire s\n",
      "signal: nobody in this trace has posted s after line 3 | b"
    ),
    (
      "r1 acquire p kind=semaphore\nr2 acquire p\nr1 request p\nr2 request p\n",
      "circle: r1 and r2 wait for each other | r1* r2*"
    ),
    (
      "r1 acquire p kind=semaphore\nr2 acquire p\nr3 acquire p\nr1 request p\nr2 request p\n",
      "running: r3 holds p and waits for nothing | r1 r2"
    ),
    (
      "r acquire l read\nw request l\nq request l read\n",
      "running: r holds l and waits for nothing | w q"
    ),
    // Nobody is before the writer, so what it waits behind is not known, and neither of the reader.
    ("w request l\nq request l read\n", "free: nobody in this trace holds l | q w"),
  ])
  func `What still waits goes back to its root`(text: String, root: String) throws {
    #expect(try roots(text).first == root)
  }

  @Test(arguments: [
    "x acquire a\ny request a\nx release a\ny acquire a\n",
    "x acquire a\ny request a\ny abandon a\n",
    "x acquire a\ny request a try\n",
    "x acquire a\nx acquire m\nx wait c lock=m\nx wake c lock=m\n",
    "x acquire m\nx wait c lock=m\nx acquire a\n",
    "x acquire m\nx wait c lock=m\nx exit\n",
    "x acquire a\ny acquire b\ny request a\ny release b\n",
    "w acquire a\nw release a\nmain join w\n",
    "w exit\nmain join w\n",
    "w acquire a\nmain join w\nmain acquire b\n",
    "x acquire a\nw join x\nmain join w\nmain acquire b\nmain spawn w\n",
    "x acquire a\nw request a\nmain join w\nmain acquire b\nmain spawn w\n",
    "x acquire r kind=recursive\nx request r\n",
    "x acquire a\nx wait c\n* lost\n",
    "x acquire a\ny request a\nz destroy a\n",
  ])
  func `Who went on does not wait`(text: String) throws {
    #expect(try roots(text).isEmpty)
  }

  @Test func `Each circle is named, also of the same classes`() throws {
    let text =
      "x1 acquire a1 class=A\nx2 acquire b1 class=B\ny1 acquire a2 class=A\n"
      + "y2 acquire b2 class=B\nx1 request b1\nx2 request a1\ny1 request b2\ny2 request a2\n"
    #expect(
      try roots(text) == [
        "circle: x1 and x2 wait for each other | x1* x2*",
        "circle: y1 and y2 wait for each other | y1* y2*",
      ])
  }

  @Test func `Who is in no circle of its part is behind one`() throws {
    let text =
      "r acquire a read\nq acquire a read\nw acquire b\nr request b\nq request b\nw request a\n"
    #expect(try roots(text) == ["circle: q and w wait for each other | q* w* r"])
  }

  @Test func `What an interrupt does ends no wait of the thread that it came to`() throws {
    let text = "x acquire m\nx wait c lock=m\nx enter hardirq\nx acquire s\nx release s\n"
    #expect(try roots(text + "x leave hardirq\n").count == 1)
  }

  @Test func `A condition was signalled when somebody woke from it`() throws {
    let text =
      "x acquire m\nx wait c lock=m\ny acquire m\ny wait c lock=m\nx wake c lock=m\nx release m\n"
    #expect(
      try roots(text) == ["signal: nobody in this trace has signalled c after line 5 | y"])
  }

  @Test func `Each input ends by itself, whatever their order`() throws {
    let (one, other) = ("x acquire a\ny request a\n", "x acquire b\nx request b\n")
    #expect(
      try roots(one, other) == [
        "circle: x waits for itself | x*", "running: x holds a and waits for nothing | y",
      ])
    #expect(try Set(roots(one, other)) == Set(roots(other, one)))
  }

  @Test func `A wait says since when, where, holding what, and who is in its way`() throws {
    let text =
      "x acquire a at=a.c:1\ny acquire b at=b.c:2\n[2.5] y request a read timeout at=b.c:3 "
      + "stack=f;g\n"
    let wait = try #require(try analyze(text).waiting.first?.waits.first)
    #expect(wait.wanted?.lock == "a")
    #expect(wait.wanted?.mode == .read)
    #expect(wait.options == .timeout)
    #expect(wait.held.map(\.at) == ["b.c:2"])
    #expect((wait.at, wait.stack, wait.line) == ("b.c:3", ["f", "g"], 3))
    #expect(wait.time == 2_500_000_000)
    #expect(wait.obstacles.map(\.thread) == ["x"])
    #expect(wait.obstacles.map(\.reason) == [.holds])
    #expect(wait.obstacles.map(\.held?.at) == ["a.c:1"])
    #expect(wait.obstacles.map(\.isWaiting) == [false])
  }

  @Test func `A holder that ended is shown where it ended`() throws {
    let text = "w acquire m at=take.c:1\nw exit at=leave.c:2\nx request m at=want.c:3\n"
    let analysis = try analyze(text)
    let other = try #require(analysis.waiting.first?.waits.first?.obstacles.first)
    #expect(other.end?.at == "leave.c:2")
    #expect(other.held?.at == "take.c:1")
    #expect(analysis.findings(.deadlock).first?.events.map(\.at) == ["leave.c:2"])
    let report = TextReport(analysis).text
    #expect(report.contains("w, which holds m, ends at leave.c:2 (1.trace:2)"))
  }

  @Test func `A thousand readers in the way of as many writers are told in short`() throws {
    let text =
      (0..<1000).map { "r\($0) acquire a read\n" }.joined()
      + (0..<1000).map { "w\($0) request a\n" }.joined() + "r999 acquire b\nw0 request b\n"
      + "r999 request c\n"
    let analysis = try analyze(text)
    let waits = analysis.waiting.flatMap(\.waits)
    #expect(waits.count == 1002)
    #expect(waits.allSatisfy { $0.obstacles.count <= 64 })
    #expect(analysis.waiting.map(\.root.kind).contains(.free))
    #expect(TextReport(analysis).text.contains("more waits …"))
  }
}
