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
        all[known].occurrences &+= report.finding.occurrences
      } else {
        all.append(report.finding.standing(in: inputs[Int(report.input)].name))
      }
    }
    return all
  }
}

extension Finding {
  /// With the name of the input in all its evidence.
  func standing(in input: String) -> Finding {
    var finding = self
    for edge in finding.edges.indices {
      for witness in finding.edges[edge].witnesses.indices {
        finding.edges[edge].witnesses[witness].input = input
      }
    }
    for event in finding.events.indices { finding.events[event].input = input }
    return finding
  }
}
