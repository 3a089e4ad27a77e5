// A deadlock that happened: who waits for what, since when, holding what.

extension TextReport {
  mutating func addDeadlock(_ finding: Finding) {
    heading("What happened")
    let (waiters, omitted, cut) = shown(finding.waiters)
    for (number, waiter) in waiters.enumerated() {
      if number == cut, omitted > 0 {
        line("    … \(Counted.grouped(omitted, "more thread")) in between …")
      }
      wrapped(sentence(waiter), indent: 4, hanging: 2)
      addContext(at: waiter.at, stack: waiter.stack, indent: 8)
      for lock in waiter.held.suffix(8) {
        addHeld(lock, waiter.input)
      }
    }
    addAll(finding.events, finding.context)
    heading("Why it counts")
    let why: String
    if let reason = finding.confidenceReason {
      why =
        (reason.prefix(1).uppercased() + reason.dropFirst()).withVisibleControls
        + ": none of them can give one back."
    } else if finding.waiters.count == 1 {
      why = "The wait cannot end: nobody else can let go of what it is for."
    } else {
      why = "No wait of the circle can end before the next one has."
    }
    wrapped(why, indent: 4, hanging: 2)
    for waiter in finding.waiters.prefix(8) {
      if let way = InversionScenario.wayOut(
        waiter.options, thread: waiter.thread, wanted: waiter.wanted)
      {
        wrapped(way, indent: 4, hanging: 2)
      }
    }
    heading("What helps")
    for advice in deadlockAdvice(finding) { wrapped("- " + advice, indent: 4, hanging: 2) }
  }

  /// What a thread holds that waits.
  mutating func addHeld(_ lock: WitnessedLock, _ input: String) {
    wrapped(
      "holding \(lock.shownName)\(InversionScenario.mode(lock)), taken" + at(lock, input),
      indent: 6, hanging: 2)
    addContext(of: lock, indent: 8)
  }

  private func sentence(_ waiter: Finding.Waiter) -> String {
    let place = Self.place(waiter.at ?? waiter.stack.first, waiter.input, waiter.line)
    let since = waiter.time.map { ", since \(TextLayout.seconds($0))" } ?? ""
    let comma = waiter.wanted == nil ? "" : ","
    return "\(waiter.thread) \(waiter.waitText)\(comma) ".withVisibleControls + place + since
  }
}
