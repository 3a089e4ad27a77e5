import LockGraphEngine
import TestSupport
import Testing

/// What grades say, against all orders in which the steps of a trace could have come: semantics 21.
@Suite struct ReorderingTests {
  private typealias Circle = ThreadedProgram.Circle

  @Test func `Nothing is feasible in a trace of which no reordering deadlocks`() throws {
    var (feasible, exact, unreachable) = (0, 0, 0)
    try withRandomTraces(0..<1200) { program, analysis, circles in
      for finding in analysis.findings where finding.confidence == .feasible {
        feasible += 1
        if circles.isEmpty { unreachable += 1 }
        if circles.contains(where: { $0.isOf(finding) }) { exact += 1 }
      }
    }
    #expect(feasible > 100)
    // That an earlier section and a gate together keep two sides apart, only predictions see.
    #expect(unreachable * 500 <= feasible)
    // Another deadlock may always come before the one that is reported, but seldom does.
    #expect(exact * 100 > feasible * 98)
  }

  @Test func `What is excluded happens in no reordering`() throws {
    var excluded = 0
    try withRandomTraces(10_000..<11_200, spawnsInside: true, tries: true) {
      program, analysis, circles in
      for finding in analysis.findings
      where finding.confidence == .excluded
        && (finding.classes.count > 1 || !finding.waiters.isEmpty)
      {
        excluded += 1
        #expect(
          !circles.contains { $0.isOf(finding) },
          "\(finding.classes): \(program); \(TestContext.description)")
      }
    }
    #expect(excluded > 30)
  }

  @Test func `Two classes on which a reordering deadlocks are feasible`() throws {
    var count = 0
    try withRandomTraces(20_000..<21_200, spawnsInside: true, tries: true) {
      program, analysis, circles in
      for circle in circles {
        let classes = circle.classes.compactMap { $0 }
        guard circle.classes.count == 2, Set(classes).count == 2 else { continue }
        count += 1
        #expect(
          analysis.findings.contains {
            $0.rule == .lockOrderInversion && circle.isOf($0) && $0.confidence == .feasible
          }, "\(classes): \(program), \(analysis.verdicts); \(TestContext.description)")
      }
    }
    #expect(count > 60)
  }

  /// Runs a body with random programs, what is found in the trace of one run of each, and the
  /// circles in which other runs may end.
  private func withRandomTraces(
    _ seeds: Range<UInt64>, spawnsInside: Bool = false, tries: Bool = false,
    _ body: (ThreadedProgram, Analysis, Set<Circle>) throws -> Void
  ) throws {
    try withSeeds(seeds) { generator in
      let program = randomProgram(spawnsInside: spawnsInside, tries: tries, using: &generator)
      guard let schedule = program.randomSchedule(using: &generator) else { return }
      try body(program, analyze(program.trace(schedule)), program.reachableCircles())
    }
  }

  /// - Parameters:
  ///   - spawnsInside: threads are started while locks are held too. Then the new thread may be
  ///     kept at its first lock until they are given up, which is an order that the grades do not
  ///     know.
  ///   - tries: any lock may be tried for. Where the branch after a failed `try` is unknown, a lock
  ///     that is tried for, given up and taken again is another such order.
  private func randomProgram(
    spawnsInside: Bool, tries: Bool, using generator: inout SeededGenerator
  ) -> ThreadedProgram {
    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    let locks = random(2...4)
    let classCount = random(2...locks)
    let classes = (0..<locks).map { $0 < classCount ? $0 : random(0...classCount - 1) }
    let threadCount = random(2...3)
    var threads = (0..<threadCount).map { _ in
      randomSteps(count: random(2...5), locks: locks, tries: tries, using: &generator)
    }
    let hasGate = random(0...2) == 0
    if hasGate {
      for thread in threads.indices where random(0...5) > 0 {
        let mode = LockMode.allCases.randomElement(using: &generator)!
        threads[thread] =
          [.acquire(locks, mode, isTry: false)] + threads[thread] + [.release(locks)]
      }
    }
    if random(0...2) == 0 {
      for thread in 1..<threadCount where random(0...3) > 0 {
        let parent = random(0...thread - 1)
        let places = threads[parent].indices.filter {
          spawnsInside || Self.isFree(threads[parent][..<$0])
        }
        let place = places.randomElement(using: &generator)!
        threads[parent].insert(.spawn(thread), at: place)
        if Bool.random(using: &generator) {
          threads[parent].insert(.join(thread), at: random(place + 1...threads[parent].count))
        }
      }
    }
    return ThreadedProgram(threads, classes: hasGate ? classes + [classCount] : classes)
  }

  private func randomSteps(
    count: Int, locks: Int, tries: Bool, using generator: inout SeededGenerator
  ) -> [ThreadedProgram.Step] {
    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    var steps: [ThreadedProgram.Step] = []
    var held: [Int] = []
    for _ in 0..<count {
      let free = (0..<locks).filter { !held.contains($0) }
      if let lock = free.randomElement(using: &generator), held.isEmpty || random(0...2) > 0 {
        let modes: [LockMode] = [.write, .write, .write, .write, .read, .recursiveRead]
        let isTry = (tries || steps.isEmpty) && random(0...9) == 0
        steps.append(
          .acquire(lock, modes.randomElement(using: &generator)!, isTry: isTry))
        held.append(lock)
      } else {
        let index = random(0...3) == 0 ? random(0...held.count - 1) : held.count - 1
        steps.append(.release(held.remove(at: index)))
      }
    }
    return steps + held.reversed().map { .release($0) }
  }

  /// Whether steps leave nothing held.
  private static func isFree(_ steps: ArraySlice<ThreadedProgram.Step>) -> Bool {
    var held = 0
    for step in steps {
      switch step {
      case .acquire: held += 1
      case .release: held -= 1
      case .spawn, .join: break
      }
    }
    return held == 0
  }
}

/// Joins in circles, against all orders of the steps of small programs: semantics 21.
@Suite struct JoinReorderingTests {
  private typealias Circle = ThreadedProgram.Circle

  /// A thread and its child, and perhaps a child of that, each with some locks; parents wait for
  /// the ends of their children somewhere.
  private func randomProgram(using generator: inout SeededGenerator) -> ThreadedProgram {
    func random(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    let locks = random(1...3)
    let isDeep = random(0...2) == 0
    var threads = (0..<(isDeep ? 3 : 2)).map { _ in
      nest(locks: locks, using: &generator)
    }
    for child in 1..<threads.count {
      let parent = isDeep ? child - 1 : 0
      threads[parent].insert(.spawn(child), at: 0)
      threads[parent].insert(.join(child), at: random(1...threads[parent].count))
    }
    return ThreadedProgram(threads, classes: Array(0..<locks))
  }

  private func nest(
    locks: Int, using generator: inout SeededGenerator
  ) -> [ThreadedProgram.Step] {
    let chosen = (0..<locks).shuffled(using: &generator)
      .prefix(Int.random(in: 0...locks, using: &generator))
    let modes: [LockMode] = [.write, .write, .read, .recursiveRead, .upgradable]
    return chosen.map { .acquire($0, modes.randomElement(using: &generator)!, isTry: false) }
      + chosen.reversed().map { .release($0) }
  }

  @Test func `Joins close the circles that reorderings end in, and no others`() throws {
    var found = 0
    try withSeeds(0..<3000) { generator in
      let program = randomProgram(using: &generator)
      guard let schedule = program.randomSchedule(using: &generator) else { return }
      let findings = try analyze(program.trace(schedule)).findings
      let joins = findings.filter { $0.rule == .lockOrderInversion && !$0.waiters.isEmpty }
      let circles = program.reachableCircles().filter { $0.classes.contains(nil) }
      for finding in joins where finding.confidence == .feasible {
        found += 1
        #expect(!circles.isEmpty, "\(finding.title): \(program); \(TestContext.description)")
      }
      for finding in joins where finding.confidence == .excluded {
        #expect(
          !circles.contains { $0.isOf(finding) },
          "\(finding.title): \(program); \(TestContext.description)")
      }
      if !circles.isEmpty {
        #expect(
          joins.contains { $0.confidence == .feasible },
          "\(circles.map(\.classes)): \(program), \(findings.map(\.title)); \(TestContext.description)"
        )
      }
    }
    #expect(found > 100)
  }
}

extension ThreadedProgram.Circle {
  /// Whether these are the waiters of a finding and what they wait for, or its classes, in its
  /// order. Other threads may wait in a circle of the same classes.
  fileprivate func isOf(_ finding: Finding) -> Bool {
    guard !finding.waiters.isEmpty else { return isOf(finding.classes) }
    let wanted = finding.waiters.map { $0.wanted?.lockClass }
    let waiters = finding.waiters.map { Int($0.thread.dropFirst())! }
    return self == ThreadedProgram.Circle(wanted, threads: Set(waiters))
  }

  /// Whether these are the classes of a finding, in its order.
  fileprivate func isOf(_ names: [String]) -> Bool {
    names.count == 1 ? Set(classes) == Set(names) : classes == ThreadedProgram.Circle(names).classes
  }
}
