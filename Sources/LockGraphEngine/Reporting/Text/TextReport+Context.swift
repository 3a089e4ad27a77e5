// What an interrupt or signal can do, told with the interrupt in the interleaving.

extension TextReport {
  mutating func addContextInversion(_ finding: Finding) {
    guard let context = finding.context?.name,
      let used = finding.events.first(where: { $0.role == .usedIn }),
      let enabled = finding.events.first(where: { $0.role == .enabled })
    else {
      addEvents(finding)
      return
    }
    heading("What could happen")
    var columns = [interruptedColumn(used, enabled, finding, context)]
    let (sides, omitted, _) = shown(finding.edges.map { $0.witnesses[0] })
    columns += sides.map(column)
    if omitted == 0, let rows = TextLayout.columns(columns, width: width - 4) {
      for row in rows { line("    " + row) }
    } else {
      tell(used, enabled, finding.edges, context)
    }
    wrapped(
      finding.edges.isEmpty
        ? "and waits for itself, for ever." : "and each waits for the next, for ever.", indent: 4)

    heading("How it comes about")
    for event in finding.events { wrapped(describe(event, finding.context), indent: 4, hanging: 2) }
    if !finding.edges.isEmpty { addEvidence(InversionScenario(finding), finding) }

    heading("Why it counts")
    for reason in reasons(used, enabled, finding, context) {
      wrapped(reason, indent: 4, hanging: 2)
    }
    heading("What helps")
    for advice in advice(finding, context) { wrapped("- " + advice, indent: 4, hanging: 2) }
  }

  /// The code that holds a lock, and the interrupt that asks for another one.
  private func interruptedColumn(
    _ used: FindingEvent, _ enabled: FindingEvent, _ finding: Finding, _ context: String
  ) -> [String] {
    guard let held = enabled.lock, let wanted = used.lock else { return [] }
    let thread = enabled.thread.withVisibleControls
    var rows = [
      thread, String(repeating: "-", count: min(max(thread.count, 12), 26)),
      "holds \(held.shownName)\(InversionScenario.mode(held))",
      "  at " + InversionScenario.place(held, enabled.input),
    ]
    if let unmasked = finding.events.first(where: { $0.role == .unmasked }) {
      rows.append("unmasks \(context)s")
      rows.append("  at \(unmasked.input):\(unmasked.line)".withVisibleControls)
    }
    // A reader waits for another one only behind a writer.
    let keeper = finding.edges.first?.witnesses[0].held.mode ?? held.mode
    if wanted.mode.waitsBehindWriters, !wanted.mode.waits(for: keeper) {
      rows.append("a writer comes to wait")
      rows.append("  for \(wanted.shownName)")
    }
    return rows + [
      "<\(context)>",
      "  waits for \(wanted.shownName)\(InversionScenario.mode(wanted))",
      "    as at " + InversionScenario.place(wanted, used.input),
    ]
  }

  private func column(_ side: Witness) -> [String] {
    let thread = side.thread.withVisibleControls
    return [
      thread, String(repeating: "-", count: min(max(thread.count, 12), 26)),
      "holds \(side.held.shownName)\(InversionScenario.mode(side.held))",
      "  at " + InversionScenario.place(side.held, side.input),
      "waits for \(side.wanted.shownName)\(InversionScenario.mode(side.wanted))",
      "  at " + InversionScenario.place(side.wanted, side.input),
    ]
  }

  /// The same in sentences, where columns do not fit.
  private mutating func tell(
    _ used: FindingEvent, _ enabled: FindingEvent, _ edges: [FindingEdge], _ context: String
  ) {
    let (held, wanted) = (
      enabled.lock.map(\.shownName) ?? "", used.lock.map(\.shownName) ?? ""
    )
    let thread = enabled.thread.withVisibleControls
    wrapped(
      "\(thread) holds \(held); a \(context) comes, and waits for \(wanted)", indent: 4, hanging: 2)
    let (sides, omitted, cut) = shown(edges.map { $0.witnesses[0] })
    for (number, side) in sides.enumerated() {
      if number == cut, omitted > 0 {
        line("    … \(Counted.grouped(omitted, "more thread")) in between …")
      }
      wrapped(
        "\(side.thread.withVisibleControls) holds \(side.held.shownName) and waits for "
          + "\(side.wanted.shownName)", indent: 4, hanging: 2)
    }
  }

  private func reasons(
    _ used: FindingEvent, _ enabled: FindingEvent, _ finding: Finding, _ context: String
  ) -> [String] {
    let wanted = used.lock.map(\.shownName) ?? ""
    var reasons = [
      context == "nmi"
        ? "Nothing masks an nmi, so it can come wherever the lock is held."
        : "While the lock is held nothing masks \(context)s, so one can come there."
    ]
    reasons.append(
      finding.edges.isEmpty
        ? "The handler cannot get \(wanted) before the code that it interrupted goes on, and that code "
          + "goes on when the handler is done."
        : "The interrupted code goes on when the handler is done, and the handler waits for \(wanted), "
          + "whose holder waits for what the interrupted code holds.")
    let modes =
      [used.lock?.mode, enabled.lock?.mode] + finding.edges.map { $0.witnesses[0].held.mode }
    if modes.contains(where: { $0 != .write }) {
      reasons.append(
        "Readers are in it: a reader waits for a writer that has the lock, and one that is not recursive "
          + "also behind a writer that waits.")
    }
    return reasons
  }

  private func advice(_ finding: Finding, _ context: String) -> [String] {
    let (first, last) = (
      finding.classes[0].withVisibleControls,
      finding.classes[finding.classes.count - 1].withVisibleControls
    )
    let mask = "Mask \(context)s wherever \(last) is held outside of them."
    if context == "nmi" {
      return ["Only try \(first) in the nmi, and do without it if that fails."]
    }
    return finding.edges.isEmpty
      ? [mask, "Or do not take \(first) in the handler: leave the work to a thread."]
      : [
        mask, "Or do not take \(last) under \(first).",
        "Or do not take \(first) in the handler: leave the work to a thread.",
      ]
  }
}
