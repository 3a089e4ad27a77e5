extension Analysis {
  /// Makes findings of what took longer than it may, of the rules `long-hold` and `long-wait`.
  ///
  /// - Parameters:
  ///   - rules: those that are looked for.
  ///   - limit: how many are added at most, the longest first.
  /// - Returns: how many more there are.
  /// - Complexity: O(n log n) for all findings.
  package mutating func addOverruns(
    _ overruns: [DurationOverrun], rules: Set<Rule>, limit: Int
  ) -> Int {
    let added = Finding.overruns(
      overruns.filter { rules.contains($0.isWait ? .longWait : .longHold) })
    guard !added.isEmpty else { return 0 }
    findings += added.prefix(limit)
    findings.sort(by: Finding.precedes)
    return max(0, added.count - limit)
  }
}

extension Finding {
  /// A finding of each fingerprint, the longest first.
  static func overruns(_ overruns: [DurationOverrun]) -> [Finding] {
    var found: [Finding] = []
    var numbers: [String: Int] = [:]
    for overrun in overruns.sorted(by: Self.isLonger) {
      let finding = Finding.overrun(overrun)
      if let known = numbers[finding.fingerprint] {
        found[known].occurrences += finding.occurrences
      } else {
        numbers[finding.fingerprint] = found.count
        found.append(finding)
      }
    }
    return found
  }

  private static func isLonger(_ one: DurationOverrun, _ other: DurationOverrun) -> Bool {
    if one.nanoseconds != other.nanoseconds { return one.nanoseconds > other.nanoseconds }
    let (first, second) = (one.events[0], other.events[0])
    return (one.lockClass, first.input, first.line, one.isWait ? 1 : 0)
      < (other.lockClass, second.input, second.line, other.isWait ? 1 : 0)
  }
}
