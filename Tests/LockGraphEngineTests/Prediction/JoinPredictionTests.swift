import TestSupport
import Testing

@testable import LockGraphEngine

/// Cycles that the end of a thread closes, asked of the events.
@Suite struct JoinPredictionTests {
  private func cycle(_ text: String) throws -> Finding {
    let cycles = try predict(text).findings.filter(\.isClosedByJoin)
    #expect(cycles.count == 1)
    return try #require(cycles.first)
  }

  @Test func `A join under a lock that the joined thread takes deadlocks`() throws {
    let text = """
      server spawn client
      client acquire clients at=client.c:41
      client release clients
      server acquire clients
      server join client at=server.c:124
      server release clients

      """
    let finding = try cycle(text)
    #expect(finding.confidence == .predicted)
    #expect(finding.severity == .error)
    let schedule = try #require(finding.schedule)
    #expect(try schedule.deadlocks(of: text) == [["server", "client"]])
    let report = TextReport(try predict(text), width: 100).text
    #expect(report.contains("server joins client at server.c:124"))
    #expect(report.contains("predicted: this run's events, in another order, end in the deadlock."))
  }

  @Test func `Who is told first that the other one is through with the lock cannot deadlock`()
    throws
  {
    let text = """
      server init done kind=completion
      server spawn client
      client acquire clients
      client release clients at=client.c:44
      client post done
      server acquire done
      server acquire clients
      server join client
      server release clients

      """
    let finding = try cycle(text)
    #expect(finding.confidence == .excluded)
    #expect(finding.severity == .note)
    #expect(finding.schedule == nil)
  }

  @Test func `The end of a thread that waits for the end of another is waited for with it`() throws
  {
    let text = """
      main spawn outer
      outer spawn inner
      inner acquire m
      inner release m
      outer join inner
      main acquire m
      main join outer
      main release m

      """
    let finding = try cycle(text)
    #expect(finding.confidence == .predicted)
    #expect(try #require(finding.schedule).deadlocks(of: text) == [["main", "outer", "inner"]])
  }

  @Test func `A lock in between is one that another thread has`() throws {
    let text = """
      main spawn worker
      helper acquire n
      helper acquire m
      helper release m
      helper release n
      worker acquire n
      worker release n
      main acquire m
      main join worker
      main release m

      """
    let finding = try cycle(text)
    #expect(finding.confidence == .predicted)
    #expect(try #require(finding.schedule).deadlocks(of: text) == [["main", "worker", "helper"]])
  }

  @Test func `Who has given up a gate asks without it`() throws {
    let text = """
      child acquire gate
      child request m
      child abandon m
      child release gate
      child acquire m
      child release m
      main acquire m
      main acquire gate
      main join child

      """
    let findings = try analyze(text).findings.filter(\.isClosedByJoin)
    #expect(findings.first { $0.classes == ["m"] }?.confidence == .feasible)
  }

  @Test func `Without being asked it stays feasible, and a graph file keeps what was said`() throws
  {
    let text = """
      server spawn client
      client acquire clients class=Clients
      client release clients
      server acquire clients
      server join client
      server release clients

      """
    let plain = try analyze(text).findings.filter(\.isClosedByJoin)
    #expect(plain.map(\.confidence) == [.feasible])
    for mode in [PredictionOptions.Mode.auto, .never] {
      let graph = try merged([NamedInput("run.trace", Array(text.utf8))], predict: mode)
      var options = TraceAnalyzer.Options()
      options.prediction = PredictionOptions(mode: .auto)
      var analyzer = TraceAnalyzer(options: options)
      try analyzer.read(.bytes(graph, name: "run.graph"))
      let kept = analyzer.finish().findings.filter(\.isClosedByJoin)
      #expect(kept.map(\.confidence) == [mode == .auto ? .predicted : .feasible])
      #expect(kept.map { $0.schedule != nil } == [mode == .auto])
    }
  }

  /// What is said of whole traces, against all states that their events can come to.
  @Test(arguments: 0..<2)
  func `What is predicted happens, and what is excluded cannot`(part: UInt64) throws {
    var (predicted, excluded) = (0, 0)
    try withSeeds(part * 10_000..<part * 10_000 + 1_000) { generator in
      var shape = RandomRun.Shape(using: &generator)
      shape.hasSpawns = true
      shape.hasRecursion = false
      shape.locks = 2
      shape.length = Int.random(in: 24...44, using: &generator)
      let run = RandomRun(shape, using: &generator)
      let findings = try predict(run.text).findings.filter(\.isClosedByJoin)
      guard findings.contains(where: { $0.confidence != .feasible }) else { return }
      let possible = Circles(run)
      for finding in findings {
        let context = "\(finding.title) of\n\(run.text)\(TestContext.description)"
        switch finding.confidence {
        case .predicted:
          predicted += 1
          let deadlocks = try #require(finding.schedule).deadlocks(of: run.text)
          #expect(!deadlocks.isEmpty, "predicted: \(context)")
        case .excluded:
          excluded += 1
          #expect(!possible.contains(finding), "excluded: \(context)")
        default: break
        }
      }
    }
    #expect(predicted > 4 && excluded > 1, "\(predicted) \(excluded)")
  }

  /// The circles that threads of a run can end in, however they are ordered.
  private struct Circles {
    private let execution: Execution
    private var patterns: [DeadlockPattern] = []
    private var isPossible: [Bool] = []
    private var isWhole = true

    init(_ run: RandomRun) {
      let (execution, operations) = run.execution()
      self.execution = execution
      var search = PatternSearch(execution, work: 100_000)
      var patterns: [DeadlockPattern] = []
      for length in 2...4 {
        let isWhole = search.run(.any(length)) { pattern in
          patterns.append(pattern)
          return patterns.count < 500
        }
        if !isWhole { self.isWhole = false }
      }
      let oracle = RunOracle(run, keepsData: false, keepsPairs: false)
      var isPossible = patterns.map { _ in false }
      let requests = execution.requests.map { Set($0.events.compactMap { operations[$0] }) }
      let isCovered = oracle.visitStates(limit: 50_000) { state in
        for (number, pattern) in patterns.enumerated() where !isPossible[number] {
          isPossible[number] = pattern.groups.allSatisfy { group in
            guard let next = oracle.next(state, Int(execution.requests[group].thread)) else {
              return false
            }
            return requests[group].contains(next) && oracle.isRequested(next, state)
          }
        }
      }
      if !isCovered { isWhole = false }
      self.patterns = patterns
      self.isPossible = isPossible
    }

    /// Whether threads can end in one that looks like a finding; false where not all was looked at.
    func contains(_ finding: Finding) -> Bool {
      guard isWhole else { return false }
      let sides = Self.rotated(
        finding.waiters.map { waiter in
          waiter.wanted.map { "\($0.lock) \($0.mode.name)" } ?? "join"
        })
      return zip(patterns, isPossible).contains { pattern, isPossible in
        let wishes = pattern.groups.map { group in
          switch execution.requests[group].wish {
          case .lock(let lock, let mode): "L\(lock) \(mode.name)"
          case .end: "join"
          }
        }
        return isPossible && Self.rotated(wishes) == sides
      }
    }

    /// What is waited for says what is held by whom: a circle is the same from wherever it is told.
    private static func rotated(_ sides: [String]) -> [String] {
      sides.indices.map { Array(sides[$0...] + sides[..<$0]) }
        .min { $0.lexicographicallyPrecedes($1) } ?? []
    }
  }
}
