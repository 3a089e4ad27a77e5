// Telling what still waits, in words; places are left to the reports.

extension OpenWait {
  /// Who waits for what, and why it does not get it.
  package var text: String {
    "\(thread) \(wantText)\(obstacleText)".withVisibleControls
  }

  /// What it waits for, without its thread.
  var wantText: String {
    if let wanted { return "waits for \(wanted.shownName)\(InversionScenario.mode(wanted))" }
    if let joined { return "waits for the end of \(joined == thread ? "itself" : joined)" }
    if let barrier { return "waits at \(barrier)" }
    let condition = condition.map { "on \($0)" } ?? "on a condition"
    if isSignalled, let givenUp { return "was signalled \(condition) and waits for \(givenUp)" }
    return "waits \(condition)" + (givenUp.map { ", having given up \($0)" } ?? "")
  }

  private var obstacleText: String {
    guard let first = obstacles.first, first.reason != .lives else { return "" }
    let other = first.thread == thread ? "it itself" : first.thread
    let reason =
      switch first.reason {
      case .holds:
        ", which \(other) holds" + (first.held.map(InversionScenario.mode) ?? "")
      case .ended: ", which \(other) held when it ended"
      case .waitsToWrite: ", behind \(other), which waits to write"
      case .lives: ""
      }
    let more = obstacles.count - 1 + omittedObstacles
    return reason + (more > 0 ? " and \(Counted.grouped(more, "more thread"))" : "")
  }
}

extension WaitGroup {
  /// The root and who waits because of it, in one line.
  var line: String {
    let rest = waits.filter { !$0.isInCircle }
    let names = rest.prefix(4).map { $0.text }.joined(separator: "; ")
    let more = rest.count > 4 ? "; and \(Counted.grouped(rest.count - 4, "more thread"))" : ""
    let behind = rest.isEmpty ? "" : ": \(names)\(more)"
    return "\(waits[0].input): still waiting at the end: \(root.text)\(behind)".withVisibleControls
  }
}

extension Analysis {
  /// How many threads still wait.
  var waitingThreads: Int {
    Set(waiting.lazy.flatMap(\.waits).map { [$0.input, $0.thread] }).count
  }
}
