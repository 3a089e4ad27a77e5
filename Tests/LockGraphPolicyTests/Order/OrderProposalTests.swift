import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphPolicy

@Suite struct OrderProposalTests {
  @Test func `Classes in a row are proposed as an order`() throws {
    let analysis = try analyze(
      nestings([("Web", "Account"), ("Account", "Log")]) + "T acquire Alone\n")
    #expect(
      OrderProposal(analysis.graph).text == """
        # An order of 3 lock classes, proposed from what was seen. A class is taken before those
        # of later levels; inside a level there is no order. Take out what nobody relies on.
        # 1 class was seen in no order and is left out.
        version: 1
        order:
          - Web
          - Account
          - Log

        """)
  }

  @Test func `Circles are told, and share a level`() throws {
    let analysis = try analyze(
      nestings([
        ("C", "A"), ("A", "B"), ("B", "A"), ("B", "*x"), ("A", "D/1"), ("A", "A"), ("E", "D/1"),
      ]))
    #expect(
      OrderProposal(analysis.graph).text == #"""
        # An order of 6 lock classes, proposed from what was seen. A class is taken before those
        # of later levels; inside a level there is no order. Take out what nobody relies on.
        # Taken in a circle, so no order is proposed between them: A, B
        # Locks of one class are nested, which no order of classes tells: A
        version: 1
        levels:
          - - C
            - E
          - - A
            - B
          - - '\*x'
            - D/1

        """#)
  }

  @Test func `Of nothing, nothing is proposed`() throws {
    let text = OrderProposal(try analyze("T acquire A\n").graph).text
    #expect(text.hasSuffix("version: 1\nlevels: []\n"))
    #expect(policyFailure(of: Array(text.utf8)) == nil)
  }

  @Test func `A proposal is a policy that its own graph keeps, and its reverse does not`() throws {
    let names = [
      "A", "A/1", "B*", "&c->d", "two\nlines", "- e", "null", "e\u{301}", "\u{E9}", "F.swift:1:2",
      "\u{FEFF}bom",
      "g: #",
    ]
    var (reversed, circles) = (0, 0)
    try withSeeds(0..<150) { generator in
      let pairs = (0..<Int.random(in: 1...14, using: &generator)).map { _ in
        (names.randomElement(using: &generator)!, names.randomElement(using: &generator)!)
      }
      var analysis = try analyze(nestings(pairs))
      let text = OrderProposal(analysis.graph).text
      #expect(OrderProposal(try analyze(nestings(pairs.reversed())).graph).text == text)
      let policy = try policy(text)
      #expect(try policy.addViolations(to: &analysis) == 0)
      #expect(analysis.findings(.declaredOrder).isEmpty, "\(TestContext.description):\n\(text)")
      if text.contains("in a circle") {
        circles += 1
        return
      }
      for (held, wanted) in pairs where held != wanted {
        #expect(
          try policy.violations(in: nestings([(wanted, held)])) == ["\(wanted)>\(held)"],
          "\(TestContext.description):\n\(text)")
        reversed += 1
      }
    }
    #expect(min(reversed, circles) > 30)
  }

  @Test func `Random programs keep what is proposed from them`() throws {
    try withSeeds(0..<60) { generator in
      let locks = RandomLocks(count: 7, classes: 6, using: &generator)
      let text = (1...3).map { thread in
        randomSteps(25, locks: locks, using: &generator).map {
          $0.line(thread: "T\(thread)") + "\n"
        }
        .joined()
      }
      var analysis = try analyze(locks.preamble + text.joined())
      let proposal = OrderProposal(analysis.graph).text
      _ = try policy(proposal).addViolations(to: &analysis)
      #expect(analysis.findings(.declaredOrder).isEmpty, "\(TestContext.description):\n\(proposal)")
    }
  }

  @Test func `Ten thousand classes and a long row are proposed and checked at once`() throws {
    let pairs = (0..<10_000).map { ("C\($0)", "C\($0 + 1)") }
    var analysis = try analyze(nestings(pairs))
    let proposal = try policy(OrderProposal(analysis.graph).text)
    #expect(proposal.order.chains[0].groups.count == 10_001)
    #expect(try proposal.addViolations(to: &analysis) == 0)
    #expect(analysis.findings(.declaredOrder).isEmpty)
  }
}
