// What still waits where an input ends, as a finding [semantics 25].
extension Finding {
  /// How many of a group's waits a finding shows.
  private static let waitLimit = 20

  /// The fingerprint is that of the root and of what is waited for there: how many are stuck behind
  /// it differs from run to run.
  static func stillWaiting(_ group: WaitGroup) -> Finding {
    let root = group.root
    var fingerprint = Fingerprint(rule: .stillWaiting)
    fingerprint.add(root.kind.rawValue)
    let nearest = root.kind == .circle ? group.waits.filter(\.isInCircle) : [group.waits[0]]
    let sides = nearest.map { wait in
      [
        wait.wanted?.lockClass ?? "",
        wait.wanted?.mode.name ?? wait.condition ?? wait.barrier ?? "join",
      ]
    }
    let start = leastRotation(of: sides.count, { sides[$0] }) { $0.lexicographicallyPrecedes($1) }
    fingerprint.add(circle: Array(sides[start...] + sides[..<start]))
    var classes: [String] = []
    var seen: Set<String> = []
    for name in nearest.compactMap(\.wanted?.lockClass) where seen.insert(name).inserted {
      classes.append(name)
    }
    let waits = group.waits
    let title =
      waits.count == 1
      ? "\(waits[0].thread) still waits at the end: \(root.text)"
      : "\(waits.count) waits are open at the end: \(root.text)"
    return Finding(
      .stillWaiting, fingerprint, title: title, classes: classes,
      events: waits.prefix(waitLimit).flatMap(events), occurrences: 1)
  }

  /// Threads of which the program's own run-time says that all of them wait and none can be woken.
  ///
  /// - Parameter events: some of their waits.
  static func allAsleep(_ events: [FindingEvent], count: Int) -> Finding {
    var fingerprint = Fingerprint(rule: .stillWaiting)
    fingerprint.add("asleep")
    for place in Set(events.map { PlaceFrames.texts(at: $0.at, stack: $0.stack).joined() }).sorted()
    {
      fingerprint.add(place)
    }
    return Finding(
      .stillWaiting, fingerprint,
      title: count == 1
        ? "\(events[0].thread) waits, and nobody is left to wake it"
        : "all \(count) that are left wait, and nobody can wake them",
      classes: [], events: events, occurrences: 1)
  }

  private static func events(of wait: OpenWait) -> [FindingEvent] {
    let lock = wait.wanted
    let waiting = FindingEvent(
      role: wait.isOnCondition || wait.barrier != nil
        ? .wait : wait.joined != nil ? .join : .request,
      thread: wait.thread, lock: lock, at: wait.at, stack: wait.stack, input: wait.input,
      line: wait.line)
    let others = wait.obstacles.filter { !$0.isWaiting }.prefix(4).compactMap { other in
      other.end
        ?? other.held.map { held in
          FindingEvent(
            role: .held, thread: other.thread, lock: held, at: held.at, stack: held.stack,
            input: wait.input, line: held.line)
        }
    }
    return [waiting] + others
  }
}
