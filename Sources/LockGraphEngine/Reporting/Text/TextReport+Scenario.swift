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
    var columns = omitted == 0 ? columns(scenario, asks: isOpen) : []
    if scenario.isSupposed { columns.append(supposedColumn(scenario.sides[0])) }
    if omitted == 0, let rows = TextLayout.columns(columns, width: width - 4) {
      for row in rows { line("    " + row) }
    } else {
      for (number, side) in sides.enumerated() {
        if number == cut { line("    … \(Counted.grouped(omitted, "more thread")) in between …") }
        wrapped(
          "\(scenario.thread(side)) holds \(side.held.shownName)"
            + "\(InversionScenario.mode(side.held)) (\(InversionScenario.place(side.held, side.input)))"
            + " and \(isOpen ? "asks" : "waits") for \(side.wanted.shownName)"
            + "\(InversionScenario.mode(side.wanted)) "
            + "(\(InversionScenario.place(side.wanted, side.input)))", indent: 4, hanging: 2)
      }
    }
    for sentence in scenario.ending(finding) { wrapped(sentence, indent: 4) }
  }

  /// One column a thread, with all that it does one below the other.
  private func columns(_ scenario: InversionScenario, asks: Bool) -> [[String]] {
    var columns: [[String]] = []
    var threads: [String] = []
    for side in scenario.sides {
      let thread = scenario.thread(side)
      if let known = threads.firstIndex(of: thread) {
        columns[known] += ["at another time"] + rows(side, scenario, asks: asks)
      } else {
        threads.append(thread)
        columns.append(
          [thread, String(repeating: "-", count: min(max(thread.count, 12), 26))]
            + rows(side, scenario, asks: asks))
      }
    }
    return columns
  }

  private func rows(
    _ side: Witness, _ scenario: InversionScenario, asks: Bool
  ) -> [String] {
    let ending = side.options.intersection(.canGiveUp).names.joined(separator: ", ")
    var rows = [
      "holds \(side.held.shownName)\(InversionScenario.mode(side.held))",
      "  at " + InversionScenario.place(side.held, side.input),
    ]
    if scenario.waitsBehindWriter {
      rows.append("a writer comes to wait")
      rows.append("  for \(side.wanted.shownName)")
    }
    return rows + [
      "\(asks ? "asks" : "waits") for \(side.wanted.shownName)"
        + InversionScenario.mode(side.wanted) + (ending.isEmpty ? "" : " (\(ending))"),
      "  at " + InversionScenario.place(side.wanted, side.input),
    ]
  }

  /// The other thread that would be needed where only one nesting of two locks of a class was seen.
  private func supposedColumn(_ witness: Witness) -> [String] {
    [
      "another thread", "------------",
      "holds \(witness.wanted.shownName)",
      "  (not seen in this trace)",
      "waits for \(witness.held.shownName)",
      "  by the same code",
    ]
  }
}

extension InversionScenario {
  /// A reader asks once more for the lock that it reads, and waits behind a writer in between.
  var waitsBehindWriter: Bool {
    isOneLock && !sides[0].wanted.mode.waits(for: sides[0].held.mode)
  }

  /// How the scenario ends; of an order alone, what would have to be so.
  func ending(_ finding: Finding) -> [String] {
    let end = finding.recoverable == true ? "until one gives up." : "for ever."
    if isOneLock {
      let thread = thread(sides[0])
      guard waitsBehindWriter else { return ["and waits for itself, \(end)"] }
      return [
        "and waits behind the writer, which waits for what \(thread) holds, \(end)"
      ]
    }
    let threads = Set(sides.map(thread)).count
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

  /// Each side with the one that it waits for.
  private var meetings: [(Witness, Witness)] {
    sides.indices.map { (sides[$0], sides[($0 + 1) % sides.count]) }
  }
}
