// What threads wait for, in sentences.
extension HangReport {
  /// `mutex accounts`, `the end of worker/12`.
  func text(of wait: Wait, by index: Int) -> String {
    let process = threads[index].process
    let name = name(wait.lock, of: process)
    // The library has words of its own to wait on for what is no word itself.
    if name.hasPrefix("std::"), name.contains("__waiter_pool") {
      return (wait.kind == .atomic ? "an " : "a ") + wait.kind.text
    }
    switch wait.kind {
    case .join:
      if let other = threads[index].blockers.first?.thread {
        return "the end of \(self.name(of: other))"
      }
      return "the end of a thread"
    case .queue:
      if let label = wait.label { return "the dispatch queue \(label)" }
      return "the dispatch queue at \(name)"
    case .word: return "a change of the word at \(name) (futex)"
    case .future: return "the result of a future, \(name)"
    case .atomic: return "another value of the atomic variable \(name)"
    case .park: return "being unparked"
    case .twoStateLock: return "what looks like a lock at \(name) and does not say its kind"
    default: return "the \(wait.kind.text) \(name)"
    }
  }

  /// `worker/12 waits for the mutex accounts, which main/11 holds`
  package func sentence(about index: Int) -> String {
    let name = name(of: index)
    guard let wait = threads[index].wait else { return name + " " + activity(of: index) }
    var text = name + verb(wait) + self.text(of: wait, by: index)
    if let mutex = wait.mutex {
      text += ", to take the mutex \(self.name(mutex, of: threads[index].process)) again"
    }
    text += owner(of: wait, by: index)
    if let detail = wait.detail { text += " (\(detail))" }
    if wait.isTimed { text += "; it gives up in time" }
    return text
  }

  private func verb(_ wait: Wait) -> String {
    switch wait.kind {
    case .read, .rustRead: " waits to read, for "
    case .write, .rustWrite: " waits to write, for "
    case .condition, .rustCondition: " waits on "
    case .barrier: " waits at "
    case .spin: " spins for "
    default: " waits for "
    }
  }

  private func owner(of wait: Wait, by index: Int) -> String {
    let blockers = threads[index].blockers
    guard wait.kind != .join else { return "" }
    if blockers.isEmpty {
      switch wait.owner {
      case .anybody: return ""
      case .unsettled: return ", which nobody holds at this moment"
      case .thread(let number):
        return ", which thread \(number) holds, of a process that was not looked at or has ended"
      case .unknown: return wait.kind.isHeld ? ", which does not say who has it" : ""
      }
    }
    let names = blockers.map { who($0.who, index) }
    if wait.isBehindWriter { return ", behind \(names[0]), who asked to write before" }
    switch blockers[0].certainty {
    case .certain:
      return ", which \(names[0]) \(relation(wait.kind))"
    case .likely: return ", which \(names[0]) \(relation(wait.kind)), by its stack"
    case .possible:
      let shown = names.prefix(3).joined(separator: " or ")
      let more = names.count > 3 ? " or \(names.count - 3) others" : ""
      return ", which does not say who has it; possibly \(shown)\(more), by what is on the stack"
    }
  }

  private func relation(_ kind: WaitKind) -> String {
    switch kind {
    case .once, .staticGuard, .swiftOnce, .rustOnce: "is at"
    case .queue: "works for"
    default: "holds"
    }
  }

  private func who(_ who: Blocker.Who, _ index: Int) -> String {
    switch who {
    case .thread(let other): other == index ? "it itself" : name(of: other)
    case .gone(let number): "thread \(number), which is no more,"
    case .outside(let number, let process): "\(process)/\(number), which was not looked at,"
    }
  }

  /// What a thread does that waits for no lock.
  func activity(of index: Int) -> String {
    let thread = threads[index]
    var isRunning = false
    if case .runs = thread.state { isRunning = true }
    let time = thread.isSteady && !isRunning ? duration.map { " for at least \($0)" } ?? "" : ""
    switch thread.state {
    case .waits(let wait): return "waits for " + text(of: wait, by: index)
    case .sleeps(let call): return "sleeps in \(call)\(time)"
    case .runs: return "runs"
    case .suspended: return "is stopped, or waits for memory"
    case .ended: return "has ended"
    case .unreadable: return "cannot be looked at"
    }
  }

  /// The time between the looks.
  var duration: String? {
    pause.map { pause in
      let (seconds, attoseconds) = pause.components
      let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
      return milliseconds % 1000 == 0 ? "\(milliseconds / 1000) s" : "\(milliseconds) ms"
    }
  }
}
