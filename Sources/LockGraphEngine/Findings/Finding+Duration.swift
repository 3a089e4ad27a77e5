// What took longer than a policy allows, as findings.
extension Finding {
  /// The fingerprint is that of the class, or of the place where it began where no class is stated.
  static func overrun(_ overrun: DurationOverrun) -> Finding {
    let rule: Rule = overrun.isWait ? .longWait : .longHold
    var fingerprint = Fingerprint(rule: rule)
    let first = overrun.events[0]
    let frames = PlaceFrames.texts(at: first.at, stack: first.stack)
    if first.lock?.classOrigin != .stated, !frames.isEmpty {
      fingerprint.add("places")
      for frame in frames { fingerprint.add(frame) }
    } else {
      fingerprint.add(overrun.lockClass)
    }
    let (time, limit) = (
      DurationText.short(overrun.nanoseconds), DurationText.short(overrun.limit.nanoseconds)
    )
    var finding = Finding(
      rule, fingerprint,
      title: overrun.isWait
        ? "\(first.thread) waits \(time) for \(overrun.lockClass), and \(limit) are allowed"
        : "\(first.thread) holds \(overrun.lockClass) for \(time), and \(limit) are allowed",
      classes: [overrun.lockClass], events: overrun.events, occurrences: overrun.count)
    finding.declaration = overrun.limit.declaration
    return finding
  }
}
