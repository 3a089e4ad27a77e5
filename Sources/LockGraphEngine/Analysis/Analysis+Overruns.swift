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
    var added: [(finding: Finding, nanoseconds: UInt64)] = []
    var numbers: [String: Int] = [:]
    let sorted = overruns.sorted(by: Self.isLonger)
    for overrun in sorted where rules.contains(overrun.isWait ? .longWait : .longHold) {
      let finding = Finding.overrun(overrun)
      if let known = numbers[finding.fingerprint] {
        added[known].finding.occurrences += finding.occurrences
      } else {
        numbers[finding.fingerprint] = added.count
        added.append((finding, overrun.nanoseconds))
      }
    }
    guard !added.isEmpty else { return 0 }
    findings += added.prefix(limit).map(\.finding)
    findings.sort(by: Finding.precedes)
    return max(0, added.count - limit)
  }

  private static func isLonger(_ one: DurationOverrun, _ other: DurationOverrun) -> Bool {
    if one.nanoseconds != other.nanoseconds { return one.nanoseconds > other.nanoseconds }
    let (first, second) = (one.events[0], other.events[0])
    return (one.lockClass, first.input, first.line, one.isWait ? 1 : 0)
      < (other.lockClass, second.input, second.line, other.isWait ? 1 : 0)
  }
}
