import Testing

@testable import LockGraphEngine

@Suite("Functions of lifetimes")
struct LifetimeFunctionTests {
  @Test(
    "Initialisers and deinitialisers are known by their demangled names",
    arguments: [
      ("bank.Account.init(owner: Swift.String) -> bank.Account", "+bank.Account"),
      ("bank.Account.__allocating_init(_: (bank.Account) -> ()) -> bank.Account", "+bank.Account"),
      ("bank.Account.deinit", "-bank.Account"),
      ("bank.Account.__deallocating_deinit", "-bank.Account"),
      (
        "variable initialization expression of bank.Account.(lock in _0A1B) : LockGraph.SpinLock",
        "+bank.Account"
      ),
      ("bank.(Hidden in _0A1B).init() -> bank.(Hidden in _0A1B)", "+bank.Hidden"),
      (
        "(extension in bank):bank.Account.init(copy: bank.Account) -> bank.Account", "+bank.Account"
      ),
      ("generic specialization <Swift.Int> of bank.Box.init(A) -> bank.Box<A>", "+bank.Box"),
      (
        "function signature specialization <Arg[0] = Dead> of bank.Account.init() -> bank.Account",
        "+bank.Account"
      ),
      ("closure #1 () -> () in bank.Account.init() -> bank.Account", ""),
      ("closure #1 () -> () in bank.(Hidden in _0A1B).init() -> bank.(Hidden in _0A1B)", ""),
      ("closure #1 () -> () in bank.Account.deinit", ""),
      ("default argument 0 of bank.Account.init(owner: Swift.String) -> bank.Account", ""),
      ("partial apply forwarder for bank.Account.init() -> bank.Account", ""),
      ("bank.Account.close() -> ()", ""), ("main", ""), ("", ""),
    ])
  func known(_ name: String, _ expected: String) {
    let text =
      switch LifetimeFunction(name) {
      case .initializer(let type): "+" + type
      case .deinitializer(let type): "-" + type
      case nil: ""
      }
    #expect(text == expected)
  }

  @Test("What a second copy writes stands beside the first one's")
  func beside() {
    for (path, expected) in [
      ("report.json", "report.2.json"), ("/a.b/graph", "/a.b/graph.2"), (".hidden", ".hidden.2"),
      ("/a/.hidden.x", "/a/.hidden.2.x"),
    ] {
      #expect(ProcessCopies.beside(path, 2) == expected)
    }
  }
}
