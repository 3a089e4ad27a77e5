import LockGraphEngine
import TestSupport
import Testing

/// Orders that inputs state and no event shows.
@Suite struct StatedOrderTests {
  /// `/proc/lockdep` with dependencies given as `a b` for a -> b, and usage by name.
  private func lockdep(_ dependencies: [String], usage: [String: String] = [:]) -> String {
    var successors: [String: [String]] = [:]
    for dependency in dependencies {
      let ends = dependency.split(separator: " ").map(String.init)
      successors[ends[0], default: []].append(ends[1])
      successors[ends[1], default: []] += []
    }
    for name in usage.keys { successors[name, default: []] += [] }
    var text = "all lock classes:\n"
    for (name, next) in successors.sorted(by: { $0.key < $1.key }) {
      text += "\(key(name)) FD:    1 BD:    1 \(usage[name] ?? "...."): \(name)\n"
      for name in next { text += " -> [\(key(name))] \(name)\n" }
    }
    return text
  }

  private func key(_ name: String) -> String {
    let number = name.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
    return String(number % 0xFFFF_FFFF + 0x1_0000_0000, radix: 16)
  }

  @Test func `A cycle that one kernel has in its order is none, it judged it itself`() throws {
    #expect(try analyze(lockdep(["a b", "b a"])).findings.isEmpty)
    #expect(try analyze(lockdep(["a b", "b c", "c a", "x y"])).findings.isEmpty)
  }

  @Test func `A class that is below itself is a nesting that the kernel let pass`() throws {
    let analysis = try analyze(lockdep(["a a", "a b"]))
    #expect(analysis.findings.isEmpty)
    #expect(analysis.edges == ["a -> a []", "a -> b []"])
  }

  @Test func `A cycle of the orders of two kernels is found, and says what is not known of it`()
    throws
  {
    let (one, other) = (lockdep(["a b", "b c"]), lockdep(["c a"]))
    for inputs in [[one, other], [other, one]] {
      let analysis = try analyze(inputs: inputs.map { Array($0.utf8) })
      let finding = try #require(analysis.findings.first)
      #expect(analysis.verdicts == ["lock-order-inversion ordering a b c"])
      #expect(
        finding.confidenceReason
          == "of a -> b neither thread, lock instances nor modes are known")
      #expect(finding.edges.map(\.areKindsAssumed) == [true, true, true])
      let place = finding.edges[2].witnesses[0]
      #expect(place.line == 4 || place.line == 3)
      #expect(finding.occurrences == 1)
      #expect(TextReport(analysis).text.contains("\(place.input):\(place.line)"))
    }
    #expect(
      try analyze(one, other).findings.map(\.fingerprint)
        == analyze(other, one).findings.map(\.fingerprint))
  }

  @Test func `A cycle that both of two kernels have in their order is none`() throws {
    let cycle = lockdep(["a b", "b a"])
    #expect(try analyze(cycle, cycle, lockdep(["b a"])).findings.isEmpty)
  }

  @Test func `A nesting of a chain closes no cycle`() throws {
    let chains = "irq_context: 0\n[00000001] b\n[00000002] a\n"
    let analysis = try analyze(lockdep(["a b"]), chains)
    #expect(analysis.edges == ["a -> b []", "b -> a []"])
    #expect(analysis.findings.isEmpty)
  }

  @Test func `Events decide where there are any`() throws {
    let trace = "T1 acquire a\nT1 acquire b\nT1 release b\nT1 release a\n"
    let other = "T2 acquire b\nT2 acquire a\nT2 release a\nT2 release b\n"
    let graph = lockdep(["a b", "b a"])
    for inputs in [[trace + other, graph], [graph, trace + other]] {
      let analysis = try analyze(inputs: inputs.map { Array($0.utf8) })
      #expect(analysis.verdicts == ["lock-order-inversion feasible a b"])
      #expect(analysis.edges == ["a -> b [EN]", "b -> a [EN]"])
      #expect(analysis.findings[0].edges[0].witnesses.map(\.isStated) == [false, true])
    }
    // The kernel has the whole cycle, and events only half of it.
    #expect(try analyze(trace, graph).findings.isEmpty)
    #expect(
      try analyze(trace, lockdep(["b a"])).verdicts == ["lock-order-inversion ordering a b"])
  }

  @Test func `Kinds that events show count, and not the worst`() throws {
    let readers =
      "T1 acquire a read\nT1 acquire b recursive-read\nT1 release b\nT1 release a\n"
      + "T2 acquire b read\nT2 acquire a recursive-read\nT2 release a\nT2 release b\n"
    let graph = lockdep(["a b"])
    for inputs in [[readers, graph], [graph, readers]] {
      let analysis = try analyze(inputs: inputs.map { Array($0.utf8) })
      #expect(analysis.edges == ["a -> b [SR]", "b -> a [SR]"])
      #expect(analysis.findings.isEmpty)
    }
  }

  @Test func `What is excluded by a gate is not, if it was done elsewhere too`() throws {
    let gated =
      "T1 acquire G\nT1 acquire a\nT1 acquire b\nT1 release b\nT1 release a\nT1 release G\n"
      + "T2 acquire G\nT2 acquire b\nT2 acquire a\nT2 release a\nT2 release b\nT2 release G\n"
    #expect(try analyze(gated).verdicts == ["lock-order-inversion excluded a b"])
    let analysis = try analyze(gated, lockdep(["a b"]))
    #expect(analysis.verdicts == ["lock-order-inversion ordering a b"])
    #expect(
      analysis.findings[0].confidenceReason
        == "a -> b is stated too, and not what was held around it")
  }

  @Test func `How a class is used in interrupts is judged with other inputs, not alone`() throws {
    let safe = lockdep([], usage: ["a": "-..."])
    let unsafe = lockdep([], usage: ["a": "+..."])
    #expect(try analyze(lockdep([], usage: ["a": "?..."])).findings.isEmpty)
    #expect(try analyze(safe, unsafe).verdicts == ["context-inversion a"])
    #expect(try analyze(safe, unsafe).findings[0].events.map(\.line) == [2, 2])
    #expect(try analyze(safe, "T1 acquire a\nT1 release a\n").verdicts == ["context-inversion a"])
    #expect(try analyze(safe, lockdep([], usage: ["a": "..+."])).findings.isEmpty)
    #expect(
      try analyze(
        lockdep([], usage: ["a": ".-.."]), lockdep([], usage: ["a": ".+.."])
      ).findings.isEmpty)
  }

  @Test func `Events that saw how a class is used in interrupts and besides decide`() throws {
    let inside = "T1 enter hardirq\nT1 acquire a\nT1 release a\nT1 leave hardirq\n"
    let outside = "T1 acquire a\nT1 release a\n"
    let kernel = lockdep([], usage: ["a": "?..."])
    #expect(try analyze(inside + outside, kernel).verdicts == ["context-inversion a"])
    #expect(try analyze(kernel, inside + outside).verdicts == ["context-inversion a"])
    // The kernel has both uses, and events saw one of them.
    #expect(try analyze(inside, kernel).findings.isEmpty)
    #expect(try analyze(outside, kernel).findings.isEmpty)
  }

  @Test func `A name that several classes share does not join uses with what is stated`() throws {
    var trace = KernelTrace()
    trace.nest("00000000d62be939 a", flags: "d.h..")
    let shared = lockdep([], usage: ["a": "+...", "a#2": "...."])
    #expect(
      try analyze(trace.text, lockdep([], usage: ["a": "+..."])).verdicts
        == ["context-inversion a"])
    #expect(try analyze(trace.text, shared).findings.isEmpty)
    #expect(try analyze(shared, trace.text).findings.isEmpty)
  }

  @Test func `A dependency from a lock of interrupts is judged with other inputs, not alone`()
    throws
  {
    let usage = ["a": "-...", "b": "+..."]
    #expect(try analyze(lockdep(["a b"], usage: usage)).findings.isEmpty)
    let analysis = try analyze(lockdep(["a b"]), lockdep([], usage: usage))
    #expect(analysis.verdicts == ["context-order-inversion a b"])
    #expect(try analyze(lockdep(["a b"], usage: usage), lockdep([], usage: usage)).findings.isEmpty)
  }

  @Test func `A name that several classes share does not join events with what is stated`() throws {
    var trace = KernelTrace()
    trace.nest("00000000d62be939 a", "00000000d62be93a b")
    let shared = lockdep(["b a", "b a#2"])
    #expect(
      try analyze(trace.text, lockdep(["b a"])).verdicts == ["lock-order-inversion ordering a b"])
    #expect(try analyze(trace.text, shared).findings.isEmpty)
    #expect(try analyze(shared, trace.text).findings.isEmpty)
  }
}
