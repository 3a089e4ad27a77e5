import LockGraphEngine
import TestSupport
import Testing

/// Circles that the end of a thread closes: semantics 21.
@Suite struct JoinInversionTests {
  private static let lucky = """
    w acquire l
    w release l
    w exit
    main acquire l
    main join w

    """

  private func joins(_ texts: String...) throws -> [Finding] {
    try analyze(inputs: texts.map { Array($0.utf8) }).findings(.lockOrderInversion)
      .filter { !$0.waiters.isEmpty }
  }

  @Test func `A join under a lock that the joined thread takes is a potential deadlock`() throws {
    let finding = try #require(try joins(Self.lucky).first)
    #expect(finding.confidence == .feasible)
    #expect(finding.severity == .error)
    #expect(finding.classes == ["l"])
    #expect(finding.title == "main waits for the end of w while it holds l, which w takes")
    #expect(finding.waiters.map(\.thread).sorted() == ["main", "w"])
    #expect(finding.waiters.map(\.line).sorted() == [1, 5])
    #expect(finding.occurrences == 1)
  }

  /// Two workers that say with a pool's lock that they are done, and who waits for that.
  private static let pool = """
    a acquire q
    a release q
    a acquire pool
    a broadcast done
    a release pool
    a exit
    main acquire pool
    main acquire q
    main join a
    main release q
    main wait done lock=pool
    b acquire pool
    b broadcast done
    b release pool
    b exit
    main wake done lock=pool
    main join b

    """

  @Test(arguments: [
    pool, pool.replacing("b exit", with: "b init m\nb acquire m\nb release m\nb exit"),
  ])
  func `Who joins threads that may have said that they are done may wait for nothing`(
    text: String
  ) throws {
    let findings = try joins(text)
    #expect(findings.map(\.classes) == [["pool"], ["q"]])
    for finding in findings {
      #expect(finding.confidence == .ordering)
      #expect(
        finding.confidenceReason
          == "the last thing that the other thread did was to signal with pool, which main holds: "
          + "it may have said so that it was done")
    }
  }

  @Test(arguments: [
    // It asks for something afterwards.
    pool.replacing("a exit", with: "a acquire q\na release q\na exit"),
    // It does not say so with that lock.
    pool.replacing("a release pool\na exit", with: "a exit").replacing(
      "a broadcast done", with: "a release pool\na broadcast done"),
    // It says nothing.
    pool.replacing("a broadcast done\n", with: ""),
  ])
  func `A thread that may want something after what it said last is joined as any other`(
    text: String
  ) throws {
    #expect(try joins(text).contains { $0.confidence == .feasible }, "\(text)")
  }

  @Test func `It is known by classes, whatever the threads are called`() throws {
    let text = Self.lucky.replacing("acquire l", with: "acquire l class=L")
    let other = text.replacing("w ", with: "worker-7 ").replacing("join w", with: "join worker-7")
    #expect(try joins(text).map(\.fingerprint) == joins(other).map(\.fingerprint))
    let merged = try joins(text, other)
    #expect(merged.map(\.occurrences) == [2])
  }

  @Test(arguments: [
    // The thread only tries, or asks in an interrupt.
    "w acquire l try\nw release l\nmain acquire l\nmain join w\n",
    "w enter signal\nw acquire l\nw release l\nw leave signal\nmain acquire l\nmain join w\n",
    // Recursive readers pass each other.
    "w acquire l recursive-read\nw release l\nmain acquire l read\nmain join w\n",
    // The lock is given up before.
    "w acquire l\nw release l\nmain acquire l\nmain release l\nmain join w\n",
    // Another thread takes it.
    "w acquire l\nw release l\nx exit\nmain acquire l\nmain join x\n",
    // Another input has a thread of that name.
  ])
  func `What cannot keep the thread from its end closes nothing`(text: String) throws {
    #expect(try joins(text).isEmpty)
  }

  @Test func `A thread is one in one input alone`() throws {
    #expect(
      try joins("w acquire l class=L\nw release l\n", "main acquire l class=L\nmain join w\n")
        .isEmpty)
  }

  @Test func `A gate and an earlier join exclude it, other instances leave the order`() throws {
    let gated = """
      w acquire g
      w acquire l
      w release l
      w release g
      main acquire l
      main acquire g
      main join w

      """
    let byClass = Dictionary(
      uniqueKeysWithValues: try joins(gated).map { ($0.classes, $0.confidence) })
    #expect(byClass[["l"]] == .excluded)
    #expect(byClass[["g"]] == .feasible)
    let early = Self.lucky.replacing("main acquire l", with: "main join w\nmain acquire l")
    #expect(try joins(early).map(\.confidence) == [.excluded])
    let others = """
      w acquire l1 class=L
      w release l1
      main acquire l2 class=L
      main join w

      """
    #expect(try joins(others).map(\.confidence) == [.ordering])
    let readers = "w acquire l read\nw release l\nmain acquire l read\nmain join w\n"
    #expect(try joins(readers).map(\.confidence) == [.ordering])
    #expect(try joins(readers + "x acquire l\n").map(\.confidence) == [.feasible])
  }

  @Test func `A circle may pass other threads, other locks and other ends`() throws {
    let locks = """
      w acquire m
      w release m
      x acquire m
      x acquire l
      x release l
      x release m
      main acquire l
      main join w

      """
    #expect(try joins(locks).map(\.classes) == [["l", "m"]])
    #expect(try joins(locks).map(\.confidence) == [.feasible])
    let ends = """
      v acquire l
      v release l
      w join v
      main acquire l
      main join w

      """
    #expect(try joins(ends).map(\.waiters.count) == [3])
    #expect(try joins(ends).map(\.confidence) == [.feasible])
  }

  @Test func `What happened is told alone`() throws {
    let analysis = try analyze("w spawn v\nmain acquire l\nw request l\nmain join w\n")
    #expect(analysis.verdicts == ["deadlock observed l"])
  }

  @Test func `A class that is stated late is that of the circle`() throws {
    #expect(try joins(Self.lucky + "main acquire l class=L\n").map(\.classes) == [["L"]])
  }

  @Test func `A graph file keeps it, and merging keeps the surest`() throws {
    let text = Self.lucky.replacing("acquire l", with: "acquire l class=L")
    let early = text.replacing("main acquire l", with: "main join w\nmain acquire l")
    for texts in [[text, early], [early, text]] {
      let files = try texts.enumerated().map {
        NamedInput("\($0).graph", try merged([NamedInput("\($0).trace", $1)]))
      }
      let together = NamedInput("all.graph", try merged(files))
      for inputs in [files, [together]] {
        let findings = try analyze(inputs).findings(.lockOrderInversion)
        #expect(findings.map(\.confidence) == [.feasible])
        #expect(findings.map(\.occurrences) == [2])
      }
    }
  }
}
