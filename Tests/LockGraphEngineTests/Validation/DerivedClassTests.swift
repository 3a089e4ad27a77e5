import TestSupport
import Testing

@testable import LockGraphEngine

/// Classes of locks that state none, by where they are made or first taken [semantics 27].
@Suite struct DerivedClassTests {
  private func analysis(
    _ texts: String..., by basis: ClassBasis = .initialization
  ) throws -> Analysis {
    var options = TraceAnalyzer.Options()
    options.classBasis = basis
    var analyzer = TraceAnalyzer(options: options)
    for (number, text) in texts.enumerated() {
      try analyzer.read(.bytes(Array(text.utf8), name: "\(number + 1).trace"))
    }
    return analyzer.finish()
  }

  private func classes(_ analysis: Analysis) -> [String] {
    analysis.graph.classes.map { "\($0.name) \($0.instances) \($0.acquisitions)" }
  }

  private let made = """
    T0 init a at=pool.c:12
    T0 init b at=pool.c:12
    T0 init q at=queue.c:8

    """
  private let uses = """
    T1 acquire a at=use.c:1
    T1 acquire q at=use.c:2
    T1 release q
    T1 release a
    T2 acquire b at=use.c:1
    T2 release b

    """

  @Test func `Locks are put together by the place of their init, and the report says so`() throws {
    let analysis = try analysis(made + uses)
    #expect(classes(analysis) == ["pool.c:12 2 2", "queue.c:8 1 1"])
    #expect(analysis.edges == ["pool.c:12 -> queue.c:8 [EN]"])
    let text = TextReport(analysis).text
    #expect(text.contains("Classes: 3 locks in 2 classes by place of init."))
  }

  @Test func `Or by that of their first use, or each is its own`() throws {
    #expect(
      classes(try analysis(made + uses, by: .firstUse)) == ["use.c:1 2 2", "use.c:2 1 1"])
    let own = try analysis(made + uses, by: .lock)
    #expect(classes(own) == ["a 1 1", "b 1 1", "q 1 1"])
    #expect(own.summary.classOrigins.isEmpty)
    #expect(!TextReport(own).text.contains("Classes:"))
  }

  @Test func `A file without lines that all frames are in stands once`() throws {
    let analysis = try analysis(
      """
      T0 init a stack="server+0x1f;pool_new (server);main (server)"
      T0 init b stack="server+0x1f;pool_new (libpool.so.1);main (server)"
      T0 init c stack=server+0x2f
      T0 init d stack="pool_new (pool.c:4);main (server)"
      T1 acquire a
      T1 acquire b
      T1 acquire c
      T1 acquire d

      """)
    #expect(
      analysis.graph.classes.map(\.name) == [
        "main (server) > pool_new (libpool.so.1) > server+0x1f",
        "main (server) > pool_new (pool.c:4)", "main > pool_new > +0x1f (server)", "server+0x2f",
      ])
  }

  @Test func `A place of several frames is named by all of them, the place itself last`() throws {
    let analysis = try analysis(
      "T0 init a at=pool.c:12 stack=pool_new+0x1f;cache_new+0x20;main\nT0 init b stack=f;g\n"
        + "T0 init c stack=0x7f1;0x7f2\n")
    #expect(
      analysis.graph.classes.map(\.name) == ["c", "g > f", "main > cache_new+0x20 > pool.c:12"])
  }

  @Test(arguments: [
    "T0 init a class=P at=pool.c:12\n", "T0 init a at=pool.c:12\nT0 acquire a try class=P\n",
  ])
  func `A stated class goes before a derived one, whenever it is stated`(_ start: String) throws {
    let analysis = try analysis(start + "T0 release a\nT1 acquire a\nT1 acquire q\n")
    #expect(analysis.edges == ["P -> q [EN]"])
    let late = try self.analysis(
      "T0 init a at=pool.c:12\nT1 acquire a\nT1 acquire q\nT1 release a\n"
        + "T2 acquire a class=P\n")
    #expect(late.edges == ["P -> q [EN]"])
    #expect(classes(late).contains("P 1 2"))
  }

  @Test func `A lock that is made anew at another place is another lock`() throws {
    let analysis = try analysis(
      "T0 init a at=pool.c:12\nT1 acquire a\nT1 release a\nT0 init a at=queue.c:8\n"
        + "T1 acquire a\n")
    #expect(classes(analysis) == ["pool.c:12 1 1", "queue.c:8 1 1"])
  }

  @Test func `One name in two inputs can be locks of two classes`() throws {
    let first = "T1 init a at=pool.c:12\nT1 init b at=queue.c:8\nT1 acquire a\nT1 acquire b\n"
    let second = "T1 init b at=pool.c:12\nT1 init a at=queue.c:8\nT1 acquire b\nT1 acquire a\n"
    let analysis = try analysis(first, second)
    #expect(analysis.findings.isEmpty && analysis.summary.derivedCycles == 0)
    #expect(analysis.edges == ["pool.c:12 -> queue.c:8 [EN]"])
    #expect(try self.analysis(first, second, by: .lock).findings.count == 1)
  }

  // MARK: Cycles

  private func nest(_ thread: String, _ outer: String, _ inner: String) -> String {
    joined(
      "\(thread) acquire \(outer)\n", "\(thread) acquire \(inner)\n",
      "\(thread) release \(inner)\n", "\(thread) release \(outer)\n")
  }

  private func joined(_ parts: String...) -> String { parts.joined() }

  @Test func `What derived classes have and no locks is counted, and fails only where asked`()
    throws
  {
    let cycle = try analysis(joined(made, nest("T1", "a", "q"), nest("T2", "q", "b")))
    let nesting = try analysis(joined(made, nest("T1", "a", "b")))
    for analysis in [cycle, nesting] {
      #expect(analysis.findings.isEmpty && analysis.summary.derivedCycles == 1)
      let text = TextReport(analysis).text
      #expect(text.contains("1 cycle or nesting of classes derived from places"))
      var gate = Gate(today: CalendarDate("2026-06-15")!)
      #expect(gate.verdict(on: analysis).isPassed)
      #expect(gate.verdict(on: analysis).remarks.count == 1)
      for (failOn, passes) in [(Confidence.feasible, true), (.ordering, false), (.excluded, false)]
      {
        gate.failOn = failOn
        #expect(gate.verdict(on: analysis).isPassed == passes)
      }
    }
  }

  @Test func `What locks of derived classes have is found`() throws {
    let two = try analysis(joined(made, nest("T1", "a", "q"), nest("T2", "q", "a")))
    #expect(two.verdicts == ["lock-order-inversion feasible pool.c:12 queue.c:8"])
    #expect(two.findings[0].title == "pool.c:12 and queue.c:8 are taken in both orders")
    #expect(two.summary.derivedCycles == 0)
    let one = try analysis(joined(made, nest("T1", "a", "b"), nest("T2", "b", "a")))
    #expect(one.verdicts == ["lock-order-inversion feasible pool.c:12"])
    #expect(one.findings[0].title == "pool.c:12 (a) and pool.c:12 (b) are taken in both orders")
    #expect(one.summary.derivedCycles == 0)
    let round = try analysis(
      joined(
        "T0 init p at=queue.c:8\n", made, nest("T1", "a", "q"), nest("T2", "q", "b"),
        nest("T3", "b", "p"), nest("T4", "p", "a")))
    #expect(round.findings.count == 1 && round.summary.derivedCycles == 0)
  }

  @Test func `Locks of a derived class without places are told apart`() throws {
    let analysis = try analysis(
      joined(
        made, "T1 release a\nT1 release b\n", nest("T1", "a", "q"), nest("T2", "q", "a"),
        nest("T1", "b", "q"), nest("T2", "q", "b")))
    #expect(analysis.findings.map(\.fold) == [nil, nil, nil, nil])
    #expect(Set(analysis.findings.map(\.fingerprint)).count == 4)
  }

  @Test func `Lines of derived classes and of places do not matter to a baseline`() throws {
    func text(_ line: Int) -> String {
      joined(
        "T0 init a at=pool.c:\(line)\nT0 init q at=queue.c:\(line)\n",
        "T1 acquire a at=f.c:\(line) stack=f\nT1 acquire q at=f.c:\(line + 1) stack=f\n",
        "T1 release q\nT1 release a\n",
        "T2 acquire q at=g.c:\(line) stack=g\nT2 acquire a at=g.c:\(line + 1) stack=g\n")
    }
    let (one, other) = (try analysis(text(10)), try analysis(text(20)))
    #expect(one.findings.count == 1)
    #expect(one.findings[0].fingerprint == other.findings[0].fingerprint)
  }

  @Test func `A graph file carries what is derived`() throws {
    let pieces: [String] = [
      joined(made, uses), joined(made, nest("T1", "a", "q"), nest("T2", "q", "a")),
      joined(made, nest("T1", "a", "b")),
      joined(made, nest("T1", "a", "q"), nest("T2", "q", "b")),
      joined(made, "T1 acquire x\nT1 acquire a subclass=1\nT1 exit\nT2 acquire x class=X\n"),
    ]
    for text in pieces {
      let direct = try analysis(text)
      let file = try merged([NamedInput("1.trace", text)])
      let loaded = try analyze([NamedInput("1.graph", file)])
      #expect(classes(loaded) == classes(direct))
      #expect(loaded.edges == direct.edges)
      #expect(loaded.findings.map(\.fingerprint) == direct.findings.map(\.fingerprint))
      #expect(loaded.findings.map(\.title) == direct.findings.map(\.title))
      #expect(loaded.summary.classOrigins == direct.summary.classOrigins)
      #expect(loaded.summary.derivedCycles == direct.summary.derivedCycles)
      #expect(try merged([file, file]) == file)
    }
  }
}
