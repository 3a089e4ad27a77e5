extension Finding.Waiter {
  /// What it waits for, and why it does not get it.
  package var waitText: String {
    let other = blockedBy == thread ? "itself" : blockedBy.withVisibleControls
    guard let wanted else { return "waits for the end of \(other)" }
    let reason =
      hasHolderEnded
      ? "which \(other) held when it ended"
      : other == "itself" ? "which it holds itself" : "kept from it by \(other)"
    return "waits for \(wanted.shownName)\(InversionScenario.mode(wanted)), \(reason)"
  }
}

extension Finding.Waiter {
  /// What it waits for.
  var wantedText: String {
    guard let wanted else { return "the end of \(blockedBy.withVisibleControls)" }
    return wanted.shownName + InversionScenario.mode(wanted)
  }

  /// What a waiter of a deadlock that did not happen does.
  package var potentialText: String {
    wanted == nil ? "waits for \(wantedText)" : "asks for \(wantedText)"
  }
}
