/// A potential deadlock, told to somebody who is tired: what could happen, where that is from, why it counts,
/// what helps.

extension TextReport {
  /// Of a long cycle the first and last of its steps are shown.
  private static var shownSteps: (first: Int, last: Int) { (6, 2) }

  mutating func addInversion(_ finding: Finding) {
    addScenario(finding)
    addEvidence(finding)
    heading("Why it counts")
    for reason in reasons(finding) { wrapped(reason, indent: 4, hanging: 2) }
    heading("What helps")
    for advice in advice(finding) { wrapped(advice, indent: 4, hanging: 2) }
  }

  private func shown(_ edges: [FindingEdge]) -> (edges: [FindingEdge], omitted: Int, at: Int) {
    let (first, last) = Self.shownSteps
    guard edges.count > first + last + 1 else { return (edges, 0, edges.count) }
    return (Array(edges.prefix(first) + edges.suffix(last)), edges.count - first - last, first)
  }

  private mutating func addScenario(_ finding: Finding) {
    heading(
      finding.confidence == .excluded
        ? "What would happen if nothing kept it from happening" : "What could happen")
    let (edges, omitted, cut) = shown(finding.edges)
    var steps = edges.enumerated().map { number, edge in
      scenarioColumn(edge.witnesses[0], side: number + 1)
    }
    let first = finding.edges[0].witnesses
    if finding.classes.count == 1, first[0].held.lock != first[0].wanted.lock {
      steps =
        first.count > 1 && finding.confidence != .ordering
        ? first.prefix(4).enumerated().map { scenarioColumn($1, side: $0 + 1) }
        : [scenarioColumn(first[0], side: 1), mirrored(first[0])]
    }
    if omitted == 0, let rows = TextLayout.columns(steps, width: width - 4) {
      for row in rows { line("    " + row) }
    } else {
      for (number, step) in steps.enumerated() {
        if number == cut { line("    … \(TextLayout.count(omitted, "more thread")) in between …") }
        wrapped(step[0] + ": " + step[2...].joined(separator: ", "), indent: 4, hanging: 2)
      }
    }
    wrapped(
      steps.count == 1
        ? "and waits for itself for ever." : "and each waits for the next, for ever.", indent: 4)
  }

  private func scenarioColumn(_ witness: Witness, side: Int) -> [String] {
    let thread = witness.thread.withVisibleControls
    func place(_ lock: WitnessedLock) -> String {
      "at \((lock.place ?? "\(witness.input):\(lock.line)").withVisibleControls)"
    }
    let ending = witness.options.intersection(.canGiveUp).names.joined(separator: ", ")
    return [
      thread, String(repeating: "-", count: min(max(thread.count, 12), 26)),
      "holds \(named(witness.held).withVisibleControls)\(modeNote(witness.held))",
      "  " + place(witness.held),
      "waits for \(named(witness.wanted).withVisibleControls)\(modeNote(witness.wanted))"
        + (ending.isEmpty ? "" : " (\(ending))"),
      "  " + place(witness.wanted),
    ]
  }

  /// The other thread that would be needed where only one nesting of two locks of a class was seen.
  private func mirrored(_ witness: Witness) -> [String] {
    [
      "another thread", "------------",
      "holds \(named(witness.wanted).withVisibleControls)",
      "  (not seen in this trace)",
      "waits for \(named(witness.held).withVisibleControls)",
      "  by the same code",
    ]
  }

  private func modeNote(_ lock: WitnessedLock) -> String {
    lock.mode == .write ? "" : " (\(lock.mode.name))"
  }

  private mutating func addEvidence(_ finding: Finding) {
    heading("Where each order comes from")
    let (edges, omitted, cut) = shown(finding.edges)
    for (number, edge) in edges.enumerated() {
      if number == cut, omitted > 0 {
        line("    … \(TextLayout.count(omitted, "more order")) in between …")
      }
      let times = TextLayout.count(edge.count, "time")
      wrapped(
        "\(edge.from.withVisibleControls) -> \(edge.to.withVisibleControls)  "
          + "[\(edge.kinds.names.joined(separator: " "))], \(times)", indent: 4, hanging: 2)
      add(edge.witnesses[0])
      let others = edge.witnesses.dropFirst()
      guard !others.isEmpty else { continue }
      let named = others.prefix(3).map { "\($0.thread) at \($0.input):\($0.line)" }
      let more = others.count > 3 ? " and \(others.count - 3) more" : ""
      wrapped(
        "also: \(named.joined(separator: ", "))\(more)".withVisibleControls, indent: 6, hanging: 2)
    }
  }

  private mutating func add(_ witness: Witness) {
    wrapped(
      ("\(witness.thread) took \(named(witness.held))\(modeNote(witness.held))"
        + at(witness.held, witness.input)).withVisibleControls, indent: 6, hanging: 2)
    wrapped(
      ("and asked for \(named(witness.wanted))\(modeNote(witness.wanted))"
        + at(witness.wanted, witness.input)).withVisibleControls, indent: 6, hanging: 2)
    for (role, lock) in [("took", witness.held), ("asked", witness.wanted)]
    where lock.at != nil && !lock.stack.isEmpty {
      wrapped(
        "\(role) in \(lock.stack.prefix(8).joined(separator: " < "))".withVisibleControls,
        indent: 8, hanging: 2)
    }
    guard !witness.alsoHeld.isEmpty else { return }
    let others = witness.alsoHeld.prefix(6).map { "\(named($0)) (\($0.mode.name))" }
    let more = witness.alsoHeld.count > 6 ? " and \(witness.alsoHeld.count - 6) more" : ""
    wrapped(
      "while it also held \(others.joined(separator: ", "))\(more)".withVisibleControls, indent: 6,
      hanging: 2)
  }

  private func reasons(_ finding: Finding) -> [String] {
    var reasons: [String] = []
    let kinds = finding.edges.map(\.decidingKind)
    if finding.classes.count == 1 {
      reasons.append(
        finding.edges[0].witnesses[0].held.lock == finding.edges[0].witnesses[0].wanted.lock
          ? "The thread asks for a lock that only it can release."
          : "Which of two locks of one class comes first is up to the data, so two threads may nest "
            + "them the other way round.")
    } else if kinds.allSatisfy({ $0 == .en }) {
      reasons.append(
        "Every step blocks: each lock is held exclusively while the next is asked for.")
    } else {
      let words = kinds.prefix(8).map(Self.explain).joined(separator: "; ")
      reasons.append("Every step blocks, readers considered: \(words).")
    }
    switch finding.confidence {
    case .feasible:
      reasons.append(
        finding.classes.count == 1
          && finding.edges[0].witnesses[0].held.lock == finding.edges[0].witnesses[0].wanted.lock
          ? "feasible: it is the same lock."
          : "feasible: different threads did this on the same locks, and nothing keeps them apart.")
    case .ordering:
      reasons.append(
        "ordering: \(finding.confidenceReason ?? ""). Nothing shows that another run could not."
          .withVisibleControls)
    case .excluded:
      reasons.append(
        "excluded in this trace: \(finding.confidenceReason ?? ""). If that changes in the code, this "
          .withVisibleControls + "becomes a deadlock.")
    default: break
    }
    if finding.recoverable == true {
      reasons.append("A waiter in it can give up, so a signal, kill or time-out would resolve it.")
    }
    return reasons
  }

  private static func explain(_ kind: DependencyKinds) -> String {
    switch kind {
    case .en: "EN held exclusively, asked for by a writer or a reader that waits for writers"
    case .er: "ER held exclusively, asked for by a recursive reader"
    case .sn: "SN held shared, asked for by a writer or a reader that waits for writers"
    default: "SR held shared, asked for by a recursive reader"
    }
  }

  private func advice(_ finding: Finding) -> [String] {
    if finding.classes.count == 1 {
      return [
        "- If it is the same lock: do not take it again, or make it recursive.",
        "- If the locks of the class have an order: take them in it and say so (rank=, subclass=).",
        "- If an outer lock serialises them: say so (nest=).",
      ]
    }
    let last = finding.edges[finding.edges.count - 1]
    return [
      "- Choose one order and take the locks in it everywhere, for example "
        + "\(last.to.withVisibleControls) before \(last.from.withVisibleControls).",
      "- Or release \(last.from.withVisibleControls) before asking for "
        + "\(last.to.withVisibleControls).",
      "- Or try the second lock and, if that fails, release the first and begin again.",
    ]
  }
}
