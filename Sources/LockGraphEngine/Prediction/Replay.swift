/// Goes through events in another order and tells whether they can happen so.
struct Replay {
  private let execution: Execution
  /// By thread, the last event that happened.
  private(set) var last: [UInt32]
  private var cursors: [Int]
  /// By lock, the sections that are open.
  private var open: [UInt32: [UInt32]] = [:]
  private var lastWrites: [UInt32: UInt32] = [:]
  /// When those events happened that a wait may have come too late for.
  private var times: [UInt32: Int] = [:]
  private var time = 0

  init(_ execution: Execution) {
    self.execution = execution
    last = Array(repeating: Execution.none, count: execution.threadCount)
    cursors = Array(execution.needStarts.prefix(execution.threadCount))
  }

  func hasHappened(_ event: UInt32) -> Bool {
    let last = last[Int(execution.events[Int(event)].thread)]
    return last != Execution.none && event <= last
  }

  /// False if the event cannot come next.
  mutating func step(_ number: UInt32) -> Bool {
    let event = execution.events[Int(number)]
    let thread = Int(event.thread)
    guard event.previous == last[thread] else { return false }
    while cursors[thread] < execution.needStarts[thread + 1],
      execution.needs[cursors[thread]].event <= number
    {
      let need = execution.needs[cursors[thread]]
      cursors[thread] += 1
      if need.event == number, !isMet(need, event) { return false }
    }
    switch event.action {
    case .repeats:
      let isFree = (execution.repeated[event.thread] ?? []).allSatisfy { lock in
        (open[lock] ?? []).allSatisfy { execution.sections[Int($0)].thread == event.thread }
      }
      if !isFree { return false }
    case .release, .wait, .convert:
      if event.operand != Execution.none {
        let section = event.operand
        open[execution.sections[Int(section)].lock]?.removeAll { $0 == section }
      }
    case .write: lastWrites[event.operand] = number
    default: break
    }
    for need in execution.needs(of: number) where need.cause == .section {
      open[execution.sections[Int(need.subject)].lock, default: []].append(need.subject)
    }
    if event.action == .wait || event.action == .step { times[number] = time }
    time += 1
    last[thread] = number
    return true
  }

  private func isMet(_ need: Execution.Need, _ event: Execution.Event) -> Bool {
    switch need.cause {
    case .section:
      let section = execution.sections[Int(need.subject)]
      return !(open[section.lock] ?? []).contains { other in
        let other = execution.sections[Int(other)]
        return other.thread != section.thread && section.mode.waits(for: other.mode)
      }
    case .data:
      return (lastWrites[event.operand] ?? Execution.none) == need.subject
    case .structure, .signal:
      return hasHappened(need.subject) && !isMissed(need, event)
    }
  }

  /// Whether a wait came too late for its signal.
  private func isMissed(_ need: Execution.Need, _ event: Execution.Event) -> Bool {
    guard event.action == .wake, event.previous != Execution.none,
      let signal = times[need.subject], let wait = times[event.previous]
    else { return false }
    return wait > signal
  }

  /// Whether the threads can be at these events, each waiting for the next one's.
  func isDeadlocked(_ events: [UInt32], _ groups: [Execution.RequestGroup]) -> Bool {
    for (number, event) in events.enumerated() {
      let thread = execution.events[Int(event)].thread
      guard last[Int(thread)] == execution.events[Int(event)].previous else { return false }
      for need in execution.needs(of: event)
      where need.subject != Execution.none && execution.isMetBeforeWaiting(need) {
        guard hasHappened(need.subject),
          !isMissed(need, execution.events[Int(event)])
        else { return false }
      }
      guard waits(groups[number], for: groups[(number + 1) % groups.count]) else { return false }
    }
    return true
  }

  private func waits(_ one: Execution.RequestGroup, for next: Execution.RequestGroup) -> Bool {
    switch one.wish {
    case .end(let thread): return next.thread == thread
    case .lock(let lock, let mode):
      let isKeptOut = (open[lock] ?? []).contains { section in
        let section = execution.sections[Int(section)]
        return section.thread == next.thread && mode.waits(for: section.mode)
      }
      return isKeptOut || mode.waitsBehindWriters && next.wish == .lock(lock, .write)
    }
  }
}

extension Execution {
  /// Whether events can happen in an order, after which the threads wait for each other.
  func replays(
    _ schedule: [UInt32], to events: [UInt32], _ groups: [RequestGroup]
  ) -> Bool {
    var replay = Replay(self)
    for event in schedule where !replay.step(event) { return false }
    return replay.isDeadlocked(events, groups)
  }
}
