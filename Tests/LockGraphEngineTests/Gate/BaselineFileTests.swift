import Foundation
import TestSupport
import Testing

@testable import LockGraphEngine

@Suite struct BaselineFileTests {
  static let text = #"""
    {
      "schema": "lockgraph-baseline/1",
      "findings": [
        {
          "fingerprint": "0123456789abcdef",
          "lineFreeFingerprint": "fedcba9876543210",
          "rule": "lock-order-inversion",
          "title": "A \"q\" and B are taken in both orders",
          "classes": [
            "A \"q\"",
            "B\n\ud83d\ude00"
          ],
          "reason": "legacy \u00e9",
          "owner": "bank",
          "expires": "2026-12-31"
        },
        {
          "fingerprint": "00000000000000aa",
          "rule": "held-at-exit",
          "title": "T1 ends while it holds L",
          "classes": [
            "L"
          ]
        }
      ]
    }

    """#

  private func read(_ text: String) throws -> Baseline {
    try Baseline(bytes: Array(text.utf8), name: "b.json")
  }

  private func failure(_ bytes: [UInt8]) -> TraceError? {
    do throws(TraceError) {
      _ = try Baseline(bytes: bytes, name: "b.json")
      return nil
    } catch {
      return error
    }
  }

  @Test func `Everything that is written is read`() throws {
    let baseline = try read(Self.text)
    #expect(baseline.name == "b.json")
    #expect(
      baseline.entries == [
        Baseline.Entry(
          fingerprint: "0123456789abcdef", lineFreeFingerprint: "fedcba9876543210",
          rule: .lockOrderInversion, title: "A \"q\" and B are taken in both orders",
          classes: ["A \"q\"", "B\n😀"], reason: "legacy é", owner: "bank",
          expires: CalendarDate("2026-12-31"), line: 5),
        Baseline.Entry(
          fingerprint: "00000000000000aa", rule: .heldAtExit, title: "T1 ends while it holds L",
          classes: ["L"], line: 18),
      ])
  }

  @Test func `What is written is the same for any order of the entries, and is read back`() throws {
    try withSeeds(0..<100) { generator in
      func word() -> String {
        String(
          (0..<Int.random(in: 0...5, using: &generator)).map { _ in
            "aé\"\\\n\t\u{0}\u{7F}😀/".randomElement(using: &generator)!
          })
      }
      var entries = (0..<Int.random(in: 0...6, using: &generator)).map { number in
        Baseline.Entry(
          fingerprint: "000000000000000\(number)",
          lineFreeFingerprint: Bool.random(using: &generator) ? "00000000000000ff" : nil,
          rule: Rule.allCases.randomElement(using: &generator)!, title: word(),
          classes: (0..<Int.random(in: 0...3, using: &generator)).map { _ in word() },
          reason: Bool.random(using: &generator) ? word() : nil,
          owner: Bool.random(using: &generator) ? word() : nil,
          expires: Bool.random(using: &generator) ? CalendarDate("2026-02-28") : nil)
      }
      let bytes = Baseline(name: "b", entries: entries).bytes
      entries.shuffle(using: &generator)
      #expect(Baseline(name: "c", entries: entries).bytes == bytes, "\(TestContext.description)")
      let back = try Baseline(bytes: bytes, name: "b")
      #expect(back.bytes == bytes)
      #expect(
        Set(back.entries.map { "\($0.fingerprint)\($0.title)\($0.classes)\($0.reason ?? "-")" })
          == Set(entries.map { "\($0.fingerprint)\($0.title)\($0.classes)\($0.reason ?? "-")" }))
    }
  }

  @Test(arguments: [
    ("", 1, 1, "the file ends early"),
    ("[]", 1, 1, "an unexpected '['"),
    ("{}", 1, 2, "the baseline lacks 'schema'"),
    ("{\"schema\": \"lockgraph-baseline/2\"}", 1, 12, "the schema is 'lockgraph-baseline/2'"),
    ("{\"schema\": 1}", 1, 12, "an unexpected '1'"),
    ("{\"schema\": \"lockgraph-baseline/1\"}", 1, 34, "the baseline lacks 'findings'"),
    ("{\n  \"findigns\": []}", 2, 3, "an unknown key 'findigns'"),
    ("{\"findings\": [], \"findings\": []}", 1, 18, "'findings' is there twice"),
    ("{\"findings\": {}}", 1, 14, "an unexpected '{'"),
    ("{\"findings\": [{}]}", 1, 16, "a finding lacks 'fingerprint'"),
    ("{\"findings\": [{\"fingerprint\": \"xyz\"}]}", 1, 31, "a bad fingerprint 'xyz'"),
    ("{\"findings\": [{\"fingerprint\": \"0123456789ABCDEF\"}]}", 1, 31, "a bad fingerprint"),
    ("{\"findings\": [{\"rule\": \"held-at-exti\"}]}", 1, 24, "an unknown rule 'held-at-exti'"),
    ("{\"findings\": [{\"expires\": \"2026-02-30\"}]}", 1, 27, "a bad day '2026-02-30'"),
    ("{\"findings\": [{\"classes\": [1]}]}", 1, 28, "an unexpected '1'"),
    ("{\"findings\": [{\"title\": null}]}", 1, 25, "an unexpected 'n'"),
    ("{\"findings\": [{\"title\": \"a\nb\"}]}", 1, 27, "a control character in a string"),
    ("{\"findings\": [{\"title\": \"a\\x\"}]}", 1, 27, "an unknown escape"),
    ("{\"findings\": [{\"title\": \"\\ud800\"}]}", 1, 26, "a bad \\u escape"),
    ("{\"findings\": [{\"title\": \"a", 1, 25, "a string is not closed"),
    ("{\"findings\": [{\"title\": \"a\\", 1, 25, "a string is not closed"),
    ("<<<<<<< ours\n{}", 1, 1, "an unexpected '<'"),
  ])
  func `What is wrong is told with its place`(
    text: String, line: UInt64, column: Int, message: String
  ) throws {
    let error = try #require(failure(Array(text.utf8)))
    #expect(error.description.hasPrefix("b.json:\(line):\(column): error: \(message)"))
    #expect(error.expected != nil)
  }

  @Test func `Repeated findings, what follows, and bytes that are no text are refused`() throws {
    let repeated = Self.text.replacing("00000000000000aa", with: "0123456789abcdef")
    let error = try #require(failure(Array(repeated.utf8)))
    #expect(error.description.hasPrefix("b.json:18:22: error: the finding '0123456789abcdef'"))
    #expect(failure(Array((Self.text + "x").utf8))?.message == "an unexpected 'x'")
    #expect(failure([0x7B, 0xFF])?.description.hasPrefix("b.json:1:2: error: bytes that") == true)
  }

  @Test func `A hint names the key or rule that was meant`() {
    #expect(failure(Array("{\"findigns\": []}".utf8))?.expected == "'findings'")
    #expect(failure(Array("{\"findings\": [{\"rulle\": 1}]}".utf8))?.expected == "'rule'")
  }

  @Test func `A file cut at any byte is refused with line and column`() {
    let bytes = Array(Self.text.utf8)
    for count in 0..<bytes.count - 2 {
      let error = failure(Array(bytes[..<count]))
      #expect(error?.line != nil && error?.column != nil, "cut at \(count)")
    }
    #expect(failure(bytes) == nil)
  }

  @Test func `A damaged file is refused with line and column, or read`() {
    var refused = 0
    withSeeds(0..<3000) { generator in
      let bytes = mutated(Array(Self.text.utf8), using: &generator)
      guard let error = failure(bytes) else { return }
      refused += 1
      #expect(error.line != nil && error.column != nil, "\(TestContext.description)")
      #expect(
        !error.description.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" },
        "\(TestContext.description)")
    }
    #expect(refused > 1500)
  }

  @Test func `Nesting ends where it does not belong, and long names are no trouble`() throws {
    let deep = Array(("{\"findings\": " + String(repeating: "[", count: 10_000_000)).utf8)
    #expect(failure(deep)?.column == 15)
    let name = String(repeating: "n\"", count: 1 << 19)
    let baseline = Baseline(
      name: "b",
      entries: [
        .init(fingerprint: "0123456789abcdef", rule: .deadlock, title: name, classes: [name])
      ])
    #expect(try Baseline(bytes: baseline.bytes, name: "b").entries[0].classes == [name])
  }
}
