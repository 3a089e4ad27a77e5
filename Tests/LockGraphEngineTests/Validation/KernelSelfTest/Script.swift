import LockGraphEngine
import TestSupport
import Testing

/// A trace made of sections, each of them a list of events of one thread.
///
/// The kernel's self-test runs all its sections in one task; lock classes make no difference
/// between that and threads of their own, but the confidence does.
struct Script {
  enum Threads: CaseIterable {
    case one, each
  }

  var sections: [[String]]
  var threads = Threads.each
  /// What stands in front of the sections, such as the locks' kinds.
  var preamble: [String] = []

  var text: String {
    var lines = preamble.map { "T0 \($0)" }
    // A writer may wait for any lock.
    let locks = Set(
      sections.joined().filter { $0.hasPrefix("acquire ") }.map { $0.split(separator: " ")[1] })
    lines += locks.sorted().flatMap { ["W acquire \($0) unchecked", "W release \($0)"] }
    for (number, section) in sections.enumerated() {
      let thread = threads == .one ? "T1" : "T\(number + 1)"
      lines += section.map { "\(thread) \($0)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func verdicts() throws -> [String] { try analyze(text).verdicts }
}

/// One use of a lock in a section.
struct Use {
  var lock: String
  var mode: LockMode
  var options: String

  init(_ lock: String, _ mode: LockMode = .write, _ options: String = "") {
    self.lock = lock
    self.mode = mode
    self.options = options
  }

  var acquire: String {
    (["acquire", lock, mode.name] + (options.isEmpty ? [] : [options])).joined(separator: " ")
  }

  var release: String { "release \(lock)" }
}

/// Takes locks one inside the other and gives them up again.
func nest(_ uses: Use...) -> [String] {
  uses.map(\.acquire) + uses.reversed().map(\.release)
}

func inside(_ context: InterruptContext, _ body: [String]) -> [String] {
  ["enter \(context.name)"] + body + ["leave \(context.name)"]
}

func masking(_ context: InterruptContext, _ body: [String]) -> [String] {
  ["disable \(context.name)"] + body + ["enable \(context.name)"]
}

extension InterruptContext {
  /// All but the one that nothing masks.
  static let maskable: [InterruptContext] = [.hardirq, .softirq, .signal]
}

/// Expects what is found in a script, with a note of what the loops around are at.
func expect(
  _ script: Script, finds expected: [String], _ note: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let verdicts = try script.verdicts()
  #expect(
    verdicts == expected, "\(note) \(TestContext.description)\n\(script.text)",
    sourceLocation: sourceLocation)
}
