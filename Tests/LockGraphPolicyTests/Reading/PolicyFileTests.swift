import LockGraphEngine
import TestSupport
import Testing

@testable import LockGraphPolicy

@Suite struct PolicyFileTests {
  static let text = """
    # Bank
    version: 1
    order:
      - [Account, "Ledger*", Log]
      - [Session, Account]
    levels:
      - - Web
        - 'Worker''s'
      - Cache
      - []
    leaf: [Log, "\\u0041x"]
    never-together:
      - [Billing, "UI.*"]
    ignore:
      - rule: lock-order-inversion
        classes: [Catalog, DiskCache]
        reason: >
          both are taken at startup,
          by one thread
        owner: storage
        expires: 2026-12-31
      - {rule: held-at-exit, classes: ["*"], reason: abc}
    fail-on:
      lock-order-inversion: feasible
      held-at-exit: never
      wait-while-holding: note

    """

  @Test func `A policy says what it says`() throws {
    let policy = try policy(Self.text)
    let chains = policy.order.chains.map { chain in
      "\(chain.word) \(chain.groups.map { $0.map(\.pattern.text) })"
    }
    #expect(
      chains == [
        #"order [["Account"], ["Ledger*"], ["Log"]]"#, #"order [["Session"], ["Account"]]"#,
        #"levels [["Web", "Worker\'s"], ["Cache"], []]"#,
      ])
    #expect(policy.order.leaves.map(\.pattern.text) == ["Log", "Ax"])
    #expect(policy.order.leaves.map(\.line) == [11, 11])
    #expect(policy.order.neverTogether.map { $0.map(\.pattern.text) } == [["Billing", "UI.*"]])
    #expect(
      policy.ignores == [
        GateIgnore(
          rule: .lockOrderInversion, classes: [ClassPattern("Catalog"), ClassPattern("DiskCache")],
          reason: "both are taken at startup, by one thread\n", owner: "storage",
          expires: CalendarDate("2026-12-31"), source: "p.yml:15"),
        GateIgnore(
          rule: .heldAtExit, classes: [ClassPattern("*")], reason: "abc", source: "p.yml:22"),
      ])
    #expect(
      policy.grades == [
        .lockOrderInversion: .confidence(.feasible), .heldAtExit: .never,
        .waitWhileHolding: .severity(.note),
      ])
  }

  @Test(arguments: [
    "version: 1", "\u{FEFF}version: 1\n", "version: 1\r\norder: [A,\r\n B]\r\n", "{version: 1}",
    "version: '1'", "version: 1\norder: []", "version: 1\norder: [[], [A]]\nlevels: []",
    "version: 1\norder: ['&a b', '*c', \"*d\", \"&e\"]", "---\nversion: 1\n...\n",
    "version: 1\nleaf: [true, 12, 1.5, no, a.b:3:4, 'null']",
    "version: 1\nignore: []\nfail-on: {}", "# comment with &a and * b\nversion: 1",
    "version: 1\norder: [A, B]\nlevels: [[B], [C]]\nleaf: [A]",
  ])
  func `A policy may be`(text: String) {
    #expect(policyFailure(of: Array(text.utf8)) == nil)
  }

  @Test(arguments: [
    ("", 1, 1, "the file has no content", "version: 1"),
    ("# nothing\n", 1, 1, "the file has no content", "version: 1"),
    ("order: [A, B]", 1, 1, "a policy lacks 'version'", "'version'"),
    ("[version]", 1, 1, "a list", "a policy"),
    ("version", 1, 1, "an unexpected 'version'", "a policy"),
    ("version: 2", 1, 10, "the version is '2'", "1"),
    ("version:", 1, 9, "nothing", "the number"),
    ("version: 1\nordr: [A]", 2, 1, "an unknown key 'ordr'", "'order'"),
    ("version: 1\nfrobnicate: [A]", 2, 1, "an unknown key 'frobnicate'", "one of version, order"),
    ("version: 1\n? [a]\n: b", 2, 3, "a list", "a key"),
    ("version: 1\nversion: 1", 1, 1, "the key 'version' is there twice", "it once"),
    ("version: 1\norder: A", 2, 8, "an unexpected 'A'", "a list of patterns"),
    ("version: 1\norder: {A: B}", 2, 8, "keys with values", "a list of patterns"),
    ("version: 1\norder: [A, [B]]", 2, 12, "a list", "a pattern"),
    ("version: 1\norder: [[A], B]", 2, 14, "a pattern among lists", "a list"),
    ("version: 1\norder: [A, ~]", 2, 12, "nothing", "a pattern"),
    ("version: 1\norder: [A, '']", 2, 12, "nothing", "a pattern"),
    ("version: 1\norder:\n  - A\n  -\n", 4, 4, "nothing", "a pattern"),
    ("version: 1\norder: [A, B, A]", 2, 15, "'A' is there twice", "the first one is in line 2"),
    ("version: 1\nlevels: [[A, B], [A]]", 2, 19, "'A' is there twice", "line 2"),
    ("version: 1\norder: [é, B, é]", 2, 16, "'é' is there twice", "line 2"),
    ("version: 1\nnever-together: [[A]]", 2, 19, "one pattern alone", "two patterns"),
    ("version: 1\nnever-together: [A, A]", 2, 21, "'A' is there twice", "line 2"),
    (
      "version: 1\norder: [[A, B],\n  [B, A]]", 3, 4,
      "'B' is declared before 'A' here and after it in line 2",
      "orders that do not"
    ),
    (
      "version: 1\norder: [A, B]\nlevels: [[B], [A]]", 3, 11,
      "'B' is declared before 'A' here and after it in line 2", "orders"
    ),
    (
      "version: 1\norder:\n- [A, B]\n- [B, C]\n- [C, A]", 5, 4,
      "the declared orders go in a circle: 'C', 'A', 'B', 'C'", "see also lines 3, 4"
    ),
    (
      "version: 1\norder: [['A*', B], [B, A1]]", 2, 21, "'B' is declared before 'A1' here", "orders"
    ),
    (
      "version: 1\norder: [['A*', B], [B, 'A*']]", 2, 21, "'B' is declared before 'A*' here",
      "orders"
    ),
    ("version: 1\nignore: [A]", 2, 10, "an unexpected 'A'", "an ignore, with the keys rule"),
    (
      "version: 1\nignore:\n- rule: deadlock\n  classes: [A]", 3, 3, "an ignore lacks 'reason'",
      "'reason'"
    ),
    (
      "version: 1\nignore:\n- rule: deadlock\n  classes: [A]\n  reason: ' '", 5, 11,
      "an unexpected ' '",
      "why it is ignored"
    ),
    (
      "version: 1\nignore:\n- rule: dedlock\n  classes: [A]\n  reason: x", 3, 9,
      "an unknown rule 'dedlock'", "'deadlock'"
    ),
    (
      "version: 1\nignore:\n- rule: deadlock\n  function: f\n  classes: [A]\n  reason: x", 4, 3,
      "an unknown key 'function'", "one of rule, classes, reason, owner, expires"
    ),
    (
      "version: 1\nignore:\n- {rule: deadlock, classes: [A], reason: x, expires: 2026-02-29}", 3,
      54,
      "a bad day '2026-02-29'", "YYYY-MM-DD"
    ),
    (
      "version: 1\nignore:\n- {rule: deadlock, classes: A, reason: x}", 3, 29,
      "an unexpected 'A'", "a list of patterns, in 'classes'"
    ),
    (
      "version: 1\nignore: [{rule: deadlock, classes: [], reason: x}]", 2, 36,
      "an ignore without classes", "'*'"
    ),
    ("version: 1\norder: ['é', \"ü\", A: b]", 2, 21, "keys with values", "a pattern"),
    ("version: 1\nfail-on: ordering", 2, 10, "an unexpected 'ordering'", "rules with their grades"),
    ("version: 1\nfail-on: {dedlock: never}", 2, 11, "an unknown rule 'dedlock'", "'deadlock'"),
    (
      "version: 1\nfail-on: {deadlock: feasable}", 2, 21,
      "an unknown grade 'feasable' of deadlock", "'feasible'"
    ),
    (
      "version: 1\nfail-on: {held-at-exit: feasible}", 2, 25,
      "an unknown grade 'feasible' of held-at-exit", "one of error, warning, note, never"
    ),
    ("version: 1\norder: [*.lock, B]", 2, 10, "while scanning an alias", "in quotes"),
    ("version: 1\norder: [*lock, B]", 2, 9, "found undefined alias", "in quotes"),
    ("version: 1\norder: [&mm->lock, B]", 2, 13, "while scanning an anchor", "in quotes"),
    ("version: 1\norder: [&mm lock, B]", 2, 9, "an anchor '&mm'", "in quotes"),
    ("version: 1\norder: &a\n  - B", 2, 8, "an anchor '&a'", "in quotes"),
    ("version: 1\norder: [&a lock, *a]", 2, 18, "an alias, with an anchor", "in quotes"),
    ("version: 1\norder: [!a lock, b]", 2, 9, "a tag '!a'", "in quotes"),
    ("version: 1\norder: [@a, b]", 2, 9, "while scanning for the next token", "in quotes"),
    ("version: 1\norder: [A, B", 2, 13, "while parsing a flow sequence", "YAML"),
    ("version: 1\n\torder: [A]", 2, 1, "while scanning a plain scalar: found a tab", "YAML"),
    ("version: 1\n---\nversion: 1", 2, 1, "expected a single document", "one document"),
    ("version: 1\rorder: [A]", 1, 11, "a carriage return without", "line feeds"),
    ("version: 1\nleaf: [a\u{2028}b]", 2, 9, "the character U+2028", "an escape"),
    ("version: 1\nleaf: [a\u{85}b]", 2, 9, "the character U+0085", "an escape"),
    ("version: 1\nleaf: [a\u{0}b]", 2, 9, "the character U+0000", "an escape"),
    ("version: 1\nleaf: [a\u{1B}b]", 2, 9, "the character U+001B", "an escape"),
  ])
  func `What is wrong is told with its place and what was expected`(
    text: String, line: UInt64, column: Int, message: String, expected: String
  ) throws {
    let error = try #require(policyFailure(of: Array(text.utf8)))
    #expect(error.description.hasPrefix("p.yml:\(line):\(column): error: \(message)"), "\(error)")
    #expect(error.expected?.contains(expected) == true, "\(error)")
  }

  @Test func `Bytes that are no text are refused`() {
    let bytes = Array("version: 1\nleaf: [".utf8) + [0xC3, 0x28]
    #expect(policyFailure(of: bytes)?.description.hasPrefix("p.yml:2:8: error: bytes that") == true)
  }
}
