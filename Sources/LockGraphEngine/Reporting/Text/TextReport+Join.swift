// A potential deadlock that the end of a thread closes.

extension TextReport {
  mutating func addJoinInversion(_ finding: Finding) {
    let isOpen = finding.confidence == .ordering
    heading(
      finding.confidence == .excluded
        ? "What would happen if nothing kept it from happening"
        : isOpen ? "What would have to meet" : "What could happen")
    let (waiters, omitted, cut) = shown(finding.waiters)
    let columns = waiters.indices.map { column(finding, $0, asks: isOpen) }
    if omitted == 0, let rows = TextLayout.columns(columns, width: width - 4) {
      for row in rows { line("    " + row) }
    } else {
      for (number, waiter) in waiters.enumerated() {
        if number == cut { line("    … \(Counted.grouped(omitted, "more thread")) in between …") }
        wrapped(
          "\(waiter.thread) \(waiter.potentialText)".withVisibleControls, indent: 4, hanging: 2)
      }
    }
    wrapped(ending(finding, isOpen: isOpen), indent: 4)
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

  private func column(_ finding: Finding, _ number: Int, asks: Bool) -> [String] {
    let waiter = finding.waiters[number]
    let thread = waiter.thread.withVisibleControls
    var rows = [thread, String(repeating: "-", count: min(max(thread.count, 12), 26))]
    if let held = finding.heldInCircle(number) {
      rows.append("holds \(held.shownName)\(InversionScenario.mode(held))")
      rows.append("  at " + InversionScenario.place(held, waiter.input))
    } else {
      rows.append("has not ended")
      rows.append("  and cannot yet")
    }
    let ending = waiter.options.intersection(.canGiveUp).names.joined(separator: ", ")
    rows.append(
      (asks && waiter.wanted != nil ? "asks for " : "waits for ") + waiter.wantedText
        + (ending.isEmpty ? "" : " (\(ending))"))
    let place = waiter.at ?? waiter.stack.first ?? "\(waiter.input):\(waiter.line)"
    rows.append("  at " + place.withVisibleControls)
    return rows
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
          + at(lock, waiter.input).withVisibleControls, indent: 4, hanging: 2)
    }
    let position = "\(waiter.input):\(waiter.line)"
    let place = (waiter.at ?? waiter.stack.first).map { "\($0) (\(position))" } ?? position
    wrapped(
      "\(waiter.thread) \(waiter.wanted == nil ? "waited" : "asked") for \(waiter.wantedText) at "
        .withVisibleControls + place.withVisibleControls, indent: 4, hanging: 2)
    if waiter.at != nil, !waiter.stack.isEmpty {
      wrapped(
        "in \(waiter.stack.prefix(8).joined(separator: " < "))".withVisibleControls, indent: 6,
        hanging: 2)
    }
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
