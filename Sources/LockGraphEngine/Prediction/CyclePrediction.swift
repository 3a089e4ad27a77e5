/// Answers what can be asked of cycles, input by input.
struct CyclePrediction {
  /// How much may be done.
  struct Limits {
    /// Bytes that an execution may take.
    var size = 1 << 30
    /// Circles that are looked at for one question, and steps of the search for them.
    var patterns = 1_000
    var searchWork = 200_000
    /// Both for all questions of an input.
    var allPatterns = 50_000
    var allSearchWork = 5_000_000
    /// Events that are looked at for all questions of an input, and how often each of its own. In
    /// long inputs, of which the events are in no cache, a million takes a fourteenth of a second.
    var work = 50_000_000
    var looksAtEach = 10
  }

  let table: LockTable
  let evidence: EvidenceStore
  let inputNames: [String]
  var limits = Limits()
  private(set) var answers: [CycleAnswer]
  private let questions: [CycleQuestion]

  init(
    _ questions: [CycleQuestion], of record: OrderRecord, inputNames: [String],
    limits: Limits = Limits()
  ) {
    self.questions = questions
    self.inputNames = inputNames
    self.limits = limits
    table = record.table
    evidence = record.evidence
    answers = questions.map { _ in .undecided(nil) }
  }

  /// The inputs that have to be read once more.
  var inputs: [UInt32] { Set(questions.flatMap(\.inputs)).sorted() }

  /// What takes the events of an input, with the places that are asked for numbered.
  ///
  /// - Parameter events: how many there are.
  func reader(ofInput input: UInt32, events: Int) -> ExecutionReader {
    var watch = ExecutionReader.Watch()
    for question in questions {
      watch.locks.formUnion(question.locks(ofInput: input))
      if case .waits(_, input) = question.sides { watch.watchesEnds = true }
      watch.queues.formUnion(question.queues)
    }
    return ExecutionReader(
      table, input: input, events: events, watch: watch, sizeLimit: limits.size)
  }

  /// Answers what an input has to say.
  mutating func answer(_ input: UInt32, _ read: ReadExecution) {
    if read.hasGaps {
      return leave(input, because: "events of \(inputNames[Int(input)]) were lost")
    }
    var search = PatternSearch(read.execution, work: limits.searchWork)
    var predictor = Predictor(execution: read.execution)
    predictor.isConsistent = read.isConsistent && !read.hasRepeats
    let words = PredictionWords(read: read, table: table, input: inputNames[Int(input)])
    predictor.budget.left = limits.work + limits.looksAtEach * read.execution.events.count
    var patternsLeft = limits.allPatterns
    var workLeft = limits.allSearchWork
    for number in open(input) {
      let question = questions[number]
      search.work = min(limits.searchWork, workLeft)
      let before = search.work
      // None takes it all.
      let budget = predictor.budget.left
      predictor.budget.left = budget / 4
      var decision = Decision()
      let isWhole = search.run(.of(cycle: sides(question.sides, input, read))) { pattern in
        patternsLeft -= 1
        decision.patterns += 1
        guard patternsLeft > 0, decision.patterns <= limits.patterns else { return false }
        decision.add(predictor.decide(pattern), pattern)
        return decision.witness == nil
      }
      workLeft -= before - search.work
      predictor.budget.left += budget - budget / 4
      if let schedule = decision.witness?.witness.schedule {
        predictor.budget.spend(onReplayOf: schedule)
      }
      give(input, answer(question, decision, isWhole: isWhole, read, words), to: number)
    }
  }

  /// An input cannot be read again.
  mutating func leave(_ input: UInt32, because reason: String?) {
    for number in open(input) { give(input, .undecided(reason), to: number) }
  }

  /// An input has no events; what is known of it was kept.
  ///
  /// - Parameter reason: why nothing is known of the rest.
  mutating func recall(_ input: UInt32, _ verdicts: CycleVerdicts, because reason: String?) {
    for number in open(input) {
      let question = questions[number]
      let verdict = verdicts.verdict(
        of: question.fingerprints, input: input, tellsPlaces: question.tellsPlaces)
      give(input, verdict.map { .decided($0) } ?? .undecided(reason), to: number)
    }
  }

  /// The questions that an input may answer.
  private func open(_ input: UInt32) -> [Int] {
    questions.indices.filter { number in
      if case .decided(.predicted) = answers[number] { return false }
      return questions[number].inputs.contains(input)
    }
  }

  /// What was decided of the circles of a question.
  private struct Decision {
    var patterns = 0
    var witness: (witness: Predictor.Witness, pattern: DeadlockPattern)?
    var refutation: (refutation: Predictor.Refutation, pattern: DeadlockPattern)?
    var isOpen = false

    mutating func add(_ verdict: Predictor.Verdict, _ pattern: DeadlockPattern) {
      switch verdict {
      case .predicted(let found): witness = (found, pattern)
      case .undecided: isOpen = true
      case .refuted(let found):
        // The weakest tells what all rest on.
        if refutation.map({ $0.refutation.causes.rawValue < found.causes.rawValue }) ?? true {
          refutation = (found, pattern)
        }
      }
    }
  }

  private func answer(
    _ question: CycleQuestion, _ decision: Decision, isWhole: Bool, _ read: ReadExecution,
    _ words: PredictionWords
  ) -> CycleAnswer {
    if let (witness, pattern) = decision.witness {
      return .decided(.predicted(words.schedule(witness, pattern)))
    }
    if !isWhole { return .undecided("there are more combinations than were looked at") }
    if read.hasRepeats { return .undecided("repeats were left out of the recording") }
    if !read.isConsistent { return .undecided("two threads have a lock at once in it") }
    if decision.isOpen { return .undecided("it takes more to tell than was spent") }
    guard question.isComplete else { return .undecided("more was seen of it than was kept") }
    guard let (refutation, pattern) = decision.refutation else {
      guard let lock = question.queues.min(by: { $0.rawValue < $1.rawValue }) else {
        return .undecided(nil)
      }
      return .decided(
        .ordered(
          "no thread but these writes \(table.name(of: lock)), and a reader waits behind "
            + "one who does"))
    }
    let reason = words.reason(refutation, pattern)
    return .decided(
      refutation.causes.isEmpty
        ? .excluded(reason)
        : .ordered("kept in order in this run by what need not order another: \(reason)"))
  }

  private func sides(
    _ sides: CycleQuestion.Sides, _ input: UInt32, _ read: ReadExecution
  ) -> [PatternSearch.Side] {
    func numbers(_ locks: Set<LockID>) -> Set<UInt32> {
      Set(locks.map { UInt32($0.index - read.firstLock) })
    }
    switch sides {
    case .dependencies(let sides):
      return sides.map { .nestings(nestings($0[input] ?? [], read)) }
    case .waits(let waits, _):
      return waits.map { wait in
        .wait(having: wait.held.map(numbers), for: wait.wanted.map(numbers), wait.mode)
      }
    }
  }

  private func nestings(
    _ pairs: Set<CycleQuestion.Pair>, _ read: ReadExecution
  ) -> Set<PatternSearch.Nesting> {
    Set(
      pairs.compactMap { pair in
        guard let heldPlace = number(pair.heldPlace, read), let place = number(pair.place, read)
        else { return nil }
        return PatternSearch.Nesting(
          held: UInt32(pair.held.index - read.firstLock),
          wanted: UInt32(pair.wanted.index - read.firstLock), heldPlace: heldPlace, place: place)
      })
  }

  private func number(_ place: CycleQuestion.Place, _ read: ReadExecution) -> UInt32? {
    evidence.places.withBytes(place.at) { at in
      evidence.places.withBytes(place.stack) { stack in
        read.placeNumber(at: place.at == 0 ? nil : at, stack: place.stack == 0 ? nil : stack)
      }
    }
  }

  /// Joins an input's answer with what was said before: a schedule says all, and one input that
  /// leaves it open leaves it open.
  private mutating func give(_ input: UInt32, _ answer: CycleAnswer, to number: Int) {
    switch (answers[number], answer) {
    case (_, .decided(.predicted)): answers[number] = answer
    case (.undecided, _) where questions[number].inputs.first != input: break
    case (.decided(.ordered), .decided(.excluded)): break
    default: answers[number] = answer
    }
  }
}
