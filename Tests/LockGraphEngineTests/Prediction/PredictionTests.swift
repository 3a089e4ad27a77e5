import LockGraphEngine
import TestSupport
import Testing

/// Cases that are easily got wrong, each by its name.
@Suite struct PredictionTests {
  /// The confidence of the only cycle of a trace.
  private func confidence(_ text: String, format: TraceFormat? = nil) throws -> Confidence? {
    let analysis = try predict(text, format: format)
    let cycles = analysis.findings(.lockOrderInversion)
    #expect(cycles.count == 1)
    if let schedule = cycles.first?.schedule {
      #expect(try !schedule.deadlocks(of: text).isEmpty)
    }
    return cycles.first?.confidence
  }

  private func reason(_ text: String) throws -> String? {
    try predict(text).findings(.lockOrderInversion).first?.confidenceReason
  }

  private static let inverted = """
    A acquire l
    A acquire m
    A release m
    A release l
    B acquire m
    B acquire l
    B release l
    B release m

    """

  @Test func `Two threads that nothing orders deadlock`() throws {
    #expect(try confidence(Self.inverted) == .predicted)
  }

  @Test func `Without being asked nothing is predicted`() throws {
    #expect(try analyze(Self.inverted).findings(.lockOrderInversion)[0].confidence == .feasible)
  }

  @Test func `A section that always ends before keeps the threads apart`() throws {
    // B begins when A has given g up for the last time, as C shows that joins A.
    let text = """
      A acquire g
      A acquire l
      A acquire m
      A release m
      A release l
      A release g
      A exit
      C join A
      C spawn B
      B acquire m
      B acquire l
      B release l
      B release m

      """
    #expect(try confidence(text) == .excluded)
  }

  @Test func `A parent's lock around the lives of two threads is a gate`() throws {
    let text = """
      P acquire g
      P spawn A
      A acquire l
      A acquire m
      A release m
      A release l
      A exit
      P join A
      P release g
      Q acquire g
      Q spawn B
      B acquire m
      B acquire l
      B release l
      B release m
      B exit
      Q join B
      Q release g

      """
    #expect(try confidence(text) == .excluded)
  }

  @Test func `What one thread reads of another orders this run alone`() throws {
    let text = """
      A acquire l
      A acquire m
      A release m
      A release l
      A write done
      B read done
      B acquire m
      B acquire l
      B release l
      B release m

      """
    #expect(try confidence(text) == .ordering)
    #expect(
      try reason(text)
        == "kept in order in this run by what need not order another: A is past line 2 before the "
        + "others are there: B reads in line 6 what A writes to done in line 5")
  }

  @Test func `A thread that is woken by another comes after it`() throws {
    let text = """
      B acquire n
      B wait c lock=n
      A acquire l
      A acquire m
      A release m
      A release l
      A signal c
      B wake c lock=n
      B release n
      B acquire m
      B acquire l
      B release l
      B release m

      """
    #expect(try confidence(text) == .excluded)
  }

  @Test func `A wake may be due to another signal of the condition`() throws {
    let text = """
      B acquire n
      B wait c lock=n
      A acquire l
      A acquire m
      A release m
      A release l
      A signal c
      C signal c
      B wake c lock=n
      B release n
      B acquire m
      B acquire l
      B release l
      B release m

      """
    #expect(try confidence(text) == .ordering)
  }

  @Test func `Events of the first thread before its first spawn come before all of the child`()
    throws
  {
    let text = """
      Main acquire l
      Main acquire m
      Main release m
      Main release l
      Main spawn B
      B acquire m
      B acquire l
      B release l
      B release m

      """
    #expect(try confidence(text) == .excluded)
  }

  @Test func `The order of sections may change where it has to`() throws {
    // To keep the order of the sections of x, B would have to wait until A is past its request.
    let text = """
      A acquire l
      A acquire x
      A release x
      A acquire m
      A release m
      A release l
      A acquire x
      A release x
      B acquire x
      B release x
      B acquire m
      B acquire l
      B release l
      B release m

      """
    #expect(try confidence(text) == .predicted)
  }

  @Test func `A reader waits behind a writer of a third thread`() throws {
    let readers = """
      A acquire l read
      A acquire m
      A release m
      A release l
      B acquire m
      B acquire l read
      B release l
      B release m

      """
    #expect(try confidence(readers + "C acquire l\nC release l\n") == .predicted)
    #expect(try confidence(readers + "A acquire l\nA release l\n") == .ordering)
  }

  @Test func `A try holds its lock and waits for none`() throws {
    let held = Self.inverted.replacing("B acquire m", with: "B acquire m try")
    #expect(try confidence(held) == .predicted)
    let wanted = Self.inverted.replacing("B acquire l", with: "B acquire l try")
    #expect(try predict(wanted).findings(.lockOrderInversion).isEmpty)
  }

  @Test func `Locks that are taken again are taken once`() throws {
    let text = """
      A|acq(l)|1
      A|acq(l)|2
      A|acq(m)|3
      A|rel(m)|4
      A|rel(l)|5
      A|rel(l)|6
      B|acq(m)|7
      B|acq(l)|8
      B|rel(l)|9
      B|rel(m)|10

      """
    #expect(try confidence(text) == .predicted)
  }

  @Test func `A fork by number means the thread of that number`() throws {
    let text = """
      T0|acq(9)|1
      T0|acq(8)|2
      T0|rel(8)|3
      T0|rel(9)|4
      T0|fork(9)|5
      T9|acq(8)|6
      T9|acq(9)|7
      T9|rel(9)|8
      T9|rel(8)|9

      """
    #expect(try confidence(text) == .excluded)
  }

  @Test func `A notify orders who is woken after it`() throws {
    let text = """
      B|acq(n)|1
      B|wait(n)|2
      A|acq(l)|3
      A|acq(m)|4
      A|rel(m)|5
      A|rel(l)|6
      A|acq(n)|7
      A|notify(n)|8
      A|rel(n)|9
      B|acq(n)|10
      B|rel(n)|11
      B|acq(m)|12
      B|acq(l)|13
      B|rel(l)|14
      B|rel(m)|15

      """
    #expect(try confidence(text) == .excluded)
  }

  @Test func `Lost events leave it open`() throws {
    let text = "A lost count=3\n" + Self.inverted
    #expect(try confidence(text) == .feasible)
    #expect(
      try reason(text) == "not decided whether this run in another order deadlocks: events of "
        + "run.trace were lost")
  }

  @Test func `Repeats that were left out refute nothing`() throws {
    let text = """
      Main acquire l
      Main acquire m
      Main release m
      Main release l
      Main dropped count=2
      Main spawn B
      B acquire m
      B acquire l
      B release l
      B release m

      """
    // Spawn and join see to it whatever is missing.
    #expect(try confidence(text) == .excluded)
    #expect(try confidence(Self.inverted + "A dropped count=2\n") == .predicted)
  }

  @Test func `Five who each take what is left and then what is right deadlock`() throws {
    var text = ""
    for number in 0..<5 {
      text += """
        P\(number) acquire fork\(number)
        P\(number) acquire fork\((number + 1) % 5)
        P\(number) release fork\(number)
        P\(number) release fork\((number + 1) % 5)

        """
    }
    #expect(try confidence(text) == .predicted)
  }

  @Test func `Events that take more memory than they may are not looked at`() throws {
    var options = TraceAnalyzer.Options()
    options.prediction = PredictionOptions(mode: .auto, memoryLimit: 0)
    var analyzer = TraceAnalyzer(options: options)
    let many = String(repeating: "A acquire x\nA release x\n", count: 40_000)
    try analyzer.read(source(Self.inverted + many))
    let finding = analyzer.finish().findings(.lockOrderInversion)[0]
    #expect(finding.confidence == .feasible)
    #expect(
      finding.confidenceReason
        == "not decided whether this run in another order deadlocks: the events of run.trace take "
        + "more than 0 MiB")
  }
}
