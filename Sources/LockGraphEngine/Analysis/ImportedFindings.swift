extension [Finding] {
  /// With the findings of other validators added; what both found is one finding, with the evidence
  /// that events gave.
  func including(_ reports: [ImportedFacts.Report], of inputs: [TraceInput]) -> [Finding] {
    guard !reports.isEmpty else { return self }
    var all = self
    var index: [String: Int] = [:]
    for (number, finding) in all.enumerated() { index[finding.fingerprint] = number }
    for report in reports {
      if let known = index[report.finding.fingerprint] {
        all[known] = all[known].together(with: report.finding, of: inputs, report.input)
      } else {
        all.append(report.finding.standing(in: inputs[Int(report.input)].name))
      }
    }
    return all
  }
}

extension [Finding] {
  /// What is an error in one input and a warning in another is one finding.
  var withoutMilderLikes: [Finding] {
    guard contains(where: { $0.severity == .warning }) else { return self }
    var result: [Finding] = []
    for finding in self {
      if let known = result.firstIndex(where: { $0.fingerprint == finding.fingerprint }) {
        let occurrences = result[known].occurrences &+ finding.occurrences
        if finding.isSurer(than: result[known]) { result[known] = finding }
        result[known].occurrences = occurrences
      } else {
        result.append(finding)
      }
    }
    return result
  }

  /// Without the circles that a join closes and that are a deadlock that happened besides.
  var withoutJoinsThatHappened: [Finding] {
    let happened = Set(lazy.compactMap(\.fingerprintAsInversion))
    return happened.isEmpty
      ? self : filter { !$0.isClosedByJoin || !happened.contains($0.fingerprint) }
  }
}

extension Finding {
  /// One finding of two that are alike, the surer one.
  fileprivate func together(
    with other: Finding, of inputs: [TraceInput], _ input: UInt32
  ) -> Finding {
    var result = self
    if other.isSurer(than: self) {
      result = other.standing(in: inputs[Int(input)].name)
    }
    result.occurrences = occurrences &+ other.occurrences
    return result
  }

  /// With the name of the input in all its evidence.
  func standing(in input: String) -> Finding {
    var finding = self
    for edge in finding.edges.indices {
      for witness in finding.edges[edge].witnesses.indices {
        finding.edges[edge].witnesses[witness].input = input
      }
    }
    for event in finding.events.indices { finding.events[event].input = input }
    for waiter in finding.waiters.indices { finding.waiters[waiter].input = input }
    return finding
  }
}
