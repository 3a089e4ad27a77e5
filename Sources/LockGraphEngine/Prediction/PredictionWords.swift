/// What is decided of an execution, in names and lines of its input.
struct PredictionWords {
  let read: ReadExecution
  let table: LockTable
  let input: String

  private var execution: Execution { read.execution }

  /// The deadlock that a witness ends in.
  func schedule(
    _ witness: Predictor.Witness, _ pattern: DeadlockPattern
  ) -> Finding.Schedule {
    let groups = pattern.groups.map { execution.requests[$0] }
    let waits = groups.indices.map { side in
      wait(witness.requests[side], groups[side], groups[(side + 1) % groups.count])
    }
    return Finding.Schedule(
      input: input, segments: segments(witness.schedule), waits: waits,
      isByLocksAlone: !read.hasData)
  }

  private func segments(_ schedule: [UInt32]) -> [Finding.Schedule.Segment] {
    var segments: [Finding.Schedule.Segment] = []
    for number in schedule {
      let event = execution.events[Int(number)]
      guard let thread = read.inputThreads[event.thread], event.origin.event != Execution.none
      else { continue }
      if segments.last?.number == thread { segments.removeLast() }
      segments.append(
        Finding.Schedule.Segment(
          thread: read.threadNames[Int(event.thread)], line: UInt64(event.origin.line),
          at: read.place(event.origin.place), number: thread, event: event.origin.event))
    }
    return segments
  }

  private func wait(
    _ request: UInt32, _ group: Execution.RequestGroup, _ next: Execution.RequestGroup
  ) -> Finding.Schedule.Wait {
    let event = execution.events[Int(request)]
    var wanted: String?
    var mode = LockMode.write
    if case .lock(let lock, let wantedMode) = group.wish {
      wanted = name(ofLock: lock)
      mode = wantedMode
    }
    return Finding.Schedule.Wait(
      thread: read.threadNames[Int(group.thread)], wanted: wanted, mode: mode,
      blockedBy: read.threadNames[Int(next.thread)],
      isQueued: !execution.isKeptOut(group, by: next), line: UInt64(event.origin.line),
      at: read.place(event.origin.place),
      number: read.inputThreads[group.thread] ?? 0, event: event.origin.event)
  }

  private func name(ofLock number: UInt32) -> String { table.name(of: read.lock(number)) }

  // MARK: Why there is no order

  /// How many causes are told.
  private static let shownCauses = 3

  /// Why no order of the events gets there.
  func reason(_ refutation: Predictor.Refutation, _ pattern: DeadlockPattern) -> String {
    let causes = refutation.steps.compactMap(cause).prefix(Self.shownCauses)
    let passed = execution.events[Int(refutation.request)]
    let thread = read.threadNames[Int(passed.thread)]
    guard !causes.isEmpty else {
      return "no order of this run's events has all its threads there at once"
    }
    return "\(thread) is past line \(passed.origin.line) before the others are there: "
      + causes.joined(separator: ", ")
  }

  /// Why a thread has to have come so far.
  private func cause(_ step: PrefixClosure.Step) -> String? {
    let thread = read.threadNames[Int(step.thread)]
    switch step.cause {
    case .start: return nil
    case .end(let number):
      let section = execution.sections[Int(number)]
      let lock = name(ofLock: section.lock)
      let begin = execution.events[Int(section.begin)].origin.line
      guard step.event != Execution.none else {
        return "\(thread) never releases \(lock), taken in line \(begin)"
      }
      let end = execution.events[Int(step.event)].origin.line
      return "\(thread) has to release \(lock) first, as in line \(end)"
    case .need(let cause):
      let demander = execution.events[Int(step.demander)]
      let other = read.threadNames[Int(demander.thread)]
      let line = execution.events[Int(step.event)].origin.line
      guard !thread.isEmpty else { return nil }
      switch cause {
      case .section: return nil
      case .data:
        let variable = read.variables.string(demander.operand)
        return
          "\(other) reads in line \(demander.origin.line) what \(thread) writes to \(variable) "
          + "in line \(line)"
      case .signal, .structure:
        if demander.action == .join {
          return "\(other) goes on from line \(demander.origin.line) when \(thread) has ended"
        }
        if demander.action == .wake {
          return "\(other) is woken by what \(thread) does in line \(line)"
        }
        guard !other.isEmpty else { return "the others wait at a barrier for \(thread)" }
        return cause == .structure
          ? "\(other) is started by \(thread) in line \(line)"
          : "\(other) waits for what \(thread) does in line \(line)"
      }
    }
  }
}
