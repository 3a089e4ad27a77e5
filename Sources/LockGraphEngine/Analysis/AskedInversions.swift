/// What the events say of cycles.
typealias CyclePredictor = ([CycleQuestion]) -> [CycleAnswer]

/// Findings of inversions of which the events are asked, all at once, whether they end in them.
struct AskedInversions {
  private let graph: LockOrderGraph
  private let predict: CyclePredictor?
  private var findings: [Finding] = []
  private var questions: [CycleQuestion] = []
  /// The numbers of questions, by finding.
  private var numbers: [Int?] = []

  init(_ graph: LockOrderGraph, _ predict: CyclePredictor?) {
    self.graph = graph
    self.predict = predict
  }

  /// - Parameter locks: those of its input.
  mutating func add(
    _ inversion: JoinInversionStore.Inversion, as finding: Finding, _ locks: ClassLocks
  ) {
    add(finding, predict == nil ? nil : CycleQuestion(inversion, locks))
  }

  /// - Parameter tellsPlaces: whether it is of the places of its witnesses alone.
  mutating func add(_ inversion: Inversion, as finding: Finding, tellsPlaces: Bool) {
    add(
      finding,
      predict == nil ? nil : CycleQuestion(inversion, graph, tellsPlaces: tellsPlaces))
  }

  private mutating func add(_ finding: Finding, _ question: CycleQuestion?) {
    findings.append(finding)
    guard var question else { return numbers.append(nil) }
    question.fingerprints = CycleFingerprints(finding)
    numbers.append(questions.count)
    questions.append(question)
  }

  /// The findings of all, as sure as the events make them.
  ///
  /// - Parameter verdicts: takes what holds whatever other inputs show, if it is asked for.
  func answered(keeping verdicts: inout CycleVerdicts?) -> [Finding] {
    let answers = questions.isEmpty ? [] : predict?(questions) ?? []
    var findings = findings
    for (position, number) in numbers.enumerated() {
      if let number {
        let answer = answers[number]
        findings[position].apply(answer)
        verdicts?.add(answer.verdict, of: questions[number].fingerprints, input: 0)
      } else if verdicts != nil, findings[position].confidence == .excluded {
        verdicts?.add(
          .excluded(findings[position].confidenceReason ?? ""),
          of: CycleFingerprints(findings[position]), input: 0)
      }
    }
    return findings
  }
}

extension CycleFingerprints {
  fileprivate init(_ finding: Finding) {
    self.init(
      ofClasses: finding.fingerprint, ofPlaces: finding.tellingLocks().fingerprint)
  }
}

extension CycleAnswer {
  fileprivate var verdict: CycleVerdict? {
    if case .decided(let verdict) = self { verdict } else { nil }
  }
}

extension Finding {
  /// Makes it as sure as the events do.
  mutating func apply(_ answer: CycleAnswer) {
    switch answer {
    case .decided(.predicted(let schedule)):
      self.schedule = schedule
      confidence = .predicted
      confidenceReason = nil
    case .decided(.excluded(let reason)):
      confidence = .excluded
      confidenceReason = reason
    case .decided(.ordered(let reason)):
      confidence = .ordering
      confidenceReason = reason
    case .undecided(let reason):
      guard confidence == .feasible, let reason else { return }
      confidenceReason = "not decided whether this run in another order deadlocks: \(reason)"
    }
    if let confidence { severity = confidence.severity }
  }
}
