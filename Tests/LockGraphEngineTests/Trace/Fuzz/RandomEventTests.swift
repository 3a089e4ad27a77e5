import LockGraphEngine
import TestSupport
import Testing

/// Lines that are each well-formed, and that as a whole make no sense.
@Suite struct RandomEventTests {
  private static let modes = ["", "", " write", " read", " recursive-read", " upgradable"]
  private static let flags = [
    " try", " interruptible", " killable", " timeout", " unchecked", " exclusive",
  ]
  private static let reasons = [
    "interrupted", "killed", "timeout", "cancelled", "deadlock", "failed",
  ]

  private func line(using generator: inout SeededGenerator) -> String {
    func pick(_ words: [String]) -> String { words.randomElement(using: &generator)! }
    func maybe(_ word: String) -> String {
      Int.random(in: 0..<6, using: &generator) == 0 ? word : ""
    }
    let lock = pick(["a", "b", "c", "d"])
    let context = pick(["hardirq", "softirq", "signal"])
    let statements =
      maybe(" class=\(pick(["A", "B", "A/1", "c"]))")
      + maybe(" kind=\(pick(LockKind.allCases.map(\.name)))") + maybe(" rank=\(pick(["0", "-7"]))")
      + maybe(" nesting=\(pick(["by-instance", "reported"]))")
    let event: String
    switch Int.random(in: 0..<20, using: &generator) {
    case 0: event = "init \(lock)" + statements + maybe(" unchecked")
    case 1: event = "destroy \(lock)"
    case 2..<8:
      event =
        "\(pick(["acquire", "acquire", "request"])) \(lock)\(pick(Self.modes))\(statements)"
        + Self.flags.map(maybe).joined() + maybe(" subclass=\(pick(["0", "1", "7"]))")
        + maybe(" nest=\(pick(["a", "b", "c", "d"]))") + maybe(" at=f:1") + maybe(" stack=f;g")
    case 8..<11: event = "release \(lock)"
    case 11: event = "abandon \(lock)" + maybe(" reason=\(pick(Self.reasons))")
    case 12: event = "\(pick(["downgrade", "pin", "unpin"])) \(lock)"
    case 13: event = "\(pick(["wait", "wake"])) v" + pick(["", " lock=\(lock)"])
    case 14: event = "\(pick(["spawn", "join"])) \(pick(["1", "2", "3"]))"
    case 15: event = pick(["exit", "sleep", "read v", "write v"])
    case 16: event = "enter \(pick([context, "nmi"]))" + maybe(" unthreaded")
    case 17: event = "leave \(pick([context, "nmi"]))"
    case 18: event = "\(pick(["disable", "enable"])) \(context)"
    default:
      event = pick([
        "assert \(lock) \(pick(["held", "not-held", "read", "write"]))", maybe("lost count=3"),
      ])
    }
    guard !event.isEmpty else { return "* lost" }
    // `unthreaded` goes with hardirqs only.
    return "\(pick(["1", "2", "3"])) \(event)".replacing(
      /(softirq|signal|nmi) unthreaded/, with: { $0.1 })
  }

  @Test func `Whatever the events are, they are analysed and reported`() throws {
    var rules: Set<Rule> = []
    try withSeeds(0..<300) { generator in
      let inputs = (0..<Int.random(in: 1...2, using: &generator)).map { _ in
        (0..<Int.random(in: 1...90, using: &generator)).map { _ in
          line(using: &generator) + "\n"
        }.joined()
      }
      var analysis = try analyze(inputs: inputs.map { Array($0.utf8) })
      analysis.addStillWaitingFindings()
      for finding in analysis.findings { rules.insert(finding.rule) }
      #expect(!TextReport(analysis).text.isEmpty && !JSONReport(analysis).bytes.isEmpty)
    }
    #expect(
      rules
        == Set(
          Rule.allCases.filter {
            $0.isChecked
              && ![.declaredOrder, .lockCorrupted, .longHold, .longWait].contains($0)
          }))
  }
}
