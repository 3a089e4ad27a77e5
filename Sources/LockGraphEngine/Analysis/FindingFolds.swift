/// Puts findings together that differ in nothing but their locks [semantics 26].
///
/// Findings whose classes are all stated stay as they are, and so do those of which no place is
/// known.
struct FindingFolds {
  /// In the order in which the first of each came.
  private(set) var findings: [Finding] = []
  private var numbers: [String: Int] = [:]
  private var sides = KnownSides()

  /// - Complexity: expected O(length of the finding).
  mutating func add(_ finding: Finding) {
    guard let fingerprint = finding.placeFingerprint(tellingLocks: false, &sides) else {
      findings.append(finding)
      return
    }
    var finding = finding
    finding.fingerprint = fingerprint.text
    finding.lineFreeFingerprint = fingerprint.lineFreeText
    guard let number = numbers[finding.fingerprint] else {
      numbers[finding.fingerprint] = findings.count
      findings.append(finding)
      return
    }
    Self.join(&findings[number], finding)
  }

  /// The one that is worse, surer or has the lesser names stands for both.
  private static func join(_ one: inout Finding, _ other: Finding) {
    var fold = one.fold ?? Finding.Fold(one)
    // One owner alone can grow it in place.
    one.fold = nil
    fold.add(other.fold ?? Finding.Fold(other))
    let occurrences = one.occurrences &+ other.occurrences
    if Finding.Example.precedes(Finding.Example(other), Finding.Example(one)) { one = other }
    one.fold = fold
    one.occurrences = occurrences
  }
}

extension Finding {
  /// What it is place by place, for findings of one dependency.
  var placeParts: [Finding] {
    guard edges.count == 1 else { return [self] }
    let witnesses = Dictionary(grouping: edges[0].witnesses) { witness in
      [witness.held, witness.wanted].map { PlaceFrames.texts(at: $0.at, stack: $0.stack) }
    }
    return witnesses.sorted { one, other in
      one.key.joined().lexicographicallyPrecedes(other.key.joined())
    }.map { _, witnesses in
      var part = self
      part.edges[0].witnesses = witnesses
      return part
    }
  }
}

extension [Finding] {
  /// With those put together that differ in nothing but their locks.
  func folded() -> [Finding] {
    var folds = FindingFolds()
    for finding in self { folds.add(finding) }
    return folds.findings
  }
}
