// The order of a run's events that ends in a deadlock, as a story.

extension TextReport {
  /// Of a long story the first and last steps are shown.
  private static var shownSteps: (first: Int, last: Int) { (8, 4) }

  mutating func addSchedule(_ finding: Finding) {
    guard let schedule = finding.schedule else { return }
    heading("How this run's events get there")
    let steps = schedule.steps(place: TextLayout.whole)
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
    for ending in schedule.endings(place: TextLayout.whole) {
      wrapped(ending, indent: 4, hanging: 2)
    }
  }
}
