import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite("Names of functions")
struct SymbolTests {
  @Test(
    "A demangled name without types, generics and forwarders",
    arguments: [
      ("abba.transfer() -> ()", "abba.transfer()"),
      (
        "bank.Account.transfer(_: Swift.Int, to: bank.Account) throws -> (Swift.Int, Swift.Int)",
        "bank.Account.transfer(_:to:)"
      ),
      ("closure #1 (Swift.Int) -> () in abba.audit() -> ()", "closure #1 in abba.audit()"),
      (
        "(extension in Kit):Swift.Array< where A: Swift.Hashable>.first<A>(of: (A) -> Swift.Bool) -> A",
        "Swift.Array.first(of:)"
      ),
      ("partial apply forwarder for closure #2 () -> () in a.f() -> ()", "closure #2 in a.f()"),
      (
        "closure #1 (inout a.(Content in _B584)) throws -> a.(Item in _B584) in a.Pool.get() -> ()",
        "closure #1 in a.Pool.get()"
      ),
      ("closure #1 () -> () in _Kit.f(a: Swift.Int) -> ()", "closure #1 in _Kit.f(a:)"),
      ("a.Pool.(release in _B584)(_: a.Pool<A>.(Item in _B584)) -> ()", "a.Pool.release(_:)"),
      (
        "reabstraction thunk helper <A><B> from @escaping @callee_guaranteed (@in A) -> (@out B)",
        "reabstraction thunk"
      ),
      ("main", "main"), ("", ""), ("operator()(", "operator()"), ("<<>>(a: b", "(a: b"),
    ])
  func text(_ demangled: String, _ expected: String) {
    #expect(FunctionName.text(demangled) == expected)
  }

  @Test("A damaged program file gives fewer names and no crash")
  func damagedFiles() throws {
    guard let file = FileHandle(forReadingAtPath: "/proc/self/exe"),
      let head = try file.read(upToCount: 4096)
    else { return }
    var generator = SeededGenerator(seed: 7)
    for length in stride(from: 0, to: 4096, by: 61) {
      for _ in 0..<8 {
        var bytes = Array(head.prefix(length))
        for _ in 0..<Int.random(in: 0...8, using: &generator) where !bytes.isEmpty {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] =
            UInt8.random(in: 0...255, using: &generator)
        }
        bytes.withUnsafeBytes { content in
          guard let symbols = ELFSymbols(content) else { return }
          _ = symbols.name(at: UInt.random(in: 0...(.max), using: &generator), loadedAt: 0)
        }
      }
    }
  }
}
