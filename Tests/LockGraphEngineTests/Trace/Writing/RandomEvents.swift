import TestSupport

@testable import LockGraphEngine

/// Events of every verb with every option, about things with names as nobody would give them.
struct RandomEvents {
  private static let pieces = [
    "a", "Z9", " ", "\t", "\n", "\r", "\"", "\\", "#", "[", "]", "=", "at=", "class=x", "read", ";",
    "/",
    "\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{FEFF}", "é", "e\u{301}", "锁", "🔒", "\u{202E}", "{",
    ",",
    "acquire", "lost", "\u{2028}", "null", "1", "-",
  ]

  private var names: [String] = []

  init(using generator: inout SeededGenerator) {
    while names.count < 12 {
      let name = Self.text(1...3, using: &generator)
      if !names.contains(name) { names.append(name) }
    }
  }

  private static func text(
    _ lengths: ClosedRange<Int>, using generator: inout SeededGenerator
  ) -> String {
    (0..<Int.random(in: lengths, using: &generator)).map { _ in
      pieces.randomElement(using: &generator)!
    }.joined()
  }

  func next(using generator: inout SeededGenerator) -> NamedEvent {
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    func text() -> String? { chance(20) ? Self.text(1...5, using: &generator) : nil }
    func name() -> String { names.randomElement(using: &generator)! }
    let verb = EventVerb.allCases.randomElement(using: &generator)!
    var event = NamedEvent(verb, name())
    if chance(30) {
      let digits = Int.random(in: 1...19, using: &generator)
      event.time = Int64(String(repeating: "9", count: digits)).map {
        Int64.random(in: 0...$0, using: &generator)
      }
      if chance(30), let time = event.time { event.time = time / 1_000_000 * 1_000_000 }
    }
    if verb != .lost, verb != .dropped {
      event.at = text()
      event.stack = text()
    }
    switch verb {
    case .`init`, .acquire, .request:
      event.lockClass = text()
      if chance(10) { event.kind = LockKind.allCases.randomElement(using: &generator) }
      if chance(10) { event.rank = Int64.random(in: .min ... .max, using: &generator) }
      if chance(10) { event.nestsByInstance = true }
      if chance(10) { event.options = .unchecked }
      if verb == .`init` {
        if chance(20) { event.permits = UInt32.random(in: 0 ... .max, using: &generator) }
        break
      }
      if chance(50) { event.mode = LockMode.allCases.randomElement(using: &generator) }
      if chance(20) {
        event.options = AcquisitionOptions(rawValue: UInt8.random(in: 0..<64, using: &generator))
      }
      if chance(10) { event.subclass = UInt8.random(in: 0...7, using: &generator) }
      if chance(10) { event.nest = name() }
    case .abandon:
      if chance(80) { event.reason = AbandonReason.allCases.randomElement(using: &generator) }
    case .assert:
      event.assertion = [.held, .notHeld, .read, .write].randomElement(using: &generator)
    case .enter, .leave:
      event.context = InterruptContext.allCases.randomElement(using: &generator)
      event.isUnthreaded = verb == .enter && event.context == .hardirq && chance(50)
    case .enable, .disable:
      event.context = [.hardirq, .softirq, .signal].randomElement(using: &generator)
    case .spawn, .join:
      event.other = name()
      if verb == .join, chance(30) { event.options = .timeout }
    case .wait, .wake:
      event.operandName = name()
      if chance(70) { event.lock = name() }
      if verb == .wait, chance(30) { event.options = .timeout }
    case .signal, .broadcast, .barrier, .read, .write: event.operandName = name()
    case .lost, .dropped:
      if verb == .lost, chance(50) { event.thread = nil }
      if chance(80) { event.omittedCount = UInt64.random(in: 0 ... .max, using: &generator) }
    default: break
    }
    if case .lock = TextVocabulary.operand(of: verb) { event.lock = name() }
    return event
  }
}
