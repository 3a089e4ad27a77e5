/// Whose the validator's events are, by their lines.
///
/// A scope is a number that an observer of findings gives; 0 is nobody. What is put off is looked
/// at on another thread and later, and the line of the event that made a finding tells then whose
/// it is. Nothing is kept where nobody gives numbers.
struct ScopeRuns {
  /// Events from a line on, up to the next run.
  private struct Run {
    var firstLine: UInt64
    var scope: UInt64
  }

  private var runs: [Run] = []

  /// The events after a line belong to a scope.
  mutating func begin(_ scope: UInt64, after line: UInt64) {
    guard scope != runs.last?.scope ?? 0 else { return }
    if runs.last?.firstLine == line + 1 { runs.removeLast() }
    runs.append(Run(firstLine: line + 1, scope: scope))
  }

  /// The scope of an event.
  ///
  /// - Complexity: O(log runs).
  func scope(at line: UInt64) -> UInt64 {
    var (low, high) = (0, runs.count)
    while low < high {
      let middle = (low + high) / 2
      if runs[middle].firstLine <= line { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : runs[low - 1].scope
  }
}
