extension Analysis {
  /// Makes a finding of each root that something still waits for, of the rule `still-waiting`.
  ///
  /// - Complexity: O(findings × log findings).
  public mutating func addStillWaitingFindings() {
    var added: [Finding] = []
    var numbers: [String: Int] = [:]
    for finding in waiting.map(Finding.stillWaiting) {
      if let known = numbers[finding.fingerprint] {
        added[known].occurrences += 1
      } else {
        numbers[finding.fingerprint] = added.count
        added.append(finding)
      }
    }
    findings = (findings + added).sorted(by: Finding.precedes)
  }
}
