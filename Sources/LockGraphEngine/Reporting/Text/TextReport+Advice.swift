// What helps against a deadlock, by what it is made of.

extension TextReport {
  static var queueAdvice: String {
    "Do not wait for the queue from what runs on it: call that code, or hand it over and go on (async)."
  }

  func deadlockAdvice(_ finding: Finding) -> [String] {
    let first = finding.waiters[0]
    let words = WordsOfLocks(finding)
    if finding.waiters.contains(where: \.hasHolderEnded) {
      return [
        "Give the lock up on every way out of the thread, by scope (withLock) rather than by hand.",
        "Where a thread can be ended from outside: a lock that tells its next owner (a robust mutex).",
      ]
    }
    // Nothing but a pool gives a deadlock that happened a reason.
    if finding.confidenceReason != nil {
      return [
        "Take all permits that one task needs at once, or give the first back before asking for another.",
        "Or have more permits than threads that can have one while they wait.",
      ]
    }
    guard finding.waiters.count > 1 else {
      guard let wanted = first.wanted else {
        return ["Let another thread wait for its end, or none: detach it."]
      }
      if wanted.kind == .queue { return [Self.queueAdvice] }
      if first.upgrades { return words.upgrade }
      return [
        "Do not take it again: pass on that it is held, or split what needs it held from what takes it."
      ]
    }
    var advice: [String] = []
    if finding.waiters.contains(where: \.upgrades) { advice += words.upgrade }
    for waiter in finding.waiters where waiter.wanted == nil {
      let held = waiter.held.map(\.shownName)
      guard advice.isEmpty, let last = held.last else { continue }
      let locks = held.count > 1 ? "what it holds" : last
      advice.append(
        "Let \(waiter.thread.withVisibleControls) give up \(locks) before it waits for the end of "
          + "\(waiter.blockedBy.withVisibleControls).")
    }
    guard advice.isEmpty else { return advice }
    return [
      "Give the locks one order and keep to it.",
      "Or let one of the waiters give up: try the lock and back off, a time-out, an interruptible wait.",
    ]
  }
}

extension Finding.Waiter {
  /// It reads what it wants to write.
  fileprivate var upgrades: Bool {
    guard let wanted, wanted.mode == .write else { return false }
    return held.contains {
      $0.lock == wanted.lock && $0.lockClass == wanted.lockClass && $0.mode.isRead
    }
  }
}

extension LockKind {
  /// One that a recursive one could take the place of.
  var isMutex: Bool { self == .mutex || self == .rtMutex }
}
