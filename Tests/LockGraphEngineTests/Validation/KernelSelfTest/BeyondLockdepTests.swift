import LockGraphEngine
import TestSupport
import Testing

/// Where the kernel's implementation is silent and its theory is not, in every order of the
/// sections.
@Suite struct BeyondLockdepTests {
  private func verdicts(
    of sections: [[String]], _ expected: [String], preamble: [String] = []
  ) throws {
    try withEvery("order", in: permutations(of: Array(sections.indices))) { order in
      let script = Script(sections: order.map { sections[$0] }, preamble: preamble)
      try expect(script, finds: expected)
    }
  }

  @Test func `A recursive reader in between hides nothing`() throws {
    // A -> B -> C is weak at B; A -> C is a dependency all the same.
    let chain = nest(Use("A"), Use("B", .recursiveRead), Use("C"))
    try verdicts(
      of: [chain, nest(Use("C"), Use("A"))], ["lock-order-inversion feasible A C"])
    let long = nest(
      Use("A"), Use("B", .recursiveRead), Use("C", .recursiveRead), Use("D", .recursiveRead),
      Use("E"))
    try verdicts(of: [long, nest(Use("E"), Use("A"))], ["lock-order-inversion feasible A E"])
  }

  @Test func `A weak path that is shorter hides no strong one`() throws {
    // A -> M is a recursive read and weak before M -> A; over B it is a write, and strong.
    try verdicts(
      of: [
        nest(Use("A"), Use("M", .recursiveRead)), nest(Use("A"), Use("B")),
        nest(Use("B"), Use("M")), nest(Use("M", .read), Use("A")),
      ], ["lock-order-inversion feasible A B M"])
  }

  @Test func `An acquisition that a nest lock excuses hides nobody`() throws {
    let chain = nest(
      Use("T"), Use("y1", .write, "class=Y"), Use("x"), Use("y2", .write, "class=Y nest=T"),
      Use("z"))
    #expect(try analyze(Script(sections: [chain]).text).edges.contains("x -> z [EN]"))
    try verdicts(of: [chain, nest(Use("z"), Use("x"))], ["lock-order-inversion feasible x z"])
  }

  @Test func `A chain of classes that was excused is checked where it is not`() throws {
    let annotated = nest(
      Use("T"), Use("y1", .write, "class=Y"), Use("y2", .write, "class=Y nest=T"))
    let plain = nest(Use("T"), Use("y1", .write, "class=Y"), Use("y2", .write, "class=Y"))
    try verdicts(of: [annotated, plain], ["recursive-acquisition ordering Y"])
    try verdicts(of: [annotated, annotated], [])
  }

  @Test func `Readers of both sorts are told apart in interrupts and outside`() throws {
    for context in InterruptContext.maskable {
      for used in [LockMode.read, .recursiveRead] {
        for held in [LockMode.read, .recursiveRead] {
          try verdicts(
            of: [inside(context, nest(Use("A", used))), nest(Use("A", held))],
            used == .read ? ["context-inversion A"] : [])
        }
      }
      // A recursive reader in the interrupt that came first hides no fair one that comes later.
      try verdicts(
        of: [
          inside(context, nest(Use("A", .recursiveRead))), inside(context, nest(Use("A", .read))),
          nest(Use("A", .recursiveRead)),
        ], ["context-inversion A"])
    }
  }

  @Test func `A lock may be used in an nmi first`() throws {
    try verdicts(of: [inside(.nmi, nest(Use("A"))), nest(Use("A"))], ["context-inversion A"])
  }

  @Test func `Several rules that are broken at once are all reported`() throws {
    // The kernel's validator stops at the first.
    let script = Script(
      sections: [
        ["acquire S", "acquire M", "release M", "release S"], nest(Use("M"), Use("S")),
        inside(.hardirq, nest(Use("S"))), ["release M"],
      ], preamble: ["init S kind=spin", "init M kind=mutex"])
    #expect(
      try Set(script.verdicts()) == [
        "lock-order-inversion feasible M S", "context-inversion S", "context-order-inversion S M",
        "invalid-wait-context M S", "release-not-held M",
      ])
  }

  @Test func `Two classes that interrupts use and that lead to each other hide no third`() throws {
    // From a, which interrupts only read recursively, the way to exposed is over b and x; from b it
    // is over a.
    let sections = [
      inside(.hardirq, nest(Use("a", .recursiveRead))), inside(.hardirq, nest(Use("b"))),
      masking(.hardirq, nest(Use("a"), Use("b", .recursiveRead))),
      masking(.hardirq, nest(Use("b", .read), Use("a"))),
      masking(.hardirq, nest(Use("a", .read), Use("exposed"))),
      masking(.hardirq, nest(Use("b"), Use("x"))),
      masking(.hardirq, nest(Use("x"), Use("exposed"))),
      nest(Use("exposed")),
    ]
    let found = try Script(sections: sections).verdicts()
    #expect(found.contains { $0.hasPrefix("context-order-inversion") })
  }
}
