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
    let (sides, omitted, cut) = shown(finding.edges.map { $0.witnesses[0] })
    var first: [ThreadSteps] = []
    first.add(
      enabled.thread.withVisibleControls, isKnown: true,
      interruptedSteps(used, enabled, finding, context))
    for side in sides.prefix(cut) { add(side, to: &first) }
    var last: [ThreadSteps] = []
    for side in sides.dropFirst(cut) { add(side, to: &last) }
    add(first, omitted: omitted, of: "thread", last)
    wrapped(
      finding.edges.isEmpty
        ? "and waits for itself, for ever."
        : first.count + last.count < sides.count + 1
          ? "and as many threads as places would wait for each other, for ever."
          : "and each waits for the next, for ever.", indent: 4)

    heading("How it comes about")
    addAll(finding.events, finding.context)
    if !finding.edges.isEmpty { addEvidence(InversionScenario(finding), finding) }

    heading("Why it counts")
    for reason in reasons(used, enabled, finding, context) {
      wrapped(reason, indent: 4, hanging: 2)
    }
    heading("What helps")
    for advice in advice(finding, context) { wrapped("- " + advice, indent: 4, hanging: 2) }
  }

  /// The code that holds a lock, and the interrupt that asks for another one.
  private func interruptedSteps(
    _ used: FindingEvent, _ enabled: FindingEvent, _ finding: Finding, _ context: String
  ) -> [ThreadSteps.Step] {
    guard let held = enabled.lock, let wanted = used.lock else { return [] }
    var steps = [
      ThreadSteps.Step(
        action: "holds \(held.shownName)\(InversionScenario.mode(held))",
        place: Self.place(held, enabled.input))
    ]
    if let unmasked = finding.events.first(where: { $0.role == .unmasked }) {
      steps.append(
        ThreadSteps.Step(
          action: "unmasks \(context)s",
          place: TextLayout.whole("at \(unmasked.input):\(unmasked.line)")))
    }
    // A reader waits for another one only behind a writer.
    let keeper = finding.edges.first?.witnesses[0].held.mode ?? held.mode
    if wanted.mode.waitsBehindWriters, !wanted.mode.waits(for: keeper) {
      steps.append(ThreadSteps.Step(action: "a writer comes to wait for \(wanted.shownName)"))
    }
    return steps + [
      ThreadSteps.Step(action: "<\(context)>"),
      ThreadSteps.Step(
        action: "waits for \(wanted.shownName)\(InversionScenario.mode(wanted))",
        place: TextLayout.whole("as at \(InversionScenario.place(wanted, used.input))"),
        indent: 2),
    ]
  }

  private func add(_ side: Witness, to threads: inout [ThreadSteps]) {
    threads.add(side.thread.withVisibleControls, isKnown: side.hasThread, steps(side))
  }

  private func steps(_ side: Witness) -> [ThreadSteps.Step] {
    [("holds", side.held), ("waits for", side.wanted)].map { verb, lock in
      ThreadSteps.Step(
        action: "\(verb) \(lock.shownName)\(InversionScenario.mode(lock))",
        place: Self.place(lock, side.input))
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
