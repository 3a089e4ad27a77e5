// The order of a run's events that ends in a deadlock, as a story.

extension TextReport {
  /// Of a long story the first and last steps are shown.
  private static var shownSteps: (first: Int, last: Int) { (8, 4) }

  mutating func addSchedule(_ finding: Finding) {
    guard let schedule = finding.schedule else { return }
    heading("How this run's events get there")
    let steps = schedule.steps
    let (first, last) = Self.shownSteps
    for (number, step) in steps.enumerated() {
      if steps.count > first + last + 1, number >= first, number < steps.count - last {
        if number == first {
          let omitted = Counted.grouped(steps.count - first - last, "more step")
          line("    … \(omitted) in between …")
        }
        continue
      }
      wrapped("\(number + 1). \(step)", indent: 4, hanging: 3)
    }
    for ending in schedule.endings { wrapped(ending, indent: 4, hanging: 2) }
  }
}

extension Finding.Schedule {
  /// What each thread does before another one goes on, without a full stop.
  package var steps: [String] {
    segments.map { segment in
      "\(segment.thread) runs up to \(Self.place(segment.at, input, segment.line))"
        .withVisibleControls
    }
  }

  /// Who waits for whom in the end; who waits behind a writer comes after it.
  package var endings: [String] {
    waits.map { wait in
      let mode = wait.mode == .write || wait.wanted == nil ? "" : " (\(wait.mode.name))"
      let what = wait.wanted.map { "asks for \($0)\(mode)" } ?? "joins \(wait.blockedBy)"
      let whom = wait.wanted == nil ? "" : " and waits for \(wait.blockedBy)"
      let behind = wait.isQueued ? ", which asks for it too, to write" : ""
      return "\(wait.thread) \(what) at \(Self.place(wait.at, input, wait.line))\(whom)\(behind)"
        .withVisibleControls
    }
  }

  private static func place(_ at: String?, _ input: String, _ line: UInt64) -> String {
    at.map { "\($0) (line \(line))" } ?? "\(input):\(line)"
  }
}
