import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphPolicy

@Suite struct DeclaredOrderTests {
  private func violations(
    _ declarations: String, _ pairs: [(String, String)]
  ) throws -> [String] {
    try policy("version: 1\n" + declarations).violations(in: nestings(pairs))
  }

  @Test func `One acquisition against the order is a violation, one along it is none`() throws {
    let order = "order: [Account, Ledger, Log]"
    #expect(try violations(order, [("Account", "Ledger"), ("Account", "Log")]) == [])
    #expect(try violations(order, [("Ledger", "Account")]) == ["Ledger>Account"])
    #expect(try violations(order, [("Log", "Account")]) == ["Log>Account"])
    #expect(try violations(order, [("Log", "Other"), ("Other", "Account")]) == [])
  }

  @Test func `Orders hold together`() throws {
    let order = "order:\n- [A, B]\n- [C, D]\n- [B, C]"
    #expect(try violations(order, [("D", "A"), ("D", "B")]) == ["D>A", "D>B"])
    #expect(try violations(order, [("A", "D"), ("X", "A"), ("D", "X")]) == [])
    let mixed = "order: [A, B]\nlevels: [[B, X], [C]]"
    #expect(try violations(mixed, [("C", "A"), ("C", "X"), ("X", "A")]) == ["C>A", "C>X"])
  }

  @Test func `Inside a level there is no order`() throws {
    let levels = "levels: [[A, B], [C, D]]"
    #expect(
      try violations(levels, [("A", "B"), ("B", "A"), ("D", "C"), ("C", "D"), ("B", "C")]) == [])
    #expect(try violations(levels, [("D", "A")]) == ["D>A"])
  }

  @Test func `A class stands where it is meant most`() throws {
    let order = "order: [Account, '*', Log]"
    #expect(try violations(order, [("Log", "X"), ("X", "Account")]) == ["Log>X", "X>Account"])
    #expect(try violations(order, [("Account", "X"), ("X", "Y"), ("Y", "X"), ("X", "Log")]) == [])
    let longer = "order: ['A*', 'AB*']"
    #expect(try violations(longer, [("ABC", "AX"), ("AX", "ABC")]) == ["ABC>AX"])
  }

  @Test func `Nesting levels belong to their class, unless they are declared`() throws {
    let trace = nestings([
      ("Account/1", "Account"), ("Account", "Account/1"), ("Ledger", "Account/1"),
    ])
    #expect(
      try policy("version: 1\norder: [Account, Ledger]").violations(in: trace) == [
        "Ledger>Account/1"
      ])
    #expect(
      try policy("version: 1\norder: [Account, Account/1, Ledger]").violations(in: trace)
        == ["Account/1>Account", "Ledger>Account/1"])
  }

  @Test func `Nothing is taken under a leaf`() throws {
    #expect(try violations("leaf: ['Log*']", [("Log1", "X"), ("X", "Log1")]) == ["Log1>X"])
    #expect(try violations("leaf: [Log, Metrics]", [("Log", "Metrics")]) == ["Log>Metrics"])
    #expect(
      try policy("version: 1\nleaf: [L]").violations(
        in: "T acquire a class=L\nT acquire b class=L\n") == ["L>L"])
  }

  @Test func `Of a set no two patterns are held at once, in either order`() throws {
    let sets = "never-together:\n- ['UI.*', 'DB.*']\n- [A, B, C]"
    #expect(
      try violations(sets, [("UI.a", "DB.b"), ("C", "A"), ("B", "C")]).sorted()
        == ["B>C", "C>A", "UI.a>DB.b"])
    #expect(try violations(sets, [("UI.a", "UI.b"), ("A", "UI.a"), ("X", "A")]) == [])
  }

  @Test func `A try is no acquisition against an order`() throws {
    let trace = "T acquire b class=B\nT acquire a class=A try\n"
    #expect(try policy("version: 1\norder: [A, B]").violations(in: trace) == [])
  }

  @Test
  func `What another validator saw nested, perhaps by a try, counts where nothing may be nested`()
    throws
  {
    let chains = """
      all lock chains:
      irq_context: 0
      [0000000066db1c97] A
      [00000000790134c8] B

      """
    #expect(try policy("version: 1\norder: [B, A]").violations(in: chains) == [])
    #expect(try policy("version: 1\nleaf: [A]").violations(in: chains) == ["A>B"])
    #expect(try policy("version: 1\nnever-together: [B, A]").violations(in: chains) == ["A>B"])
  }

  @Test func `The finding says who did it, what is declared and where`() throws {
    let policy = try policy("version: 1\norder:\n- [A, B]\n- [B, 'C*']")
    var analysis = try analyze(
      "T1 acquire c class=C1 read at=c.c:3\nT1 acquire a class=A at=a.c:5 timeout\n")
    #expect(try policy.addViolations(to: &analysis) == 0)
    let finding = try #require(analysis.findings.first)
    #expect(analysis.findings.count == 1)
    #expect(finding.rule == .declaredOrder)
    #expect(finding.severity == .error)
    #expect(finding.confidence == nil)
    #expect(finding.title == "A is taken while C1 is held, against the declared order")
    #expect(finding.classes == ["C1", "A"])
    #expect(finding.declaration?.text == "order: A before B before C*")
    #expect(finding.declaration?.source == "p.yml:3")
    let edge = try #require(finding.edges.first)
    #expect(edge.kinds == .sn)
    #expect(edge.witnesses.map(\.wanted.at) == ["a.c:5"])
    #expect(edge.witnesses.map(\.line) == [2])
    let text = TextReport(analysis).text
    #expect(text.contains("    Declared at p.yml:3: order: A before B before C*.\n"))
    #expect(text.contains("      and asked for A (a) at a.c:5 (1.trace:2)\n"))
    #expect(!text.contains("for ever"))
  }

  @Test func `The fingerprint is of the classes, whatever is declared and whoever did it`() throws {
    func fingerprints(_ declarations: String, _ trace: String) throws -> Set<String> {
      var analysis = try analyze(trace)
      _ = try policy("version: 1\n" + declarations).addViolations(to: &analysis)
      return Set(analysis.findings(.declaredOrder).map(\.fingerprint))
    }
    let one = try fingerprints("order: [A, B]", nestings([("B", "A")]))
    #expect(one.count == 1)
    #expect(try fingerprints("leaf: [B]", nestings([("B", "A")])) == one)
    #expect(
      try fingerprints("order: [A, B]", "X acquire 7 class=B read at=a:1\nX acquire 8 class=A\n")
        == one)
    #expect(try fingerprints("order: [B, A]", nestings([("A", "B")])).isDisjoint(with: one))
  }

  @Test func `More violations than are wanted are counted`() throws {
    var analysis = try analyze(nestings([("B", "A"), ("C", "A"), ("D", "A")]))
    let policy = try policy("version: 1\norder: [A, '*']")
    #expect(try policy.addViolations(to: &analysis, limit: 1) == 2)
    #expect(analysis.findings(.declaredOrder).map(\.classes) == [["B", "A"]])
  }

  @Test
  func
    `Declarations that only a class of the graph brings into contradiction are an error of the policy`()
    throws
  {
    let policy = try policy("version: 1\norder: [['A*', B],\n [B, '*Z']]")
    #expect(try policy.violations(in: nestings([("B", "A1"), ("Z", "B")])) == ["B>A1", "Z>B"])
    var analysis = try analyze(nestings([("AZ", "X")]))
    #expect {
      try policy.addViolations(to: &analysis)
    } throws: { error in
      "\(error)".hasPrefix(
        "p.yml:3:3: error: 'B' is declared before 'AZ' here and after it in line 2")
    }
  }
}
