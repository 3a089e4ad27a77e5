import TestSupport
import Testing

@testable import LockGraphEngine

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
      try analyze("t acquire r kind=spin\nt release r\nu acquire r kind=spin\n")
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
    let kinds: [LockKind?] = [nil, nil, .recursive, .semaphore, .mutex]
    var moved = 0
    try withSeeds(0..<600) { generator in
      // Of a lock that is taken twice and other locks of its class the rule tells the one alone.
      let sharesClasses = Bool.random(using: &generator)
      let program = RandomLines(takesAgain: !sharesClasses, using: &generator)
      let locks = (0..<4).map { number in
        (
          statement: "main init l\(number) class=C\(sharesClasses ? number / 2 : number)",
          kind: kinds.randomElement(using: &generator)!.map { " kind=\($0.name)" } ?? "",
          rank: Bool.random(using: &generator)
            ? "" : " rank=\(Int.random(in: 0...2, using: &generator))"
        )
      }
      var late = program.lines.map(\.text)
      for (number, lock) in locks.enumerated() {
        let takes = program.lines.indices.filter {
          program.lines[$0].lock == number && program.lines[$0].takes
        }
        guard let place = takes.randomElement(using: &generator) else { continue }
        late[place] += lock.kind + lock.rank
        moved += place == takes.first ? 0 : 1
      }
      let statements = locks.map(\.statement)
      let early = locks.map { $0.statement + $0.kind + $0.rank } + program.lines.map(\.text)
      let first = try essence(early.joined(separator: "\n") + "\n")
      let second = try essence((statements + late).joined(separator: "\n") + "\n")
      #expect(
        first == second,
        """
        \(first.symmetricDifference(second).sorted()): \
        \((statements + late).joined(separator: "; ")); \(TestContext.description)
        """)
    }
    #expect(moved > 600)
  }
}

/// What three threads do with four locks, one after the other.
private struct RandomLines {
  private(set) var lines: [(lock: Int, text: String, takes: Bool)] = []

  /// - Parameter takesAgain: threads ask for what they have.
  init(takesAgain: Bool, using generator: inout SeededGenerator) {
    for thread in 0..<3 {
      var held: [Int] = []
      var requested: Int?
      for _ in 0..<14 {
        let lock = Int.random(in: 0..<4, using: &generator)
        let choice = Int.random(in: 0..<100, using: &generator)
        if let wanted = requested {
          lines.append((wanted, "T\(thread) acquire l\(wanted)", true))
          held.append(wanted)
          requested = nil
        } else if choice < 45, let index = held.indices.randomElement(using: &generator) {
          let other = held.remove(at: index)
          lines.append((other, "T\(thread) release l\(other)", false))
        } else if !takesAgain, held.contains(lock) {
          continue
        } else if choice < 65 {
          requested = lock
          lines.append((lock, "T\(thread) request l\(lock)", true))
        } else {
          let isTry = Int.random(in: 0..<10, using: &generator) == 0
          lines.append((lock, "T\(thread) acquire l\(lock)\(isTry ? " try" : "")", true))
          held.append(lock)
        }
      }
    }
  }
}
