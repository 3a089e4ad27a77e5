/// The names and places of a finding as reports for CI systems show them.
struct ReportedTexts {
  private static let nameLimit = 200
  /// Longer than any path with a line and column.
  private static let placeLimit = 4200

  private let settings: ReportSettings

  init(_ settings: ReportSettings) {
    self.settings = settings
  }

  /// The finding with names that a person could read, and paths relative to the source root.
  func finding(_ original: Finding) -> Finding {
    var finding = original
    finding.title = original.title.shortened(to: 2 * Self.nameLimit)
    finding.confidenceReason = original.confidenceReason?.shortened(to: 5 * Self.nameLimit)
    finding.classes = original.classes.map(name)
    finding.edges = original.edges.map(edge)
    finding.events = original.events.map(event)
    finding.waiters = original.waiters.map(waiter)
    finding.schedule = original.schedule.map(schedule)
    if let examples = original.fold?.examples { finding.fold?.examples = examples.map(example) }
    return finding
  }

  private func edge(_ original: FindingEdge) -> FindingEdge {
    var edge = original
    edge.from = name(original.from)
    edge.to = name(original.to)
    edge.witnesses = original.witnesses.map(witness)
    return edge
  }

  private func witness(_ original: Witness) -> Witness {
    var witness = original
    witness.thread = name(original.thread)
    witness.held = lock(original.held)
    witness.wanted = lock(original.wanted)
    witness.alsoHeld = original.alsoHeld.map(lock)
    witness.input = input(original.input)
    return witness
  }

  private func event(_ original: FindingEvent) -> FindingEvent {
    var event = original
    event.thread = name(original.thread)
    event.lock = original.lock.map(lock)
    event.at = original.at.map(place)
    event.stack = original.stack.map(frame)
    event.input = input(original.input)
    return event
  }

  private func waiter(_ original: Finding.Waiter) -> Finding.Waiter {
    var waiter = original
    waiter.thread = name(original.thread)
    waiter.blockedBy = name(original.blockedBy)
    waiter.wanted = original.wanted.map(lock)
    waiter.held = original.held.map(lock)
    waiter.at = original.at.map(place)
    waiter.stack = original.stack.map(frame)
    waiter.input = input(original.input)
    return waiter
  }

  private func schedule(_ original: Finding.Schedule) -> Finding.Schedule {
    var schedule = original
    schedule.input = input(original.input)
    for index in original.segments.indices {
      schedule.segments[index].thread = name(original.segments[index].thread)
      schedule.segments[index].at = original.segments[index].at.map(place)
    }
    for (index, wait) in original.waits.enumerated() {
      schedule.waits[index].thread = name(wait.thread)
      schedule.waits[index].wanted = wait.wanted.map(name)
      schedule.waits[index].blockedBy = name(wait.blockedBy)
      schedule.waits[index].at = wait.at.map(place)
    }
    return schedule
  }

  private func example(_ original: Finding.Example) -> Finding.Example {
    var example = original
    example.locks = original.locks.prefix(20).map(name)
    example.input = input(original.input)
    return example
  }

  private func lock(_ original: WitnessedLock) -> WitnessedLock {
    var lock = original
    lock.lock = name(original.lock)
    lock.lockClass = name(original.lockClass)
    lock.at = original.at.map(place)
    lock.stack = original.stack.map(frame)
    return lock
  }

  private func name(_ text: String) -> String { text.shortened(to: Self.nameLimit) }

  private func input(_ name: String) -> String {
    settings.path(name).shortened(to: Self.placeLimit)
  }

  private func place(_ text: String) -> String {
    SourcePosition(text).map(text(of:)) ?? text.shortened(to: Self.placeLimit)
  }

  private func frame(_ text: String) -> String {
    guard let position = SourcePosition(frame: text),
      let range = text.ranges(of: position.file).last
    else { return text.shortened(to: Self.placeLimit) }
    let path = settings.sourcePath(position.file)
    return "\(text[..<range.lowerBound])\(path)\(text[range.upperBound...])"
      .shortened(to: Self.placeLimit)
  }

  private func text(of position: SourcePosition) -> String {
    "\(settings.sourcePath(position.file)):\(position.line)"
      + (position.column.map { ":\($0)" } ?? "")
  }
}
