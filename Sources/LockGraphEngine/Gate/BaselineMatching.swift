/// Which entry of a baseline is which finding.
///
/// 1. An entry whose fingerprint a finding has is that finding.
/// 2. Of the others, those with equal fingerprints but for lines and addresses are one problem that
///    moved: one entry is one finding, in the order of both lists; findings that would fail
///    otherwise come first.
struct BaselineMatching {
  /// The entry of each finding.
  private(set) var claims: [Int?]

  /// - Parameter isOpen: whether a finding fails if no entry is its.
  /// - Complexity: expected O(findings + entries).
  init(_ findings: [Finding], isOpen: [Bool], _ baseline: Baseline) {
    var exact: [String: Int] = [:]
    for (number, entry) in baseline.entries.enumerated() { exact[entry.fingerprint] = number }
    claims = findings.map { exact[$0.fingerprint] }
    let claimed = Set(claims.compactMap(\.self))
    var moved: [String: [Int]] = [:]
    for number in baseline.entries.indices.reversed() where !claimed.contains(number) {
      moved[baseline.entries[number].lineFreeKey, default: []].append(number)
    }
    guard !moved.isEmpty else { return }
    for turn in [true, false] {
      for (number, finding) in findings.enumerated()
      where isOpen[number] == turn && claims[number] == nil {
        claims[number] = moved[finding.lineFreeFingerprint ?? finding.fingerprint]?.popLast()
      }
    }
  }
}
