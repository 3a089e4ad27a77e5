import LockGraphEngine
import TestSupport
import Testing

/// The interrupt part of the kernel's self-test, in every order of its events, with signals as a
/// third sort of interrupt.
@Suite struct InterruptSelfTests {
  /// A test is some events, each a section. `L` in it is the column's lock, and what must be found
  /// is said as the rings that the events make.
  struct Case: CustomTestStringConvertible, Sendable {
    var name: String
    var events: @Sendable (InterruptContext, Flavour) -> [[String]]
    var expected: @Sendable (InterruptContext, LockMode) -> [String]
    /// What the kernel documents for a spinlock, a writer and a recursive reader.
    var columns: String
    var testDescription: String { name }
  }

  private static func found(
    _ verdict: String, if ring: (holds: LockMode, asks: LockMode)...
  ) -> [String] {
    BlockMatrix.isDeadlock(ring) ? [verdict] : []
  }

  /// A lock of its own for whatever is not the column's lock: a plain one.
  private static let plain = LockMode.write

  static let cases = [
    Case(
      name: "irqs-on + irq-safe-A",
      events: { context, flavour in
        let use = nest(flavour.use("A"))
        return [inside(context, use), use]
      },
      // Whoever holds A is interrupted and A asked for.
      expected: { _, mode in found("context-inversion A", if: (mode, mode)) },
      columns: "YYN"),
    Case(
      name: "softirq-safe-A => hardirqs-on",
      events: { context, flavour in
        let use = flavour.use("A")
        // Unmasking hardirqs lets softirqs in again, and nothing but hardirqs and softirqs.
        return [
          inside(context, nest(use)),
          ["disable hardirq"] + (context == .signal ? ["disable signal"] : [])
            + [use.acquire, "enable hardirq", use.release]
            + (context == .signal ? ["enable signal"] : []),
        ]
      },
      expected: { context, mode in
        context == .signal ? [] : found("context-inversion A", if: (mode, mode))
      },
      columns: "YYN"),
    Case(
      name: "safe-A + irqs-on",
      events: { context, flavour in
        let use = flavour.use("A")
        return [
          inside(context, nest(use)),
          ["disable \(context.name)", use.acquire, "enable \(context.name)", use.release],
        ]
      },
      expected: { _, mode in found("context-inversion A", if: (mode, mode)) },
      columns: "YYN"),
    Case(
      name: "safe-A + unsafe-B #1",
      events: { context, flavour in
        [
          nest(flavour.use("A"), flavour.use("B")), nest(flavour.use("B")),
          inside(context, nest(flavour.use("A"))),
        ]
      },
      // A itself is held where the interrupt can come, too.
      expected: { _, mode in
        found("context-inversion A", if: (mode, mode))
          + found("context-order-inversion A B", if: (mode, mode), (mode, mode))
      },
      columns: "YYN"),
    Case(
      name: "safe-A + unsafe-B #2",
      events: { context, flavour in
        [
          masking(context, nest(flavour.use("A"), flavour.use("B"))), nest(flavour.use("B")),
          inside(context, nest(flavour.use("A"))),
        ]
      },
      expected: { _, mode in
        found("context-order-inversion A B", if: (mode, mode), (mode, mode))
      },
      columns: "YYN"),
    Case(
      name: "irq lock-inversion",
      events: { context, flavour in
        [
          masking(context, nest(Use("A"), flavour.use("B"))), nest(flavour.use("B")),
          inside(context, nest(Use("A", .recursiveRead))),
        ]
      },
      expected: { _, mode in
        found("context-order-inversion A B", if: (mode, .recursiveRead), (plain, mode))
      },
      columns: "YYN"),
    Case(
      name: "irq read-recursion",
      events: { context, flavour in
        [
          masking(context, nest(Use("A"))), nest(Use("A", .recursiveRead)),
          inside(context, nest(flavour.use("A"), Use("B"))),
        ]
      },
      expected: { _, mode in found("context-inversion A", if: (.recursiveRead, mode)) },
      columns: "YYN"),
    Case(
      name: "irq read-recursion #2",
      events: { context, flavour in
        [
          masking(context, nest(Use("B"), flavour.use("A"))), nest(Use("A", .recursiveRead)),
          inside(context, nest(Use("B"))),
        ]
      },
      expected: { _, mode in
        found("context-order-inversion B A", if: (.recursiveRead, plain), (plain, mode))
      },
      columns: "YYN"),
    Case(
      name: "irq read-recursion #3",
      events: { context, flavour in
        [
          masking(context, nest(Use("B"), flavour.use("A"))), nest(Use("A", .recursiveRead)),
          inside(context, nest(Use("B", .recursiveRead))),
        ]
      },
      expected: { _, mode in
        found("context-order-inversion B A", if: (.recursiveRead, .recursiveRead), (plain, mode))
      },
      columns: "YYN"),
  ]

  @Test(arguments: cases, InterruptContext.maskable)
  func `What is expected of the kernel's columns is what the kernel documents`(
    _ test: Case, _ context: InterruptContext
  ) {
    guard context == .softirq || !test.name.hasPrefix("softirq") else { return }
    for (flavour, column) in zip(Flavour.spinning, test.columns) {
      #expect(test.expected(context, flavour.mode).isEmpty == (column == "N"))
    }
  }

  @Test(arguments: cases, InterruptContext.maskable)
  func `Every order of the events says the same, in one thread and in several`(
    _ test: Case, _ context: InterruptContext
  ) throws {
    for flavour in Flavour.spinning {
      let events = test.events(context, flavour)
      let expected = test.expected(context, flavour.mode)
      try withEvery("order", in: permutations(of: Array(events.indices))) { order in
        for threads in Script.Threads.allCases {
          let script = Script(
            sections: order.map { events[$0] }, threads: threads,
            preamble: flavour.making(["A", "B"]))
          try expect(script, finds: expected, "\(flavour.testDescription)")
        }
      }
    }
  }

  @Test(arguments: cases, InterruptContext.maskable)
  func `Without the interrupt, or with tries alone in it, nothing is found`(
    _ test: Case, _ context: InterruptContext
  ) throws {
    for flavour in Flavour.spinning {
      let events = test.events(context, flavour)
      let isInterrupt = { (event: [String]) in event[0].hasPrefix("enter") }
      let without = Script(
        sections: events.filter { !isInterrupt($0) }, preamble: flavour.making(["A", "B"]))
      #expect(try without.verdicts().isEmpty)
      let tried = Script(
        sections: events.map { event in
          guard isInterrupt(event) else { return event }
          return event.map { $0.hasPrefix("acquire") ? $0 + " try" : $0 }
        }, preamble: flavour.making(["A", "B"]))
      #expect(try tried.verdicts().isEmpty)
    }
  }

  /// With fair readers outside of interrupts; inside of them readers are recursive.
  @Test(arguments: [
    ("hardirq read-lock/lock-read", "lock-order-inversion feasible A B"),
    ("hardirq lock-read/read-lock", ""),
    ("hardirq inversion", "context-order-inversion B A"),
  ])
  func `The kernel's tests of queued read locks`(_ name: String, _ expected: String) throws {
    let sections: [[String]] =
      switch name {
      case "hardirq read-lock/lock-read":
        [
          inside(.hardirq, nest(Use("A", .recursiveRead), Use("B"))),
          masking(.hardirq, nest(Use("B"), Use("A", .read))),
        ]
      case "hardirq lock-read/read-lock":
        [
          inside(.hardirq, nest(Use("B"), Use("A", .recursiveRead))),
          masking(.hardirq, nest(Use("A", .read), Use("B"))),
        ]
      default:
        [
          inside(.hardirq, nest(Use("B"))), masking(.hardirq, nest(Use("B"), Use("A", .read))),
          nest(Use("A", .read)),
        ]
      }
    try withEvery("order", in: permutations(of: Array(sections.indices))) { order in
      let script = Script(
        sections: order.map { sections[$0] }, preamble: ["init A kind=rwlock", "init B kind=spin"])
      try expect(script, finds: expected.isEmpty ? [] : [expected])
    }
  }

  /// Between a local lock's owner and an interrupt there is nothing to wait for but the owner's own
  /// processor.
  @Test(arguments: [("2", false), ("3A", false), ("3B", true)])
  func `The kernel's tests of local locks`(_ name: String, isFound: Bool) throws {
    var sections = [
      name == "2" ? nest(Use("local")) : nest(Use("local"), Use("B")),
      inside(.hardirq, nest(Use("A"))),
      masking(.hardirq, nest(Use("A"), Use("local"))),
    ]
    if isFound { sections.append(masking(.hardirq, nest(Use("A"), Use("B")))) }
    try withEvery("order", in: permutations(of: Array(sections.indices))) { order in
      let script = Script(
        sections: order.map { sections[$0] },
        preamble: ["init local kind=local", "init A kind=spin", "init B kind=spin"])
      try expect(script, finds: (isFound ? ["context-order-inversion A B"] : []))
    }
  }

  @Test func `Hardirqs and softirqs are paired with themselves alone along one path`() throws {
    let sections = [
      ["acquire M", "disable hardirq"] + nest(Use("C")) + ["enable hardirq", "release M"],
      inside(.hardirq, nest(Use("A"))), masking(.hardirq, nest(Use("A"), Use("B"))),
      masking(.hardirq, nest(Use("B"), Use("C"))), inside(.softirq, nest(Use("D"))),
      masking(.softirq, nest(Use("D"))), masking(.hardirq, nest(Use("C"), Use("D"))),
    ]
    let preamble = ["init M kind=mutex"] + Flavour(.spin).making(["A", "B", "C", "D"])
    for order in [Array(sections.indices), Array(sections.indices.reversed())] {
      let analysis = try analyze(
        Script(sections: order.map { sections[$0] }, preamble: preamble).text)
      #expect(analysis.verdicts == ["context-order-inversion A B C D"])
      #expect(analysis.findings.first?.context == .hardirq)
    }
    // M -> C -> D alone would be a softirq that takes D, and D taken under M: no interrupt takes M.
    let softirqs = sections.indices.filter { $0 != 1 }.map { sections[$0] }
    #expect(try Script(sections: softirqs, preamble: preamble).verdicts().isEmpty)
  }
}
