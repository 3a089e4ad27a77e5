/// A finding with what the gate makes of it and where it is, for formats that others read: names and texts are short
/// enough for them.
struct JudgedFinding {
  /// From 1, in the order of the analysis.
  let number: Int
  let finding: Finding
  let standing: GateVerdict.Standing
  /// The finding's, or where another finding of the report has the same, made different from it.
  let fingerprint: String
  /// What each thread does in it; empty where nothing is known.
  let paths: [FindingPath]
  /// Where to show it.
  let place: ReportPlace

  /// All that the report for people says of it, without a newline at its end.
  var evidence: String {
    var text = TextReport(self).text
    while text.last == "\n" { text.removeLast() }
    return text
  }

  /// All findings of an analysis, in its order.
  static func all(
    _ analysis: Analysis, _ verdict: GateVerdict, _ settings: ReportSettings
  ) -> [JudgedFinding] {
    precondition(
      analysis.findings.count == verdict.standings.count, "every finding needs a standing")
    var names = UniqueNames()
    let elsewhere = settings.place(of: analysis.inputs)
    return zip(analysis.findings, verdict.standings).enumerated().map { number, judged in
      let finding = judged.0.withShortTexts
      let paths = FindingPath.paths(of: finding, settings)
      return JudgedFinding(
        number: number + 1, finding: finding, standing: judged.1,
        fingerprint: names.unique(finding.fingerprint), paths: paths,
        place: paths.primaryPlace ?? elsewhere)
    }
  }
}

extension Finding {
  /// The rule, and the confidence if it has one.
  var tag: String {
    confidence.map { "\(rule.rawValue), \($0.rawValue)" } ?? rule.rawValue
  }

  /// The same with names that a person could read. Places stay whole unless they are none.
  fileprivate var withShortTexts: Finding {
    var finding = self
    finding.title = title.shortened(to: 400)
    finding.confidenceReason = confidenceReason?.shortened(to: 1000)
    finding.classes = classes.map(Self.name)
    for edge in edges.indices {
      finding.edges[edge].from = Self.name(edges[edge].from)
      finding.edges[edge].to = Self.name(edges[edge].to)
      finding.edges[edge].witnesses = edges[edge].witnesses.map { witness in
        var short = witness
        short.thread = Self.name(witness.thread)
        short.held = Self.lock(witness.held)
        short.wanted = Self.lock(witness.wanted)
        short.alsoHeld = witness.alsoHeld.map(Self.lock)
        short.input = Self.place(witness.input)
        return short
      }
    }
    finding.events = events.map { event in
      var short = event
      short.thread = Self.name(event.thread)
      short.lock = event.lock.map(Self.lock)
      short.at = event.at.map(Self.place)
      short.stack = event.stack.map(Self.place)
      short.input = Self.place(event.input)
      return short
    }
    finding.waiters = waiters.map { waiter in
      var short = waiter
      short.thread = Self.name(waiter.thread)
      short.blockedBy = Self.name(waiter.blockedBy)
      short.wanted = waiter.wanted.map(Self.lock)
      short.held = waiter.held.map(Self.lock)
      short.at = waiter.at.map(Self.place)
      short.stack = waiter.stack.map(Self.place)
      short.input = Self.place(waiter.input)
      return short
    }
    return finding
  }

  private static func name(_ text: String) -> String { text.shortened(to: 200) }

  /// Longer than any path with a line and column.
  private static func place(_ text: String) -> String { text.shortened(to: 4200) }

  private static func lock(_ lock: WitnessedLock) -> WitnessedLock {
    var short = lock
    short.lock = name(lock.lock)
    short.lockClass = name(lock.lockClass)
    short.at = lock.at.map(place)
    short.stack = lock.stack.map(place)
    return short
  }
}
