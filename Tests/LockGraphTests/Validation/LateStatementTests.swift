import TestSupport
import Testing

@testable import LockGraph

/// What is stated of a lock late holds from its beginning.
@Suite struct LateStatementTests {
  /// What an analysis says, but for lines, witnesses and how often something was seen.
  private func essence(_ text: String) throws -> Set<String> {
    let analysis = try analyze(text)
    return Set(
      analysis.findings.map {
        "\($0.rule) \($0.classes) \($0.fingerprint) \(String(describing: $0.confidence))"
      } + analysis.edges)
  }

  @Test(arguments: [
    ("p release s\nc acquire s ", "semaphore", ""), ("w release f\nt acquire f ", "completion", ""),
    ("t acquire r\nt acquire r\nt acquire r ", "recursive", ""),
    ("t acquire b\nt acquire r\nt release b\nt acquire b\nt acquire r ", "recursive", ""),
    ("t acquire u\nt acquire m kind=mutex\nt release m\nt acquire u try ", "rcu", "t release u\n"),
    ("t acquire k\nt acquire m kind=mutex\nt release m\nt release k\nt acquire k ", "spin", ""),
    ("t acquire k kind=spin\nt acquire m\nt release m\nt acquire m try ", "mutex", ""),
    ("t enter hardirq\nt acquire m\nt release m\nt leave hardirq\nt acquire m ", "mutex", ""),
    ("t acquire k\nt sleep\nt release k\nt acquire k ", "spin", ""),
    ("t acquire s\nt exit\nu release s\nu acquire s ", "semaphore", ""),
    ("t acquire s\nt request s\nu release s\nt acquire s ", "semaphore", ""),
    (
      "t acquire s\nu acquire m\nt request m\nu request s\nv release s\nv acquire s ", "semaphore",
      ""
    ),
  ])
  func `A kind reaches back`(text: String, kind: String, rest: String) throws {
    let late = text + "kind=\(kind)\n" + rest
    let lock = text.split(separator: "\n").last!.split(separator: " ")[2]
    let early = "main init \(lock) kind=\(kind)\n" + text + "\n" + rest
    #expect(try essence(late) == essence(early), "\(late)")
  }

  @Test func `So does how many permits there are`() throws {
    let text =
      "t acquire s kind=semaphore\nt acquire m\nt release m\nt release s\nu acquire m\nu acquire s\n"
      + "u release s\nu release m\n"
    for permits in [0, 2, 3] {
      #expect(try analyze(text + "main init s permits=\(permits)\n").findings.isEmpty)
    }
    #expect(
      try analyze(text + "main init s permits=1\n").verdicts
        == ["lock-order-inversion feasible m s"])
  }

  @Test func `A rank that is stated late allows the nesting that came before`() throws {
    let text = "t acquire a class=C rank=1\nt acquire b class=C\nt release b\n"
    #expect(try analyze(text).verdicts == ["recursive-acquisition ordering C"])
    #expect(try analyze(text + "t acquire b rank=2\n").findings.isEmpty)
  }

  @Test func `Of two kinds the first stays and a warning tells`() throws {
    let analysis = try analyze(
      "t acquire r kind=mutex\nt acquire r kind=rwsem\nt acquire q kind=spin\n"
        + "t acquire q try kind=mutex\n")
    #expect(analysis.verdicts.contains("recursive-acquisition feasible r"))
    #expect(
      analysis.inputs[0].warnings == [
        "line 2 says that r is a rwsem, which was a mutex before; it stays one; "
          + "1 more lock has two kinds"
      ])
    #expect(
      try analyze("t acquire r kind=spin\nt acquire s\nu acquire r kind=spin\n")
        .inputs[0].warnings.isEmpty)
  }

  @Test func `A mutex that turns out to be recursive is one, and nobody is warned`() throws {
    for text in [
      "t acquire r kind=mutex\nt acquire r kind=recursive\n",
      "t acquire r kind=recursive\nt acquire r kind=mutex\n",
    ] {
      let analysis = try analyze(text)
      #expect(analysis.findings.isEmpty)
      #expect(analysis.inputs[0].warnings.isEmpty)
    }
  }

  @Test func `A lock of another kind that is made under a name is another lock`() throws {
    let analysis = try analyze(
      "t acquire x kind=mutex\nt release x\nt init x kind=recursive\nt acquire x\nt acquire x\n")
    #expect(analysis.findings.isEmpty)
    #expect(analysis.inputs[0].warnings.isEmpty)
    #expect(analysis.summary.locks == 2)
  }

  @Test func `Where kinds and ranks are stated changes nothing in random traces`() throws {
    let kinds: [LockKind?] = [
      nil, nil, .recursive, .rcu, .mutex, .spin, .rawSpin, .semaphore, .completion,
    ]
    var moved = 0
    try withSeeds(0..<400) { generator in
      var locks = RandomLocks(count: 5, classes: 4, using: &generator)
      locks.kinds = locks.kinds.map { _ in kinds.randomElement(using: &generator)! }
      let steps = (0..<3).map { [locks] _ in
        randomSteps(20, locks: locks, contexts: [.hardirq], using: &generator).filter {
          !isContext($0)
        }
      }
      // A recursive lock is given up entirely by a condition wait, which is done with then.
      let isRecursive = locks.kinds.map { $0 == .recursive }
      var lines = steps.enumerated().flatMap { thread, steps in
        steps.map { (lock: $0.lock, text: $0.line(thread: "T\(thread)"), takes: takes($0)) }
      }
      lines.removeAll { isRecursive[$0.lock] && $0.text.contains(" c lock=") }
      let classes = locks.classes.indices.map { "main init l\($0) class=C\(locks.classes[$0])\n" }
      var (early, late) = (classes, [String]())
      var stated = lines.map(\.text)
      for lock in locks.classes.indices {
        let places = lines.indices.filter { lines[$0].lock == lock && lines[$0].takes }
        var words = ""
        if let kind = locks.kinds[lock] { words += " kind=\(kind.name)" }
        if let rank = locks.ranks[lock] { words += " rank=\(rank)" }
        early[lock] = early[lock].dropLast() + words + "\n"
        if let place = places.randomElement(using: &generator), !words.isEmpty {
          stated[place] += words
          moved += place == places.first ? 0 : 1
          late.append(classes[lock])
        } else {
          late.append(early[lock])
        }
      }
      let body = lines.map { "\($0.text)\n" }.joined()
      let first = try essence(early.joined() + body)
      let second = try essence(late.joined() + stated.map { "\($0)\n" }.joined())
      #expect(
        first == second,
        "\(first.symmetricDifference(second).sorted()): \(late.joined() + stated.map { "\($0)\n" }.joined()); \(TestContext.description)"
      )
    }
    #expect(moved > 400)
  }

  private func isContext(_ step: ThreadStep) -> Bool {
    switch step.action {
    case .enter, .leave: true
    default: false
    }
  }

  private func takes(_ step: ThreadStep) -> Bool {
    switch step.action {
    case .acquire, .request, .complete: true
    default: false
    }
  }
}
