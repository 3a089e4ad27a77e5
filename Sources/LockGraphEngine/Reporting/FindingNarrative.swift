/// A finding in a few sentences, for formats that show a message with a finding. Of long cycles the
/// first threads are told.
struct FindingNarrative {
  /// How many threads are told of.
  static let pathLimit = 8

  let title: String
  let paths: [FindingPath]
  /// What comes after the threads' steps.
  let conclusions: [String]

  init(_ judged: JudgedFinding) {
    let finding = judged.finding
    title = finding.title.withVisibleControls
    paths = judged.paths
    var conclusions: [String] = []
    if paths.count > Self.pathLimit {
      conclusions.append("\(paths.count - Self.pathLimit) more threads take part.")
    }
    if let reason = finding.confidenceSentence { conclusions.append(reason) }
    if let fold = finding.fold {
      conclusions.append("It \(fold.text.withVisibleControls).")
    }
    if case .expired(let exception) = judged.standing {
      conclusions.append("Its exception has expired: \(exception.text).")
    }
    self.conclusions = conclusions
  }

  /// One sentence for each thread, one for each conclusion.
  ///
  /// - Parameters:
  ///   - text: writes what is no place, for instance with escapes.
  ///   - place: writes the place of a step; steps are counted from 1 through all threads.
  func sentences(
    text: (String) -> String = { $0 }, place: (ReportPlace, Int) -> String
  ) -> [String] {
    var number = 0
    let steps = paths.prefix(Self.pathLimit).map { path in
      let parts = path.steps.map { step in
        number += 1
        return text(step.action) + (step.endsInClause ? ", at " : " at ")
          + place(step.place, number)
      }
      if path.steps.contains(where: \.isSentence) { return parts.joined(separator: "; ") + "." }
      let last = parts.count > 1 ? " and " + parts[parts.count - 1] : ""
      let first = parts.count > 1 ? parts.dropLast() : parts[...]
      return text(path.thread) + " " + first.joined(separator: ", ") + last + "."
    }
    return steps + conclusions.map(text)
  }
}
