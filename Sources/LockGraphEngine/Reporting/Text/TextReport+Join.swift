// A potential deadlock that the end of a thread closes.

extension TextReport {
  mutating func addJoinInversion(_ finding: Finding) {
    let isOpen = finding.confidence == .ordering
    heading(
      finding.confidence == .excluded
        ? "What would happen if nothing kept it from happening"
        : isOpen ? "What would have to meet" : "What could happen")
    let (waiters, omitted, cut) = shown(finding.waiters)
    let indices = Array(finding.waiters.indices.prefix(cut))
    let rest = finding.waiters.indices.suffix(waiters.count - cut)
    add(
      indices.map { steps(finding, $0, asks: isOpen) }, omitted: omitted, of: "thread",
      rest.map { steps(finding, $0, asks: isOpen) })
    wrapped(ending(finding, isOpen: isOpen), indent: 4)
    addSchedule(finding)
    heading("Where each order comes from")
    for waiter in waiters { add(waiter) }
    heading("Why it counts")
    wrapped(
      "Who waits for the end of a thread waits for all that the thread has to get before it.",
      indent: 4, hanging: 2)
    if let sentence = finding.confidenceSentence { wrapped(sentence, indent: 4, hanging: 2) }
    for waiter in waiters {
      if let way = InversionScenario.wayOut(
        waiter.options, thread: waiter.thread, wanted: waiter.wanted)
      {
        wrapped(way, indent: 4, hanging: 2)
      }
    }
    heading("What helps")
    for advice in advice(finding) { wrapped("- " + advice, indent: 4, hanging: 2) }
  }

  private func steps(_ finding: Finding, _ number: Int, asks: Bool) -> ThreadSteps {
    let waiter = finding.waiters[number]
    let held = finding.heldInCircle(number).map {
      ThreadSteps.Step(
        action: "holds \($0.shownName)\(InversionScenario.mode($0))",
        place: Self.place($0, waiter.input))
    }
    let ending = waiter.options.intersection(.canGiveUp).names.joined(separator: ", ")
    let place = waiter.at ?? waiter.stack.first ?? "\(waiter.input):\(waiter.line)"
    return ThreadSteps(
      thread: waiter.thread.withVisibleControls,
      steps: [
        held ?? ThreadSteps.Step(action: "has not ended and cannot yet"),
        ThreadSteps.Step(
          action: (asks && waiter.wanted != nil ? "asks for " : "waits for ") + waiter.wantedText
            + (ending.isEmpty ? "" : " (\(ending))"), place: TextLayout.whole("at \(place)")),
      ])
  }

  private func ending(_ finding: Finding, isOpen: Bool) -> String {
    guard isOpen else {
      return "and each waits for the next, "
        + (finding.recoverable == true ? "until one gives up." : "for ever.")
    }
    let waiters = finding.waiters
    let pairs = waiters.indices.compactMap { number -> String? in
      guard let wanted = waiters[number].wanted,
        let held = finding.heldInCircle((number + 1) % waiters.count), held.lock != wanted.lock
      else { return nil }
      return "\(wanted.lock) and \(held.lock) to be one lock".withVisibleControls
    }
    var conditions = Array(pairs.prefix(4))
    if finding.lacksWriter { conditions.append("a writer to come to wait") }
    if conditions.isEmpty { conditions = ["all of them to be there at once"] }
    return "It takes \(conditions.joined(separator: ", ")); then each waits for the next."
  }

  private mutating func add(_ waiter: Finding.Waiter) {
    for lock in waiter.held.suffix(8) {
      wrapped(
        "\(waiter.thread) took \(lock.shownName)\(InversionScenario.mode(lock))".withVisibleControls
          + at(lock, waiter.input), indent: 4, hanging: 2)
      addContext(of: lock, indent: 8)
    }
    wrapped(
      "\(waiter.thread) \(waiter.wanted == nil ? "waited" : "asked") for \(waiter.wantedText) "
        .withVisibleControls
        + Self.place(waiter.at ?? waiter.stack.first, waiter.input, waiter.line), indent: 4,
      hanging: 2)
    addContext(at: waiter.at, stack: waiter.stack, indent: 8)
  }

  private func advice(_ finding: Finding) -> [String] {
    guard
      let joiner = finding.waiters.indices.first(where: {
        finding.waiters[$0].wanted == nil && finding.heldInCircle($0) != nil
      }), let held = finding.heldInCircle(joiner)
    else { return [] }
    let waiter = finding.waiters[joiner]
    let ended = waiter.blockedBy.withVisibleControls
    return [
      "Release \(held.shownName) before waiting for the end of \(ended).",
      "Or let \(ended) do without it from where its end is waited for.",
      "It cannot happen if \(waiter.thread.withVisibleControls) waits only for threads that have "
        + "said before, under this lock, that they are done: then take it into a baseline.",
    ]
  }
}

extension Finding {
  /// What a waiter of a circle holds that the one before it waits for; `nil` where that is its end.
  func heldInCircle(_ number: Int) -> WitnessedLock? {
    let before = waiters[(number + waiters.count - 1) % waiters.count]
    guard let wanted = before.wanted else { return nil }
    let held = waiters[number].held
    return held.last { $0.lock == wanted.lock } ?? held.last { $0.lockClass == wanted.lockClass }
  }
}
