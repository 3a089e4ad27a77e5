import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct LineFreeNameTests {
  @Test(arguments: [
    ("Bank/Bank.swift:10:22", "Bank/Bank.swift"),
    ("Bank/Bank.swift:10", "Bank/Bank.swift"),
    ("Bank/Bank.swift:10:22/1", "Bank/Bank.swift/1"),
    ("Bank/Bank.swift:10:22#2", "Bank/Bank.swift#2"),
    ("Bank/Bank.swift:10:22#2/1", "Bank/Bank.swift#2/1"),
    ("a.c:3", "a.c"), ("x.c++:3:4", "x.c++"), ("/srv/a b/c.py:61", "/srv/a b/c.py"),
    ("a.c:1:2:3", "a.c:1:2:3"),
    ("0x7f3a10", ""), ("L@0x7F3A10", "L@"), ("lock 0x1 of 2", "lock  of 2"),
    ("00000000d62be939", ""), ("pool-deadbeef01", "pool-"), ("(0xff)", "()"),
  ])
  func `Lines behind files, and addresses, are dropped`(name: String, expected: String) {
    #expect(LineFreeName.text(of: name) == expected)
  }

  @Test(arguments: [
    "", "Account", "Account/1", "shard:3", "shard:3:4", "host.7:80", ":3", ".c:3", "a.:3", "a.c",
    "a.c:", "a.c:x", "a.c:3:", "a.toolongextension:3", "10:22", "0x", "x0x12", "0x12g", "feedfac",
    "2x4", "&pool->lock#2/1", "(wq_completion)events", "cafe_babe_dead", "12", "L1#2",
  ])
  func `Names without them stay as they are`(name: String) {
    #expect(LineFreeName.text(of: name) == name)
  }

  /// Cycles, nestings, interrupts, balance: with classes named by places, the numbers of which
  /// change their order.
  @Test
  func
    `Moving code changes no line-free fingerprint, and what else is told from names does not matter`()
    throws
  {
    func trace(_ lines: [Int], column: Int) -> String {
      let classes = lines.map { "Bank/Bank.swift:\($0):\(column)" }
      var text = ""
      for (number, name) in classes.enumerated() {
        let next = classes[(number + 1) % classes.count]
        text += """
          T\(number) acquire a\(number) class=\(name) \(number == 1 ? "read" : "write")
          T\(number) acquire b\(number) class=\(next)
          T\(number) release b\(number)
          T\(number) release a\(number)
          T\(number) init c\(number) class=\(name)
          T\(number) release c\(number)
          T9 acquire s\(number)a class=\(name)
          T9 acquire s\(number)b class=\(name)
          T9 release s\(number)b
          T9 release s\(number)a

          """
      }
      return text
    }
    func keys(_ analysis: Analysis) -> [String] {
      analysis.findings.map { $0.lineFreeFingerprint ?? "no line" }.sorted()
    }
    let before = try analyze(trace([8, 9, 30], column: 7))
    #expect(before.findings.count >= 7)
    #expect(!keys(before).contains("no line"))
    for moved in [[9, 10, 31], [98, 99, 120], [100, 205, 30], [7, 1000, 99]] {
      let after = try analyze(trace(moved, column: 12))
      #expect(keys(after) == keys(before))
      #expect(
        Set(after.findings.map(\.fingerprint)).isDisjoint(with: before.findings.map(\.fingerprint)))
    }
  }

  @Test func `Where names have no lines there is one fingerprint`() throws {
    try withSeeds(0..<60) { generator in
      let locks = RandomLocks(count: 6, classes: 5, using: &generator)
      let text = (1...3).map { thread in
        randomSteps(25, locks: locks, using: &generator).map {
          $0.line(thread: "T\(thread)") + "\n"
        }
        .joined()
      }
      let analysis = try analyze(locks.preamble + text.joined())
      for finding in analysis.findings where !finding.isHiddenByNestingLevels {
        #expect(finding.lineFreeFingerprint == nil, "\(TestContext.description): \(finding.title)")
      }
    }
  }

  @Test func `A lock whose name is its address is the same problem at another one`() throws {
    let text = Array("T1 release 0xffff888100\n".utf8)
    let other = try analyze("T1 release 0xffff888200\n").findings[0]
    let finding = try analyze(inputs: [text]).findings[0]
    #expect(finding.fingerprint != other.fingerprint)
    #expect(finding.lineFreeFingerprint != nil)
    #expect(finding.lineFreeFingerprint == other.lineFreeFingerprint)
  }
}
