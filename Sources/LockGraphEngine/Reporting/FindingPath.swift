/// What one thread does that takes part in a finding, step by step.
struct FindingPath {
  /// The thread, with its input where threads of several take part.
  var thread: String
  /// At least one, in the order in which the thread did them.
  var steps: [Step]
  /// Which of them is what is wrong.
  var key: Int

  struct Step {
    /// A sentence without its thread, `takes A (read)`, or a whole one where that cannot be told
    /// so.
    var action: String
    var isSentence = false
    /// It ends in a clause that has to be closed before a place can follow.
    var endsInClause = false
    /// It takes or asks for a lock.
    var isAcquisition: Bool
    var place: ReportPlace
    /// The calls that led there, innermost first; only where the place does not say it all.
    var stack: [String] = []
  }

  /// A step as a sentence.
  func sentence(_ step: Step) -> String {
    step.isSentence ? step.action : "\(thread) \(step.action)"
  }

  /// A step where its thread is known; a whole sentence if that is not its subject.
  func action(_ step: Step) -> String {
    guard step.isSentence, step.action.hasPrefix("\(thread) ") else { return step.action }
    return String(step.action.dropFirst(thread.count + 1))
  }
}

extension FindingPath {
  /// The paths of a finding: a cycle's in its order, each ending where the thread wants what the
  /// next one has.
  static func paths(of finding: Finding, _ settings: ReportSettings) -> [FindingPath] {
    var paths: [FindingPath] = []
    if !finding.waiters.isEmpty {
      paths = finding.waiters.map { path($0, settings, isPotential: finding.isClosedByJoin) }
    }
    if finding.isClosedByJoin { return paths }
    guard !finding.edges.isEmpty else { return paths + eventPaths(finding, settings) }
    let scenario = InversionScenario(finding)
    let order = scenario.sides.map { path($0, scenario, settings) }
    switch finding.rule {
    case .contextInversion, .contextOrderInversion:
      return eventPaths(finding, settings) + order
    default: return paths + order + eventPaths(finding, settings)
    }
  }

  private static func path(
    _ side: Witness, _ scenario: InversionScenario, _ settings: ReportSettings
  ) -> FindingPath {
    let others = side.alsoHeld.prefix(6).map(\.shownName)
    let more = side.alsoHeld.count > 6 ? " and \(side.alsoHeld.count - 6) more" : ""
    let also =
      others.isEmpty ? "" : ", also holding \(others.joined(separator: ", "))\(more)"
    return FindingPath(
      thread: scenario.thread(side),
      steps: [
        step("takes", side.held, side.input, settings),
        step("asks for", side.wanted, side.input, settings, and: also),
      ], key: 1)
  }

  private static func path(
    _ waiter: Finding.Waiter, _ settings: ReportSettings, isPotential: Bool
  ) -> FindingPath {
    var steps = waiter.held.suffix(8).map { step("takes", $0, waiter.input, settings) }
    steps.append(
      Step(
        action: isPotential ? waiter.potentialText : waiter.waitText,
        endsInClause: waiter.wanted != nil && !isPotential,
        isAcquisition: waiter.wanted != nil,
        place: settings.place(
          at: waiter.at, stack: waiter.stack, input: waiter.input, line: waiter.line),
        stack: waiter.stack))
    return FindingPath(
      thread: waiter.thread.withVisibleControls, steps: steps, key: steps.count - 1)
  }

  private static func step(
    _ verb: String, _ lock: WitnessedLock, _ input: String, _ settings: ReportSettings,
    and also: String = ""
  ) -> Step {
    Step(
      action: "\(verb) \(lock.shownName)\(InversionScenario.mode(lock))\(also)",
      endsInClause: !also.isEmpty, isAcquisition: true,
      place: settings.place(at: lock.at, stack: lock.stack, input: input, line: lock.line),
      stack: lock.stack)
  }

  /// The events by thread, in the order of the trace where they are of one input; the thread of the
  /// offending event first.
  private static func eventPaths(
    _ finding: Finding, _ settings: ReportSettings
  ) -> [FindingPath] {
    var threads: [(input: String, thread: String)] = []
    for event in finding.events
    where !threads.contains(where: { $0 == (event.input, event.thread) }) {
      threads.append((event.input, event.thread))
    }
    return threads.map { input, thread in
      let own = finding.events.enumerated()
        .filter { $0.element.input == input && $0.element.thread == thread }
        .sorted { ($0.element.line, $1.offset) < ($1.element.line, $0.offset) }
      let first = own.indices.min { own[$0].offset < own[$1].offset } ?? 0
      return FindingPath(
        thread: thread.withVisibleControls,
        steps: own.map { step($0.element, finding.context, settings) }, key: first)
    }
  }

  private static func step(
    _ event: FindingEvent, _ context: InterruptContext?, _ settings: ReportSettings
  ) -> Step {
    Step(
      action: EventSentence.text(event, context: context).withVisibleControls, isSentence: true,
      isAcquisition: event.role.isAcquisition,
      place: settings.place(
        at: event.at, stack: event.stack, input: event.input, line: event.line),
      stack: event.stack)
  }
}

extension [FindingPath] {
  /// The place that a report shows a finding at: where the first thread does what is wrong, or the
  /// first place of the source that is known.
  var primaryPlace: ReportPlace? {
    let keys = map { $0.steps[$0.key].place }
    return keys.first { $0.isSource }
      ?? lazy.flatMap { $0.steps.map(\.place) }.first { $0.isSource } ?? keys.first
  }
}
