// A potential deadlock, told to somebody who is tired: what could happen, where that is from, why
// it counts, what helps.

extension TextReport {
  /// Of a long cycle the first and last of its steps are shown.
  private static var shownSteps: (first: Int, last: Int) { (6, 2) }

  mutating func addInversion(_ finding: Finding) {
    let scenario = InversionScenario(finding)
    addScenario(scenario, finding)
    addSchedule(finding)
    addEvidence(scenario, finding)
    heading("Why it counts")
    for reason in reasons(scenario, finding) { wrapped(reason, indent: 4, hanging: 2) }
    heading("What helps")
    for advice in advice(scenario, finding) { wrapped("- " + advice, indent: 4, hanging: 2) }
  }

  func shown<Element>(
    _ all: [Element]
  ) -> (shown: [Element], omitted: Int, cut: Int) {
    let (first, last) = Self.shownSteps
    guard all.count > first + last + 1 else { return (all, 0, all.count) }
    return (Array(all.prefix(first) + all.suffix(last)), all.count - first - last, first)
  }

  mutating func addEvidence(_ scenario: InversionScenario, _ finding: Finding) {
    heading("Where each order comes from")
    let (edges, omitted, cut) = shown(finding.edges)
    let hasReaders = finding.edges.contains { $0.kinds != .en }
    for (number, edge) in edges.enumerated() {
      if number == cut, omitted > 0 {
        line("    … \(Counted.grouped(omitted, "more order")) in between …")
      }
      let count = edge.count > 0 ? ", \(Counted.grouped(edge.count, "time"))" : ""
      wrapped(
        "\(edge.from.withVisibleControls) -> \(edge.to.withVisibleControls)\(count)",
        indent: 4, hanging: 2)
      if hasReaders { wrapped(edge.modeText, indent: 6, hanging: 2) }
      // On a cycle of one class all its sides are witnesses of the one edge.
      let own = scenario.isOneClass ? scenario.sides : [edge.witnesses[0]]
      for witness in own.prefix(4) { add(witness, scenario) }
      if edge.hasMoreWitnesses {
        wrapped(
          "there were more different ones than the \(edge.witnesses.count) that were kept",
          indent: 6, hanging: 2)
      }
      let others = edge.witnesses.dropFirst(own.count)
      guard !others.isEmpty else { continue }
      let named = others.prefix(3).map {
        "\($0.thread.withVisibleControls) \(TextLayout.whole("at \($0.input):\($0.line)"))"
      }
      let more = others.count > 3 ? " and \(others.count - 3) more" : ""
      wrapped(
        "also: \(named.joined(separator: ", "))\(more)", indent: 6, hanging: 2)
    }
  }

  private mutating func add(_ witness: Witness, _ scenario: InversionScenario) {
    let verbs = ["\(scenario.thread(witness)) took", "and asked for"]
    for (verb, lock) in zip(verbs, [witness.held, witness.wanted]) {
      wrapped(
        "\(verb) \(lock.shownName)\(InversionScenario.mode(lock))" + at(lock, witness.input),
        indent: 6, hanging: 2)
      addContext(of: lock, indent: 10)
    }
    guard !witness.alsoHeld.isEmpty else { return }
    let others = witness.alsoHeld.prefix(6).map {
      "\($0.shownName)\(InversionScenario.knownMode($0))"
    }
    let more = witness.alsoHeld.count > 6 ? " and \(witness.alsoHeld.count - 6) more" : ""
    wrapped(
      "while it also held \(others.joined(separator: ", "))\(more)", indent: 6, hanging: 2)
  }

  func reasons(_ scenario: InversionScenario, _ finding: Finding) -> [String] {
    var reasons: [String] = []
    if scenario.waitsBehindWriter {
      reasons.append(
        "A writer that asks for the lock between the two waits for the first to be given up, and the second "
          + "waits behind that writer.")
    } else if scenario.isOneLock {
      reasons.append("The thread asks for a lock that only it can release.")
    } else if finding.isHiddenByNestingLevels {
      reasons.append(
        "The nesting levels say that the order of these locks is taken care of, but the same locks are "
          + "taken at one level here and at another there.")
    } else if finding.edges.contains(where: { $0.from == $0.to }), !scenario.isOneClass {
      reasons.append(
        "Nestings of these locks' class are judged by instance, and these very locks are nested in a circle."
      )
    } else if finding.classes.count == 1 {
      reasons.append(
        "Which of two locks of one class comes first is up to the data, so two threads may nest them "
          + "the other way round.")
    } else if finding.edges.contains(where: \.areKindsAssumed) {
      reasons.append(
        "How the locks were held and asked for is not told; the worst, exclusively, is assumed.")
    } else if scenario.readerSteps.isEmpty {
      reasons.append("Each lock is held exclusively while the next is asked for.")
    } else {
      reasons += scenario.readerSteps
    }
    if let sentence = finding.confidenceSentence { reasons.append(sentence) }
    return reasons + scenario.waysOut
  }

  func advice(_ scenario: InversionScenario, _ finding: Finding) -> [String] {
    let words = WordsOfLocks(finding)
    if scenario.isOneLock { return adviceForOneLock(scenario.sides[0], words) }
    if finding.edges.contains(where: { $0.from == $0.to }), !scenario.isOneClass {
      return [
        "Take these locks in one order everywhere, for example that of their numbers or paths."
      ]
    }
    if finding.classes.count == 1 || finding.isHiddenByNestingLevels {
      return [words.orderWithinClass, words.outerLock]
    }
    let last = finding.edges[finding.edges.count - 1]
    let (to, from) = (last.to.withVisibleControls, last.from.withVisibleControls)
    return [
      "Choose one order and take the locks in it everywhere, for example \(to) before \(from).",
      "Or release \(from) before asking for \(to).",
      "Or try the second lock and, if that fails, release the first and begin again.",
    ]
  }

  private func adviceForOneLock(_ side: Witness, _ words: WordsOfLocks) -> [String] {
    let first =
      "Do not take it again: pass on that it is held, or split what needs it held from what takes it."
    switch (side.held.mode, side.wanted.mode) {
    case _ where side.wanted.kind == .queue: return [Self.queueAdvice]
    case (.write, .write) where side.wanted.kind == nil || side.wanted.kind?.isMutex == true:
      return [first, words.recursive]
    case (.write, .write) where side.wanted.kind?.isReadWrite != true: return [first]
    case (.write, _), (.upgradable, .upgradable):
      return [first, words.writerReenters].compactMap(\.self)
    case (_, .write): return words.upgrade
    default: return [first, words.readerReenters]
    }
  }
}
