import LockGraphEngine

/// What a reader sees on pointing at a class or dependency: several lines, each bounded.
enum Tooltip {
  /// The most characters of a class name; labels have fewer.
  static let nameLimit = 2_000
  private static let partLimit = 120
  private static let witnessLimit = 3
  private static let alsoHeldLimit = 4

  static func text(
    of lockClass: Drawing.LockClass, findings: [(number: Int, title: String)]
  ) -> String {
    var lines = [DisplayText.shortened(lockClass.name, to: nameLimit)]
    let detail = DrawingStyle.detail(of: lockClass)
    if !detail.isEmpty { lines.append(detail) }
    lines += lockClass.contexts.all
    lines += lockClass.weight?.details ?? []
    lines += titles(findings.prefix(witnessLimit))
    if findings.count > witnessLimit {
      lines.append(
        "and \(Counted.grouped(findings.count - witnessLimit, "more finding", "more findings"))"
      )
    }
    return lines.joined(separator: "\n")
  }

  static func text(
    of dependency: Drawing.Dependency, from: Drawing.LockClass, to: Drawing.LockClass,
    findings: [(number: Int, title: String)], witnesses: [Witness]
  ) -> String {
    var lines = ["\(name(from)) → \(name(to))"]
    if let count = dependency.count, count > 0 {
      let kinds = dependency.kinds.names.joined(separator: " ")
      lines.append(kinds + ", " + Counted.grouped(count, "acquisition", "acquisitions"))
    }
    lines += titles(findings[...])
    for witness in witnesses.prefix(witnessLimit) { lines.append(line(of: witness)) }
    if witnesses.count > witnessLimit {
      let further = witnesses.count - witnessLimit
      lines.append("and \(Counted.grouped(further, "more witness", "more witnesses"))")
    }
    return lines.joined(separator: "\n")
  }

  /// What an interrupt may do, and the events that say it takes the one and can come over the
  /// other.
  static func text(
    of interrupt: InterruptContext, over held: Drawing.LockClass, takes wanted: Drawing.LockClass,
    findings: [(number: Int, title: String)], events: [FindingEvent]
  ) -> String {
    let object = held.identifier == wanted.identifier ? "it" : name(wanted)
    var lines = ["\(interrupt.name) may come while \(name(held)) is held, and takes \(object)"]
    lines += titles(findings[...])
    for event in events.prefix(witnessLimit) {
      let locked = event.lock.map { " \(lock($0))" } ?? ""
      let place = "\(part(event.input)):\(event.line)"
      lines.append("\(event.role.rawValue): thread \(part(event.thread))\(locked) (\(place))")
    }
    return lines.joined(separator: "\n")
  }

  /// What still waits, or is waited for.
  static func text(of node: WaitSelection.Node) -> String {
    let name = DisplayText.shortened(node.name, to: nameLimit)
    let words = node.words.isEmpty ? "" : ", \(node.words)"
    return "\(node.role.rawValue) \(name)\(words) (\(part(node.input)))"
  }

  /// A thread of a finding that is no cycle.
  static func text(of node: EventSelection.Node) -> String {
    let name = DisplayText.shortened(node.thread.name, to: nameLimit)
    return (["thread \(name) (\(part(node.thread.input)))"] + node.words)
      .joined(separator: "\n")
  }

  /// What a thread did in a finding that is no cycle.
  static func text(of event: FindingEvent, in finding: Finding, number: Int) -> String {
    let place = (event.place ?? event.lock?.place).map { " at \(part($0))" } ?? ""
    let sentence = EventSentence.text(event, context: finding.context)
    return
      ([
        DisplayText.shortened(sentence, to: 3 * partLimit) + place
          + " (\(part(event.input)):\(event.line))"
      ]
      + titles([(number, finding.title)])).joined(separator: "\n")
  }

  static func bounded(_ text: String) -> String { DisplayText.shortened(text, to: 6 * partLimit) }

  private static func titles(_ findings: ArraySlice<(number: Int, title: String)>) -> [String] {
    findings.map { "#\($0.number) \(DisplayText.shortened($0.title, to: 2 * partLimit))" }
  }

  private static func name(_ lockClass: Drawing.LockClass) -> String {
    if let count = lockClass.standsFor { return "… \(Counted.grouped(count)) more …" }
    return DisplayText.shortened(lockClass.name, to: partLimit)
  }

  private static func line(of witness: Witness) -> String {
    guard !witness.isStated else {
      let place = witness.wanted.place.map { " at \(part($0))" } ?? ""
      return "Stated\(place) (\(part(witness.input)):\(witness.line))"
    }
    var parts = [
      "Thread \(part(witness.thread)) holds \(lock(witness.held))",
      "wants \(lock(witness.wanted))",
    ]
    if !witness.alsoHeld.isEmpty {
      let shown = witness.alsoHeld.prefix(alsoHeldLimit).map { part($0.lockClass) }
      let further = witness.alsoHeld.count - shown.count
      parts.append(
        "also holds " + shown.joined(separator: ", ") + (further > 0 ? " and \(further) more" : ""))
    }
    return parts.joined(separator: ", ") + " (\(part(witness.input)):\(witness.line))"
  }

  private static func lock(_ lock: WitnessedLock) -> String {
    let place = lock.place.map { " at \(part($0))" } ?? ""
    return "\(part(lock.lock)) of \(part(lock.lockClass)) [\(lock.mode.name)]\(place)"
  }

  private static func part(_ text: String) -> String { DisplayText.shortened(text, to: partLimit) }
}
