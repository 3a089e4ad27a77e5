import LockGraphEngine

extension SoupEvent {
  /// The event as lines of the text format.
  public func lines(thread: Int, kinds: [LockKind?]) -> String {
    func name(_ lock: Int) -> String { "l\(lock)" }
    func nested(_ nest: Int?) -> String { nest.map { " nest=\(name($0))" } ?? "" }
    let lines: [String]
    switch self {
    case .acquire(let lock, let mode, let options, let nest):
      lines = [
        (["acquire \(name(lock)) \(mode.name)"] + options.names).joined(separator: " ")
          + nested(nest)
      ]
    case .request(let lock, let mode, let nest, let isCompleted):
      lines = [
        "request \(name(lock)) \(mode.name)\(nested(nest))",
        isCompleted ? "acquire \(name(lock))" : "abandon \(name(lock)) reason=interrupted",
      ]
    case .release(let lock): lines = ["release \(name(lock))"]
    case .initialize(let lock): lines = [Self.statement(of: lock, kinds)]
    case .destroy(let lock): lines = ["destroy \(name(lock))", Self.statement(of: lock, kinds)]
    case .downgrade(let lock): lines = ["downgrade \(name(lock))"]
    case .assert(let lock, let claim): lines = ["assert \(name(lock)) \(claim)"]
    case .pin(let lock): lines = ["pin \(name(lock))"]
    case .unpin(let lock): lines = ["unpin \(name(lock))"]
    case .wait(let lock): lines = ["wait c lock=\(name(lock))", "wake c lock=\(name(lock))"]
    case .enter(let context, let isUnthreaded):
      lines = ["enter \(context.name)\(isUnthreaded ? " unthreaded" : "")"]
    case .leave(let context): lines = ["leave \(context.name)"]
    case .maskSoftirq: lines = ["disable softirq"]
    case .unmaskSoftirq: lines = ["enable softirq"]
    case .sleep: lines = ["sleep"]
    case .exit: lines = ["exit"]
    }
    return lines.map { "T\(thread) \($0)\n" }.joined()
  }

  /// What states the class and kind of a lock.
  public static func statement(of lock: Int, _ kinds: [LockKind?]) -> String {
    "init l\(lock) class=\(BalanceModel.name(of: lock))"
      + (kinds[lock].map { " kind=\($0.name)" } ?? "")
  }
}

/// Events that follow each other at random, most of them in places where they make sense.
public struct RandomSoup: Sendable {
  public var kinds: [LockKind?]
  public var events: [(thread: Int, event: SoupEvent)] = []

  /// - Parameter kinds: what the locks may be.
  public init(
    threads: Int, locks: Int, events count: Int, kinds choices: [LockKind?],
    using generator: inout SeededGenerator
  ) {
    kinds = (0..<locks).map { _ in choices.randomElement(using: &generator)! }
    var contexts = Array(repeating: [InterruptContext](), count: threads)
    var recent = Array(repeating: [Int](), count: threads)
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    while events.count < count {
      let thread = Int.random(in: 0..<threads, using: &generator)
      // A thread most often does something with a lock that it took.
      let lock =
        (chance(60) ? recent[thread].randomElement(using: &generator) : nil)
        ?? Int.random(in: 0..<locks, using: &generator)
      let mode = LockMode.allCases.randomElement(using: &generator)!
      // What takes no part in the order is nested in nothing.
      func nest(of lock: Int, _ options: AcquisitionOptions = []) -> Int? {
        let nest = Int.random(in: 0..<locks, using: &generator)
        let isOrdered = !options.contains(.unchecked) && kinds[lock]?.isReadCopyUpdate != true
        return chance(15) && isOrdered && nest != lock ? nest : nil
      }
      let event: SoupEvent
      switch Int.random(in: 0..<100, using: &generator) {
      case 0..<24:
        let other = Int.random(in: 0..<locks, using: &generator)
        var options: AcquisitionOptions = []
        if chance(15) { options.insert(.try) }
        if chance(10) { options.insert(.unchecked) }
        event = .acquire(other, mode, options: options, nest: nest(of: other, options))
        recent[thread].append(other)
      case 24..<32:
        event = .request(lock, mode, nest: nest(of: lock), isCompleted: chance(70))
        recent[thread].append(lock)
      case 32..<56:
        event = .release(lock)
        if let index = recent[thread].lastIndex(of: lock) { recent[thread].remove(at: index) }
      case 56..<58: event = .initialize(lock)
      case 58..<60: event = .destroy(lock)
      case 60..<62: event = .downgrade(lock)
      case 62..<70:
        event = .assert(
          lock, ["held", "not-held", "read", "write"].randomElement(using: &generator)!)
      case 70..<73: event = .pin(lock)
      case 73..<76: event = .unpin(lock)
      case 76..<80 where contexts[thread].isEmpty: event = .wait(lock)
      case 80..<86:
        let inside = contexts[thread]
        let choices = InterruptContext.allCases.filter { context in
          switch context {
          case .hardirq: !inside.contains(.hardirq)
          case .softirq: !inside.contains(.softirq) && !inside.contains(.hardirq)
          case .signal: inside.isEmpty
          case .nmi: false
          }
        }
        guard let context = choices.randomElement(using: &generator) else { continue }
        contexts[thread].append(context)
        event = .enter(context, isUnthreaded: context == .hardirq && chance(50))
      case 86..<92:
        let context =
          chance(80)
          ? contexts[thread].last : [.hardirq, .softirq, .signal].randomElement(using: &generator)
        guard let context else { continue }
        if let index = contexts[thread].lastIndex(of: context) {
          contexts[thread].removeSubrange(index...)
        }
        event = .leave(context)
      case 92..<94 where contexts[thread].isEmpty: event = .maskSoftirq
      case 94..<96 where contexts[thread].isEmpty: event = .unmaskSoftirq
      case 96..<98: event = .sleep
      case 98..<100 where chance(50):
        event = .exit
        contexts[thread] = []
        recent[thread] = []
      default: continue
      }
      events.append((thread, event))
    }
  }

  public var trace: String {
    kinds.indices.map { "main \(SoupEvent.statement(of: $0, kinds))\n" }.joined()
      + events.map { $0.event.lines(thread: $0.thread, kinds: kinds) }.joined()
  }
}
