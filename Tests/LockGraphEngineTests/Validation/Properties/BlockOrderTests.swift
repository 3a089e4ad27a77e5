import LockGraphEngine
import TestSupport
import Testing

/// A trace that consists of blocks, each the doings of one thread from nothing held to nothing
/// held: semantics 14 and 20.
@Suite struct BlockOrderTests {
  private static let preamble = """
    main init a class=A kind=spin
    main init b class=B kind=spin
    main init c class=C kind=rwlock
    main init d class=D kind=mutex
    main init r class=R kind=recursive
    main init p class=P kind=local
    main init x class=X rank=1
    main init y class=X rank=2
    main init z class=X
    main init u class=U unchecked
    main init s class=S kind=rcu

    """

  private static let locks = ["a", "b", "c", "d", "r", "p", "x", "y", "z", "u", "s"]

  /// One block: a nest of locks, maybe in a context, with masks and what the other rules look at.
  private func block(using generator: inout SeededGenerator) -> [String] {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    var lines: [String] = []
    var ends: [String] = []
    var contexts: [InterruptContext] = []
    let masks = ["hardirq", "softirq", "signal"]
    func enter() {
      let next: InterruptContext? =
        switch contexts.last {
        case nil: InterruptContext.allCases.randomElement(using: &generator)
        case .softirq, .signal: .hardirq
        case .hardirq: .nmi
        case .nmi: nil
        }
      guard let context = next else { return }
      contexts.append(context)
      lines.append(
        "enter \(context.name)" + (context == .hardirq && chance(30) ? " unthreaded" : ""))
      ends.append("leave \(context.name)")
    }
    if chance(40) { enter() }
    var held: [String] = []
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      if chance(20) {
        let mask = masks.randomElement(using: &generator)!
        lines.append("disable \(mask)")
        // Unmasked at once where something is held, or at the end.
        if chance(50) { ends.append("enable \(mask)") } else { lines.append("enable \(mask)") }
      }
      if chance(10) { enter() }
      let lock = Self.locks.randomElement(using: &generator)!
      let mode = LockMode.allCases.randomElement(using: &generator)!
      var line = "acquire \(lock) \(mode.name)"
      if chance(10) { line += " try" }
      if chance(10) { line += " subclass=1" }
      if chance(12) { line += " nest=\(Self.locks.randomElement(using: &generator)!)" }
      if chance(8) {
        lines += [line.replacing("acquire", with: "request"), "abandon \(lock) reason=killed"]
        continue
      }
      lines.append(line)
      held.append(lock)
      let isPinned = chance(8)
      // Pinned beyond its release, or until then.
      let outlives = Bool.random(using: &generator)
      if isPinned, outlives { ends.append("unpin \(lock)") }
      ends.append("release \(lock)")
      if isPinned, !outlives { ends.append("unpin \(lock)") }
      if isPinned { lines.append("pin \(lock)") }
      if chance(8) { lines.append("downgrade \(lock)") }
      if chance(8) {
        lines.append(
          "assert \(lock) \(["held", "write", "read"].randomElement(using: &generator)!)")
      }
    }
    if chance(8) { lines.append("sleep") }
    if chance(8), let lock = held.last { lines += ["wait v lock=\(lock)", "wake v lock=\(lock)"] }
    if chance(6) { lines.append("release \(Self.locks.randomElement(using: &generator)!)") }
    if chance(5) { lines.append("enable softirq") }
    return lines + ends.reversed()
  }

  /// What was found, without where it was seen.
  private func essence(_ analysis: Analysis) -> [String] {
    analysis.findings.map { finding in
      "\(finding.rule) \(finding.classes) \(finding.context?.name ?? "") \(finding.fingerprint) "
        + "\(finding.confidence?.rawValue ?? "") \(finding.occurrences)"
    }.sorted()
  }

  private func essence(_ blocks: [String]) throws -> [String] {
    try essence(analyze(Self.preamble + blocks.joined()))
  }

  /// Expects the same findings of another order of blocks.
  private func expect(_ expected: [String], of blocks: [String]) throws {
    let found = try essence(blocks)
    let missing = expected.filter { !found.contains($0) }
    let extra = found.filter { !expected.contains($0) }
    #expect(
      found == expected,
      "missing \(missing), extra \(extra): \(blocks.joined()); \(TestContext.description)")
  }

  /// Each block a thread of its own, or that of one of two threads.
  private func blocks(_ count: Int, using generator: inout SeededGenerator) -> [String] {
    let threads = Bool.random(using: &generator) ? count : 2
    return (0..<count).map { number in
      block(using: &generator).map { "T\(number % threads) \($0)\n" }.joined()
    }
  }

  @Test(arguments: [3, 4, 5])
  func `Every order of a few blocks gives the same findings`(count: Int) throws {
    var rules: Set<String> = []
    let seeds = UInt64(count) * 1000
    try withSeeds(seeds..<seeds + [3: 80, 4: 20, 5: 6][count]!) { generator in
      let blocks = blocks(count, using: &generator)
      let expected = try essence(blocks)
      for order in permutations(of: blocks) {
        try expect(expected, of: order)
      }
      rules.formUnion(expected.map { String($0.prefix { $0 != " " }) })
    }
    #expect(rules.count >= 6)
  }

  @Test func `Random orders of many blocks give the same findings`() throws {
    var rules: Set<String> = []
    try withSeeds(0..<60) { generator in
      let blocks = blocks(Int.random(in: 6...14, using: &generator), using: &generator)
      let expected = try essence(blocks)
      for _ in 0..<6 {
        let order = blocks.shuffled(using: &generator)
        try expect(expected, of: order)
      }
      rules.formUnion(expected.map { String($0.prefix { $0 != " " }) })
    }
    #expect(rules.count >= 9)
  }
}
