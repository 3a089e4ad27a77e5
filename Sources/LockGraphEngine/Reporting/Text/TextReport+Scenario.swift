// What could happen by a potential deadlock, told so that it is true: what would have to meet where
// the trace shows an order and no more.

extension TextReport {
  mutating func addScenario(_ scenario: InversionScenario, _ finding: Finding) {
    let isOpen = finding.confidence == .ordering && !scenario.isSupposed
    heading(
      finding.confidence == .excluded
        ? "What would happen if nothing kept it from happening"
        : isOpen ? "What would have to meet" : "What could happen")
    let (sides, omitted, cut) = shown(scenario.sides)
    let first = threads(sides.prefix(cut), scenario, asks: isOpen)
    let isOfThreads = scenario.threadCount == scenario.sides.count
    add(
      scenario.isSupposed ? first + [supposedThread(scenario.sides[0])] : first, omitted: omitted,
      of: isOfThreads ? "thread" : "order", threads(sides.dropFirst(cut), scenario, asks: isOpen))
    for sentence in scenario.ending(finding) { wrapped(sentence, indent: 4) }
  }

  /// Each thread once, with all that it does.
  private func threads(
    _ sides: ArraySlice<Witness>, _ scenario: InversionScenario, asks: Bool
  ) -> [ThreadSteps] {
    var threads: [ThreadSteps] = []
    for side in sides {
      threads.add(
        scenario.thread(side), isKnown: side.hasThread, steps(side, scenario, asks: asks))
    }
    return threads
  }

  private func steps(
    _ side: Witness, _ scenario: InversionScenario, asks: Bool
  ) -> [ThreadSteps.Step] {
    let ending = side.options.intersection(.canGiveUp).names.joined(separator: ", ")
    let writer =
      scenario.waitsBehindWriter
      ? [ThreadSteps.Step(action: "a writer comes to wait for \(side.wanted.shownName)")] : []
    return [
      ThreadSteps.Step(
        action: "holds \(side.held.shownName)\(InversionScenario.mode(side.held))",
        place: Self.place(side.held, side.input))
    ] + writer + [
      ThreadSteps.Step(
        action: "\(asks ? "asks" : "waits") for \(side.wanted.shownName)"
          + InversionScenario.mode(side.wanted) + (ending.isEmpty ? "" : " (\(ending))"),
        place: Self.place(side.wanted, side.input))
    ]
  }

  /// The other thread that would be needed where only one nesting of two locks of a class was seen.
  private func supposedThread(_ witness: Witness) -> ThreadSteps {
    ThreadSteps(
      thread: "another thread",
      steps: [
        ThreadSteps.Step(
          action: "holds \(witness.wanted.shownName)",
          place: TextLayout.whole("(not seen in this trace)")),
        ThreadSteps.Step(
          action: "waits for \(witness.held.shownName)", place: TextLayout.whole("by the same code")
        ),
      ])
  }
}

extension Witness {
  /// Whether the evidence names the thread.
  var hasThread: Bool { thread != Witness.unknownThread }
}

extension InversionScenario {
  /// A reader asks once more for the lock that it reads, and waits behind a writer in between.
  var waitsBehindWriter: Bool {
    isOneLock && !sides[0].wanted.mode.waits(for: sides[0].held.mode)
  }

  /// How the scenario ends; of an order alone, what would have to be so.
  package func ending(_ finding: Finding) -> [String] {
    let end = finding.recoverable == true ? "until one gives up." : "for ever."
    if isOneLock {
      let thread = thread(sides[0])
      guard waitsBehindWriter else { return ["and waits for itself, \(end)"] }
      return [
        "and waits behind the writer, which waits for what \(thread) holds, \(end)"
      ]
    }
    let threads = threadCount
    guard finding.confidence == .ordering, !isSupposed else {
      return threads < sides.count
        ? ["and as many threads as places would wait for each other, \(end)"]
        : ["and each waits for the next, \(end)"]
    }
    var conditions: [String] = []
    if threads < sides.count {
      conditions.append("\(Counted.grouped(sides.count, "thread")) to be there at once")
    }
    for (one, next) in meetings where one.wanted.lock != next.held.lock {
      let (wanted, held) = (one.wanted.lock, next.held.lock)
      conditions.append(
        "\(wanted.withVisibleControls) and \(held.withVisibleControls) to be one lock")
    }
    for (one, next) in meetings
    where finding.lacksWriter && !one.wanted.mode.waits(for: next.held.mode) {
      conditions.append("a writer to come to wait for \(one.wanted.shownName)")
    }
    if conditions.isEmpty { conditions = ["all of them to be there at once"] }
    let shown = conditions.prefix(4).joined(separator: ", ")
    let more = conditions.count > 4 ? ", and \(conditions.count - 4) more like that" : ""
    return ["It takes \(shown)\(more); then each waits for the next."]
  }

  /// How many threads the sides are of; those without a name may be different ones.
  var threadCount: Int {
    let (known, unknown) = (sides.filter(\.hasThread), sides.filter { !$0.hasThread })
    return Set(known.map(thread)).count + unknown.count
  }

  /// Each side with the one that it waits for.
  private var meetings: [(Witness, Witness)] {
    sides.indices.map { (sides[$0], sides[($0 + 1) % sides.count]) }
  }
}
