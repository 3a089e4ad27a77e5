/// Goes through the orders in which threads can come to be at given events, and stops at the first.
///
/// Events that can only help are taken at once; what may keep others out is tried. States that were
/// seen before are not looked at again.
struct ExhaustiveSearch {
  enum Result {
    case found([UInt32])
    /// There is none.
    case none
    /// There was too much to look at.
    case unknown
  }

  private struct Snapshot: Hashable {
    var positions: [UInt32]
    var writes: [UInt32]
    var missed: Set<UInt32>
  }

  private let execution: Execution
  private let causes: PrefixClosure.Causes
  private let targets: [UInt32]
  private let groups: [Execution.RequestGroup]
  /// By thread, its events up to where it has to stop.
  private var events: [[UInt32]]
  private var positions: [Int]
  /// By thread, the sections that are open, by lock.
  private var open: [UInt32: [UInt32]] = [:]
  private var lastWrites: [UInt32: UInt32] = [:]
  private var variables: [UInt32]
  /// By signal, the waits that it ends.
  private var waits: [UInt32: [UInt32]] = [:]
  /// By wait, its signal.
  private var signals: [UInt32: UInt32] = [:]
  /// The waits that came too late for their signals.
  private var missed: Set<UInt32> = []
  private var seen: Set<Snapshot> = []
  private var schedule: [UInt32] = []
  private var states: Int

  /// - Parameter states: how many are looked at.
  init(
    _ execution: Execution, to targets: [UInt32], _ groups: [Execution.RequestGroup],
    causes: PrefixClosure.Causes, states: Int
  ) {
    self.execution = execution
    self.targets = targets
    self.groups = groups
    self.causes = causes
    self.states = states
    events = Array(repeating: [], count: execution.threadCount)
    positions = Array(repeating: 0, count: execution.threadCount)
    var ends = [UInt32](repeating: Execution.none, count: execution.threadCount)
    for target in targets { ends[Int(execution.events[Int(target)].thread)] = target }
    var variables: Set<UInt32> = []
    for (number, event) in execution.events.enumerated()
    where UInt32(number) < ends[Int(event.thread)] {
      events[Int(event.thread)].append(UInt32(number))
      if event.action == .write { variables.insert(event.operand) }
    }
    self.variables = causes.contains(.data) ? variables.sorted() : []
    for need in execution.needs where need.cause == .signal || need.cause == .structure {
      let event = execution.events[Int(need.event)]
      guard event.action == .wake, causes.contain(need.cause), event.previous != Execution.none
      else { continue }
      waits[need.subject, default: []].append(event.previous)
      signals[event.previous] = need.subject
    }
  }

  mutating func run() -> Result {
    if explore() { return .found(schedule) }
    return states > 0 ? .none : .unknown
  }

  private func hasHappened(_ event: UInt32) -> Bool {
    let thread = Int(execution.events[Int(event)].thread)
    guard positions[thread] > 0 else { return false }
    return event <= events[thread][positions[thread] - 1]
  }

  private func next(of thread: Int) -> UInt32? {
    positions[thread] < events[thread].count ? events[thread][positions[thread]] : nil
  }

  private func isEnabled(_ event: UInt32) -> Bool {
    let thread = execution.events[Int(event)].thread
    if execution.events[Int(event)].action == .repeats {
      return (execution.repeated[thread] ?? []).allSatisfy { lock in
        (open[lock] ?? []).allSatisfy { execution.sections[Int($0)].thread == thread }
      }
    }
    return execution.needs(of: event).allSatisfy { need in
      guard causes.contain(need.cause) else { return true }
      switch need.cause {
      case .section:
        let section = execution.sections[Int(need.subject)]
        return !(open[section.lock] ?? []).contains {
          let other = execution.sections[Int($0)]
          return other.thread != section.thread && section.mode.waits(for: other.mode)
        }
      case .data:
        return (lastWrites[execution.events[Int(event)].operand] ?? Execution.none) == need.subject
      case .structure, .signal:
        let wait = execution.events[Int(event)].previous
        return hasHappened(need.subject)
          && (execution.events[Int(event)].action != .wake || !missed.contains(wait))
      }
    }
  }

  /// Whether to take an event can make nothing else impossible.
  private func isHarmless(_ number: UInt32) -> Bool {
    switch execution.events[Int(number)].action {
    case .release, .request, .join, .wait, .read, .convert, .repeats: true
    case .write: !causes.contains(.data)
    case .acquire, .wake: false
    case .step: (waits[number] ?? []).allSatisfy(hasHappened)
    }
  }

  private mutating func take(_ number: UInt32) {
    let event = execution.events[Int(number)]
    positions[Int(event.thread)] += 1
    schedule.append(number)
    switch event.action {
    case .release, .wait, .convert:
      if event.operand != Execution.none {
        let section = event.operand
        open[execution.sections[Int(section)].lock]?.removeAll { $0 == section }
      }
    case .write: lastWrites[event.operand] = number
    default: break
    }
    if event.action == .wait, let signal = signals[number], hasHappened(signal) {
      missed.insert(number)
    }
    for need in execution.needs(of: number) where need.cause == .section {
      open[execution.sections[Int(need.subject)].lock, default: []].append(need.subject)
    }
  }

  private mutating func restore(_ saved: ExhaustiveSearch) {
    positions = saved.positions
    open = saved.open
    lastWrites = saved.lastWrites
    missed = saved.missed
    schedule = saved.schedule
  }

  private var isThere: Bool {
    targets.allSatisfy { target in
      let event = execution.events[Int(target)]
      let thread = Int(event.thread)
      guard positions[thread] == events[thread].count,
        event.action != .wake || !missed.contains(event.previous)
      else { return false }
      return execution.needs(of: target).allSatisfy { need in
        need.subject == Execution.none || !execution.isMetBeforeWaiting(need)
          || !causes.contain(need.cause) || hasHappened(need.subject)
      }
    }
  }

  private mutating func explore() -> Bool {
    var stack: [(saved: ExhaustiveSearch, choices: [UInt32])] = []
    if let choices = advance() { stack.append((copy(), choices)) } else { return true }
    while !stack.isEmpty {
      guard let choice = stack[stack.count - 1].choices.popLast() else {
        stack.removeLast()
        continue
      }
      restore(stack[stack.count - 1].saved)
      take(choice)
      states -= 1
      guard states > 0 else { return false }
      guard let choices = advance() else { return true }
      if !choices.isEmpty { stack.append((copy(), choices)) }
    }
    return false
  }

  private func copy() -> ExhaustiveSearch {
    var copy = self
    copy.seen = []
    return copy
  }

  /// Takes what can do no harm. `nil` if the threads are where they should be, else what is to be
  /// tried; nothing if this was seen before.
  private mutating func advance() -> [UInt32]? {
    var choices: [UInt32] = []
    var goesOn = true
    while goesOn {
      goesOn = false
      choices.removeAll(keepingCapacity: true)
      for thread in events.indices {
        while let event = next(of: thread), isEnabled(event) {
          guard isHarmless(event) else {
            choices.append(event)
            break
          }
          take(event)
          goesOn = true
        }
      }
    }
    if isThere { return nil }
    let snapshot = Snapshot(
      positions: positions.map(UInt32.init),
      writes: variables.map { lastWrites[$0] ?? Execution.none }, missed: missed)
    return seen.insert(snapshot).inserted ? choices : []
  }
}
