/// What has to happen for some events to happen: the least set that has them, everything before
/// them in their threads, and what its events need.
///
/// A set is a frontier in each thread, so it is closed in the order of threads by itself. Only
/// events that need something are looked at, each once, in whatever order they come in. The set
/// only grows: more can be demanded, and the closure goes on from where it was.
///
/// - Complexity: O(events with needs inside), and as much memory as there are threads and locks.
struct PrefixClosure {
  /// What it takes for two sections of a lock that exclude each other to be both inside.
  struct SectionRule {
    /// The earlier one ends inside, and so they keep their order.
    var keepsOrder: Bool
    /// Locks of which that does not count: what excludes a section that stays open ends inside.
    var open: [StaysOpen] = []
  }

  /// A lock that a thread has at the end.
  struct StaysOpen {
    var hold: Execution.Hold
    var thread: UInt32
  }

  /// Which needs count.
  struct Causes: OptionSet {
    let rawValue: UInt8
    static let signal = Causes(rawValue: 1)
    static let data = Causes(rawValue: 2)
    static let all: Causes = [.signal, .data]

    @inline(__always)
    func contain(_ cause: Execution.Need.Cause) -> Bool {
      switch cause {
      case .section, .structure: true
      case .signal: contains(.signal)
      case .data: contains(.data)
      }
    }
  }

  /// Why a thread had to come so far.
  struct Step {
    var thread: UInt32
    /// Up to this event.
    var event: UInt32
    /// The event that demands it; `none` for what the closure is of.
    var demander: UInt32
    var cause: Cause

    enum Cause {
      case start
      case need(Execution.Need.Cause)
      /// The section is inside and has to end.
      case end(section: UInt32)
    }
  }

  /// Of a lock, what is inside.
  private struct Inside {
    /// Sections that need not end yet: at most one that excludes all, and one that excludes most.
    var writer = Execution.none
    var upgrader = Execution.none
    var readers: [UInt32] = []
    /// The latest beginnings, one up.
    var lastWriter: UInt32 = 0
    var lastUpgrader: UInt32 = 0
    var lastReader: UInt32 = 0
  }

  let execution: Execution
  private let causes: Causes
  private let rule: SectionRule
  /// By thread, how many of its events are inside, counted in events of all: an event is inside if
  /// it is before that.
  private(set) var frontiers: [UInt32]
  /// By thread, the next need to look at.
  private var cursors: [Int]
  private var inside: [Inside] = []
  /// By lock, one more than its number there; few of many locks are inside.
  private var numbers: [UInt32]
  private var queue: [UInt32] = []
  private var isQueued: [Bool]
  /// Something inside needs an event that there is not.
  private(set) var isImpossible = false
  /// How many needs were looked at.
  private(set) var work = 0
  /// Why the set is as large as it is; kept if it is asked for.
  private(set) var steps: [Step] = []
  private let keepsSteps: Bool

  init(
    of execution: Execution, causes: Causes = .all, rule: SectionRule,
    keepsSteps: Bool = false
  ) {
    self.execution = execution
    self.causes = causes
    self.rule = rule
    self.keepsSteps = keepsSteps
    frontiers = Array(repeating: 0, count: execution.threadCount)
    cursors = Array(execution.needStarts.prefix(execution.threadCount))
    isQueued = Array(repeating: false, count: execution.threadCount)
    numbers = rule.keepsOrder ? Array(repeating: 0, count: execution.lockCount) : []
  }

  @inline(__always)
  func contains(_ event: UInt32, of thread: UInt32) -> Bool { event < frontiers[Int(thread)] }

  /// Adds what a thread did before an event.
  mutating func addEvents(of thread: UInt32, before event: UInt32) {
    raise(thread, event, Execution.none, .start)
  }

  @inline(__always)
  private mutating func raise(
    _ thread: UInt32, _ frontier: UInt32, _ demander: UInt32, _ cause: Step.Cause
  ) {
    let number = Int(thread)
    guard frontiers[number] < frontier else { return }
    frontiers[number] = frontier
    if keepsSteps {
      steps.append(Step(thread: thread, event: frontier - 1, demander: demander, cause: cause))
    }
    guard !isQueued[number] else { return }
    isQueued[number] = true
    queue.append(thread)
  }

  /// Adds what a thread has to have done to ask at an event for what it waits for there.
  mutating func addRequest(_ event: UInt32) {
    let thread = execution.events[Int(event)].thread
    addEvents(of: thread, before: event)
    for need in execution.needs(of: event)
    where need.subject != Execution.none && execution.isMetBeforeWaiting(need) {
      guard causes.contain(need.cause) else { continue }
      raise(
        execution.events[Int(need.subject)].thread, need.subject + 1, event, .need(need.cause))
    }
  }

  /// Adds what is needed until nothing is.
  mutating func close() {
    while let thread = queue.popLast() {
      let number = Int(thread)
      isQueued[number] = false
      let end = execution.needStarts[number + 1]
      while cursors[number] < end {
        let need = execution.needs[cursors[number]]
        guard need.event < frontiers[number] else { break }
        cursors[number] += 1
        work += 1
        if need.cause == .section {
          enter(need.subject)
        } else if need.subject != Execution.none, causes.contain(need.cause) {
          raise(
            execution.events[Int(need.subject)].thread, need.subject + 1, need.event,
            .need(need.cause))
        }
      }
    }
  }

  private mutating func enter(_ section: UInt32) {
    var isOpen = false
    var isExcluded = false
    let entered = execution.sections[Int(section)]
    for open in rule.open where open.hold.lock == entered.lock {
      isOpen = true
      if open.thread != entered.thread, entered.mode.waits(for: open.hold.mode) {
        isExcluded = true
      }
    }
    if isExcluded {
      demandEnd(section, by: entered.begin)
    } else if rule.keepsOrder, !isOpen {
      keepOrder(section)
    }
  }

  private mutating func demandEnd(_ section: UInt32, by demander: UInt32) {
    let end = execution.sections[Int(section)].end
    guard end != Execution.none else {
      isImpossible = true
      if keepsSteps {
        steps.append(
          Step(
            thread: execution.sections[Int(section)].thread, event: Execution.none,
            demander: demander, cause: .end(section: section)))
      }
      return
    }
    raise(execution.events[Int(end)].thread, end + 1, demander, .end(section: section))
  }

  private mutating func keepOrder(_ section: UInt32) {
    let entered = execution.sections[Int(section)]
    if numbers[Int(entered.lock)] == 0 {
      inside.append(Inside())
      numbers[Int(entered.lock)] = UInt32(inside.count)
    }
    let lock = number(of: entered.lock)
    let isEarlier: Bool
    switch entered.mode {
    case .write:
      isEarlier =
        entered.begin < inside[lock].lastWriter || entered.begin < inside[lock].lastReader
        || entered.begin < inside[lock].lastUpgrader
      meet(\.writer, entered)
      meet(\.upgrader, entered)
      if !inside[lock].readers.isEmpty { meetReaders(entered) }
      inside[lock].lastWriter = max(inside[lock].lastWriter, entered.begin + 1)
      if !isEarlier { inside[lock].writer = section }
    case .upgradable:
      isEarlier =
        entered.begin < inside[lock].lastWriter || entered.begin < inside[lock].lastUpgrader
      meet(\.writer, entered)
      meet(\.upgrader, entered)
      inside[lock].lastUpgrader = max(inside[lock].lastUpgrader, entered.begin + 1)
      if !isEarlier { inside[lock].upgrader = section }
    case .read, .recursiveRead:
      isEarlier = entered.begin < inside[lock].lastWriter
      meet(\.writer, entered)
      inside[lock].lastReader = max(inside[lock].lastReader, entered.begin + 1)
      if !isEarlier { inside[lock].readers.append(section) }
    }
    if isEarlier { demandEnd(section, by: entered.begin) }
  }

  @inline(__always)
  private func number(of lock: UInt32) -> Int { Int(numbers[Int(lock)]) - 1 }

  /// What becomes of a section that is inside when one of another thread that it excludes comes in.
  private enum Meeting {
    case stays, isOver, hasToEnd
  }

  @inline(__always)
  private func meeting(_ met: Execution.Section, _ entered: Execution.Section) -> Meeting {
    if met.thread == entered.thread { return met.end < entered.begin ? .isOver : .stays }
    return met.begin < entered.begin ? .hasToEnd : .stays
  }

  @inline(__always)
  private mutating func meet(
    _ place: WritableKeyPath<Inside, UInt32>, _ entered: Execution.Section
  ) {
    let lock = number(of: entered.lock)
    let section = inside[lock][keyPath: place]
    guard section != Execution.none else { return }
    let meeting = meeting(execution.sections[Int(section)], entered)
    guard meeting != .stays else { return }
    inside[lock][keyPath: place] = Execution.none
    if meeting == .hasToEnd { demandEnd(section, by: entered.begin) }
  }

  private mutating func meetReaders(_ entered: Execution.Section) {
    let lock = number(of: entered.lock)
    var left: [UInt32] = []
    swap(&left, &inside[lock].readers)
    left.removeAll { section in
      let meeting = meeting(execution.sections[Int(section)], entered)
      if meeting == .hasToEnd { demandEnd(section, by: entered.begin) }
      return meeting != .stays
    }
    inside[lock].readers = left
  }
}
