/// What the events say of cycles.
typealias CyclePredictor = ([CycleQuestion]) -> [CycleAnswer]

/// Inversions of which the events are asked, all at once, whether they end in them.
struct AskedInversions {
  private let graph: LockOrderGraph
  private let predict: CyclePredictor?
  private var inversions: [Inversion] = []
  private var questions: [CycleQuestion] = []
  /// The numbers of questions, by inversion.
  private var numbers: [Int?] = []

  init(_ graph: LockOrderGraph, _ predict: CyclePredictor?) {
    self.graph = graph
    self.predict = predict
  }

  /// - Parameter tellsPlaces: whether it is of the places of its witnesses alone.
  mutating func add(_ inversion: Inversion, tellsPlaces: Bool) {
    inversions.append(inversion)
    guard predict != nil,
      let question = CycleQuestion(inversion, graph, tellsPlaces: tellsPlaces)
    else { return numbers.append(nil) }
    numbers.append(questions.count)
    questions.append(question)
  }

  /// The findings of all, as sure as the events make them.
  func answered(_ finding: (Inversion) -> Finding) -> [Finding] {
    let answers = questions.isEmpty ? [] : predict?(questions) ?? []
    return zip(inversions, numbers).map { inversion, number in
      var finding = finding(inversion)
      if let number { finding.apply(answers[number]) }
      return finding
    }
  }
}

extension Finding {
  /// Makes it as sure as the events do.
  fileprivate mutating func apply(_ answer: CycleAnswer) {
    switch answer {
    case .predicted(let schedule):
      self.schedule = schedule
      confidence = .predicted
      confidenceReason = nil
    case .excluded(let reason):
      confidence = .excluded
      confidenceReason = reason
    case .ordered(let reason):
      confidence = .ordering
      confidenceReason = reason
    case .undecided(let reason):
      guard confidence == .feasible, let reason else { return }
      confidenceReason = "not decided whether this run in another order deadlocks: \(reason)"
    }
    if let confidence { severity = confidence.severity }
  }
}
