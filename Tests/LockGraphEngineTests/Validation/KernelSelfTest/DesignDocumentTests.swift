import LockGraphEngine
import TestSupport
import Testing

/// The worked examples of the kernel's lock validator design.
@Suite struct DesignDocumentTests {
  @Test func `A second reader behind a waiting writer waits unless it is recursive`() throws {
    for (second, isFound) in [(LockMode.read, true), (.recursiveRead, false)] {
      for first in [LockMode.read, .recursiveRead] {
        let reader = nest(Use("X", first), Use("X", second))
        let script = Script(sections: [reader, nest(Use("X"))])
        #expect(
          try script.verdicts() == (isFound ? ["recursive-acquisition feasible X"] : []),
          "\(first) \(second)")
      }
    }
  }

  @Test func `Recursive readers of two locks that each write the other's deadlock`() throws {
    let script = Script(sections: [
      nest(Use("X", .recursiveRead), Use("Y")), nest(Use("Y", .recursiveRead), Use("X")),
    ])
    #expect(try script.verdicts() == ["lock-order-inversion feasible X Y"])
  }

  @Test func `Two ways to take the same two locks are two kinds of one dependency`() throws {
    let script = Script(sections: [
      nest(Use("X", .recursiveRead), Use("Y")), nest(Use("X"), Use("Y")),
    ])
    #expect(try analyze(script.text).edges == ["X -> Y [EN SN]"])
  }

  @Test func `Nine ways to nest are four kinds`() throws {
    for (held, first) in zip(LockMode.ofKernel, ["E", "S", "S"]) {
      for (asked, last) in zip(LockMode.ofKernel, ["N", "N", "R"]) {
        let script = Script(sections: [nest(Use("X", held), Use("Y", asked))])
        #expect(try analyze(script.text).edges == ["X -> Y [\(first)\(last)]"])
      }
    }
  }

  @Test func `A dependency found once counts, however many locks lie between`() throws {
    let names = ["L1", "L2", "L3", "L4", "L5"]
    let down = zip(names, names.dropFirst()).map { nest(Use($0), Use($1)) }
    #expect(try Script(sections: down).verdicts().isEmpty)
    for position in names.indices.dropFirst() {
      let back = nest(Use(names[position]), Use("L1"))
      let ring = names[...position].joined(separator: " ")
      #expect(
        try Script(sections: down + [back]).verdicts() == ["lock-order-inversion feasible \(ring)"])
    }
  }

  /// A lock held where softirqs can come is held where hardirqs can come.
  @Test func `Softirq-unsafe is hardirq-unsafe, and hardirq-unsafe need not be softirq-unsafe`()
    throws
  {
    for (events, hard, soft) in [
      (nest(Use("L")), true, true), (masking(.softirq, nest(Use("L"))), true, false),
      (masking(.hardirq, nest(Use("L"))), false, false),
    ] {
      for (context, isFound) in [(InterruptContext.hardirq, hard), (.softirq, soft)] {
        let script = Script(sections: [events, inside(context, nest(Use("L")))])
        #expect(try script.verdicts() == (isFound ? ["context-inversion L"] : []), "\(context)")
      }
    }
  }

  /// A new safe lock is checked against what it took, a new unsafe one against what took it.
  @Test func `A state that changes last is checked like a dependency that comes last`() throws {
    for context in InterruptContext.maskable {
      let dependency = masking(context, nest(Use("safe"), Use("between"), Use("unsafe")))
      let sections = [dependency, inside(context, nest(Use("safe"))), nest(Use("unsafe"))]
      for order in permutations(of: [0, 1, 2]) {
        #expect(
          try Script(sections: order.map { sections[$0] }).verdicts()
            == ["context-order-inversion safe unsafe"])
      }
    }
  }

  @Test func `Safe locks may be taken under unsafe ones`() throws {
    for context in InterruptContext.maskable {
      let dependency = ["acquire unsafe"] + masking(context, nest(Use("safe"))) + ["release unsafe"]
      #expect(
        try Script(sections: [dependency, inside(context, nest(Use("safe")))]).verdicts().isEmpty)
    }
  }

  @Test func `A whole disk and its partition are nested by level`() throws {
    let open = { (disk: String, partition: String) in
      nest(
        Use(disk, .write, "class=bd_mutex kind=mutex subclass=1"),
        Use(partition, .write, "class=bd_mutex kind=mutex subclass=2"))
    }
    #expect(try Script(sections: [open("sda", "sda1"), open("sdb", "sdb1")]).verdicts().isEmpty)
    // The levels are in order, the disks are not: the mapping of disks to levels is wrong.
    let swapped = Script(sections: [open("sda", "sda1"), open("sda1", "sda")])
    let findings = try analyze(swapped.text).findings
    #expect(findings.map(\.rule) == [.lockOrderInversion])
    #expect(findings.first?.confidence == .feasible)
  }

  @Test(
    arguments: [
      (["acquire rq", "assert rq held", "release rq"], []),
      (["assert rq held"], ["assertion-failed rq"]),
      (["assert rq not-held"], []),
      (["acquire rq", "assert rq not-held"], ["assertion-failed rq"]),
      (["acquire rq", "assert rq write"], []), (["acquire rq read", "assert rq read"], []),
      (["acquire rq recursive-read", "assert rq read"], []),
      (["acquire rq", "assert rq read"], ["assertion-failed rq"]),
      (["acquire rq read", "assert rq write"], ["assertion-failed rq"]),
      (["acquire rq", "downgrade rq", "assert rq read"], []),
      (["acquire rq", "pin rq", "unpin rq", "release rq"], []),
      (["acquire rq", "pin rq", "release rq"], ["pin-violated rq"]),
      (["acquire rq", "pin rq", "release rq", "acquire rq", "unpin rq"], ["pin-violated rq"]),
      (["acquire rq", "pin rq", "pin rq", "unpin rq", "release rq"], ["pin-violated rq"]),
      (["acquire rq", "pin rq", "pin rq", "unpin rq", "unpin rq", "release rq"], []),
      (["pin rq"], ["pin-violated rq"]), (["acquire rq", "unpin rq"], ["pin-violated rq"]),
    ] as [([String], [String])])
  func `A run queue's lock is asserted and pinned`(_ events: [String], _ expected: [String]) throws
  {
    #expect(try Script(sections: [events]).verdicts() == expected)
  }

  @Test func `What another thread holds does not satisfy an assertion`() throws {
    let script = Script(sections: [["acquire rq"], ["assert rq held"]])
    #expect(try script.verdicts() == ["assertion-failed rq"])
    #expect(try Script(sections: [["acquire rq"], ["assert rq not-held"]]).verdicts().isEmpty)
  }
}
