/// What a report of the kernel's validator is as a finding of ours: same rules, same titles, and the same
/// fingerprints, so that one problem is one finding wherever it was found.
extension KernelReport {
  /// Of which the log does not hold the name, because the report is cut off.
  private static let unknownLock = "unknown lock"

  /// One finding, or one for each lock that is held where none must be.
  var findings: [Finding] {
    switch kind {
    case .orderCycle: [orderCycle]
    case .sameClass: [sameClass]
    case .irqState: [contextInversion]
    case .unsafeOrder, .irqInversion: [contextOrderInversion]
    case .waitContext: [waitContext]
    case .nestNotTaken: [nestNotTaken]
    case .unlock: [unlock]
    case .freed: [freed]
    case .heldAtExit, .heldInUserSpace: stillHeld
    case .contention, .rcu, .assertion: [assertion]
    }
  }

  private var thread: String { task ?? ImportedFacts.unknownThread }
  private var wantedLock: PrintedLock {
    wanted ?? PrintedLock(name: Self.unknownLock, line: line)
  }

  // MARK: Evidence

  private func witnessed(
    _ lock: PrintedLock, _ stack: KernelStack = KernelStack(), mode: LockMode = .write
  ) -> WitnessedLock {
    let frames = stack.meaningful
    var texts = frames.map(\.text)
    if texts.isEmpty, let site = lock.site { texts = [site] }
    return WitnessedLock(
      lock: lock.address.map { "\(lock.name)@\($0)" } ?? lock.name, lockClass: lock.name,
      mode: mode, at: frames.first?.place, stack: texts, line: frames.first?.line ?? lock.line)
  }

  private func event(
    _ role: String, _ lock: PrintedLock, _ stack: KernelStack = KernelStack(),
    thread: String? = nil, mode: LockMode = .write
  ) -> FindingEvent {
    let witnessed = witnessed(lock, stack, mode: mode)
    return FindingEvent(
      role: role, thread: thread ?? self.thread, lock: witnessed, at: witnessed.at,
      stack: witnessed.stack, input: "", line: witnessed.line)
  }

  /// An event that is about no lock.
  private func event(_ role: String, at place: String? = nil) -> FindingEvent {
    let frames = backtrace.meaningful
    return FindingEvent(
      role: role, thread: thread, lock: nil, at: place ?? frames.first?.place,
      stack: frames.map(\.text), input: "", line: line)
  }

  private func edge(
    from: PrintedLock, to: PrintedLock, _ stack: KernelStack, thread: String? = nil,
    alsoHeld: [PrintedLock] = []
  ) -> FindingEdge {
    let wanted = witnessed(to, stack)
    return FindingEdge(
      from: from.name, to: to.name, kinds: .en, decidingKind: .en, count: 0, areKindsAssumed: true,
      witnesses: [
        Witness(
          thread: thread ?? ImportedFacts.unknownThread, held: witnessed(from), wanted: wanted,
          kind: .en, isStated: true, options: [], alsoHeld: alsoHeld.map { witnessed($0) },
          input: "", line: wanted.line)
      ])
  }

  /// What the task held beside a lock.
  private func held(beside lock: PrintedLock) -> [PrintedLock] {
    let own = heldLocks.firstIndex { $0.name == lock.name && $0.address == lock.address }
    return heldLocks.indices.filter { $0 != own }.map { heldLocks[$0] }
  }

  private func finding(
    _ rule: Rule, fingerprint parts: [String], title: String, classes: [String],
    edges: [FindingEdge] = [], context: InterruptContext? = nil, events: [FindingEvent]
  ) -> Finding {
    var fingerprint = Fingerprint(rule: rule)
    for part in parts { fingerprint.add(part) }
    return Finding(
      fingerprint: fingerprint.text, lineFreeFingerprint: fingerprint.lineFreeText,
      rule: rule, severity: rule.severity, confidence: nil,
      confidenceReason: nil, recoverable: nil, title: title, classes: classes, edges: edges,
      context: context, events: events, occurrences: 1)
  }

  // MARK: Orders of locks

  private var orderCycle: Finding {
    // #0 is the lock that is asked for, and each of the others was taken under the one before it.
    let steps = chain.sorted { $0.key < $1.key }
    var locks = steps.map(\.value.lock)
    var stacks = steps.map(\.value.stack)
    let first = wanted ?? chain[0]?.lock ?? PrintedLock(name: Self.unknownLock, line: line)
    if chain[0] == nil {
      locks.insert(first, at: 0)
      stacks.insert(KernelStack(), at: 0)
    }
    if locks.count < 2 || held.map({ $0.name != locks[locks.count - 1].name }) ?? false {
      // The chain is cut off; how the rest of it goes is not known.
      locks.append(held ?? PrintedLock(name: Self.unknownLock, line: line))
      stacks.append(KernelStack())
    }
    var edges = (1..<locks.count).map { number in
      edge(from: locks[number - 1], to: locks[number], stacks[number])
    }
    let last = held ?? locks[locks.count - 1]
    var asked = first
    if asked.site == nil { asked.site = locks[0].site }
    edges.append(
      edge(
        from: last, to: asked, stacks[0].isEmpty ? backtrace : stacks[0], thread: thread,
        alsoHeld: held(beside: last)))
    let least = edges.indices.min {
      edges[$0].from.utf8.lexicographicallyPrecedes(edges[$1].from.utf8)
    }!
    edges = Array(edges[least...] + edges[..<least])
    let classes = edges.map(\.from)
    return cycle(
      .lockOrderInversion, title: InversionReport.title(of: classes), classes: classes,
      edges: edges,
      confidence: .ordering,
      reason: "the kernel's validator reported it, which judges classes and not instances")
  }

  private var sameClass: Finding {
    let asked = wantedLock
    let own = held ?? asked
    let isSameLock = asked.address != nil && asked.address == held?.address
    var edge = edge(
      from: own, to: asked, backtrace, thread: thread, alsoHeld: held(beside: own))
    if !isSameLock, edge.witnesses[0].held.lock == edge.witnesses[0].wanted.lock {
      // Without addresses nothing says that they are one.
      edge.witnesses[0].held.lock += " (held)"
    }
    return cycle(
      .recursiveAcquisition,
      title: InversionReport.title(ofNesting: asked.name, isSameLock: isSameLock),
      classes: [asked.name], edges: [edge], confidence: isSameLock ? .feasible : .ordering,
      reason: isSameLock
        ? nil : "the kernel's validator reported it, which judges classes and not instances")
  }

  private func cycle(
    _ rule: Rule, title: String, classes: [String], edges: [FindingEdge], confidence: Confidence,
    reason: String?
  ) -> Finding {
    let fingerprint = Fingerprint.cycle(rule, edges)
    return Finding(
      fingerprint: fingerprint.text, lineFreeFingerprint: fingerprint.lineFreeText,
      rule: rule,
      severity: confidence.severity, confidence: confidence, confidenceReason: reason,
      recoverable: false, title: title, classes: classes, edges: edges, events: [],
      occurrences: 1)
  }

  // MARK: Interrupts

  private var contextInversion: Finding {
    let name = wantedLock.name
    let old = usage.map { KernelUsage($0.old) }
    let new = usage.map { KernelUsage($0.new) }
    guard let old, let new, let context = old.context ?? new.context, old.isUse != new.isUse else {
      return finding(
        .contextInversion, fingerprint: [name, usage?.old ?? "", usage?.new ?? ""],
        title: "\(name) is used in states that exclude each other", classes: [name],
        events: [event("acquire", wantedLock, backtrace)])
    }
    let (used, enabled) = old.isUse ? (old, new) : (new, old)
    // The older state was registered elsewhere, the newer one is that of the task.
    let registered = event(
      old.isUse ? "used-in" : "enabled", PrintedLock(name: name, line: line), safeStack,
      thread: ImportedFacts.unknownThread, mode: old.isRead ? .recursiveRead : .write)
    let current = event(
      new.isUse ? "used-in" : "enabled", wantedLock, backtrace,
      mode: new.isRead ? .recursiveRead : .write)
    return finding(
      .contextInversion,
      fingerprint: [
        context.name, name, used.isRead ? "R" : "N", enabled.isRead ? "S" : "E",
      ],
      title: context == .nmi
        ? "\(name) is taken in an nmi, which cannot be masked, and outside of it"
        : "\(name) is taken in \(context.name) context, and held where a \(context.name) can come",
      classes: [name], context: context,
      events: old.isUse ? [registered, current] : [current, registered])
  }

  private var contextOrderInversion: Finding {
    let path = dependencyPath
    let classes = path.map(\.lock.name)
    let edges = (1..<path.count).map { number in
      edge(
        from: path[number - 1].lock, to: path[number].lock, path[number].stack,
        thread: path[number].isOwn ? thread : nil,
        alsoHeld: path[number].isOwn ? self.held(beside: path[number - 1].lock) : [])
    }
    let (first, last) = (classes[0], classes[classes.count - 1])
    let name = context?.name ?? "interrupt"
    // Of a state that changed, one side is what the task just did.
    let isOwnUse = kind == .irqInversion && isOtherAfter
    let isOwnHold = kind == .irqInversion && !isOtherAfter
    return finding(
      .contextOrderInversion,
      fingerprint: [name, isUsedByReader ? "R" : "N", isEnabledForReader ? "S" : "E", first]
        + classes.dropFirst().flatMap { ["EN", $0] },
      title:
        "\(last) is taken under \(first), which a \(name) also takes, and held where a \(name) can come",
      classes: classes, edges: edges, context: context,
      events: [
        event(
          "used-in", isOwnUse ? wantedLock : safe ?? PrintedLock(name: first, line: line),
          isOwnUse ? backtrace : safeStack,
          thread: isOwnUse ? nil : ImportedFacts.unknownThread,
          mode: isUsedByReader ? .recursiveRead : .write),
        event(
          "enabled", isOwnHold ? wantedLock : unsafe ?? PrintedLock(name: last, line: line),
          isOwnHold ? backtrace : unsafeStack,
          thread: isOwnHold ? nil : ImportedFacts.unknownThread,
          mode: isEnabledForReader ? .read : .write),
      ])
  }

  /// From the lock that interrupts take to the one that is held while they can come.
  private var dependencyPath: [Step] {
    let asked = wantedLock
    let unknown = PrintedLock(name: Self.unknownLock, line: line)
    guard kind != .irqInversion else {
      let other = (isOtherAfter ? unsafe : safe) ?? unknown
      let ends = isOtherAfter ? (asked, other) : (other, asked)
      let path = connected(ends.0, ends.1, by: paths.first ?? [])
      return path.count > 1 ? path : path + [Step(lock: other)]
    }
    let own = held ?? unknown
    var before = connected(safe ?? own, own, by: paths.first ?? [])
    before[before.count - 1].lock = own
    let stacks = paths.dropFirst().first ?? []
    let after = connected(asked, unsafe ?? asked, by: stacks)
    // Where the first of them was acquired under the lock that is held.
    let acquired = stacks.first { $0.lock.name == asked.name }?.stack ?? backtrace
    return before + [Step(lock: asked, stack: acquired, isOwn: true)] + after.dropFirst()
  }

  /// The printed path between two locks, whichever way round it is printed, else the two alone.
  private func connected(_ first: PrintedLock, _ last: PrintedLock, by path: [Step]) -> [Step] {
    guard first.name != last.name else { return [Step(lock: first)] }
    let names = path.map(\.lock.name)
    if names.first == first.name, names.last == last.name {
      // A stack stands with the lock of whose successor it is.
      if kind == .irqInversion {
        return path.indices.map {
          Step(lock: path[$0].lock, stack: $0 == 0 ? KernelStack() : path[$0 - 1].stack)
        }
      }
      return path
    }
    if names.first == last.name, names.last == first.name { return path.reversed() }
    return [Step(lock: first), Step(lock: last)]
  }

  // MARK: Single acquisitions and releases

  private var waitContext: Finding {
    let asked = wantedLock
    let acquire = event("acquire", asked, backtrace)
    let culprit = asked.waitTypes.flatMap { wanted in
      heldLocks.filter { ($0.waitTypes?.inner ?? .max) < wanted.outer && $0.waitTypes?.inner != 0 }
        .min { ($0.waitTypes?.inner ?? 0) < ($1.waitTypes?.inner ?? 0) }
    }
    guard let culprit else {
      return finding(
        .invalidWaitContext, fingerprint: ["waitsInContext", asked.name],
        title: "\(asked.name), which may sleep, is taken in a context that must not",
        classes: [asked.name], events: [acquire] + heldLocks.map { event("held", $0) })
    }
    return finding(
      .invalidWaitContext, fingerprint: ["waitsHolding", asked.name, culprit.name],
      title: "\(asked.name), which may sleep, is taken while \(culprit.name) is held",
      classes: distinct([asked.name, culprit.name]), events: [acquire, event("held", culprit)])
  }

  private var nestNotTaken: Finding {
    let asked = wantedLock
    let nest = missingNest ?? PrintedLock(name: Self.unknownLock, line: line)
    return finding(
      .nestNotHeld, fingerprint: ["neverTaken", asked.name, nest.name],
      title: "\(asked.name) is nested under \(nest.name), which \(thread) does not hold",
      classes: distinct([asked.name, nest.name]),
      events: [event("acquire", asked, backtrace), event("nest", nest)])
  }

  private var unlock: Finding {
    let name = wantedLock.name
    return finding(
      .releaseNotHeld, fingerprint: ["notHeld", name],
      title: "\(thread) releases \(name), which it does not hold", classes: [name],
      events: [event("release", wantedLock, backtrace)])
  }

  private var freed: Finding {
    let name = wantedLock.name
    return finding(
      .destroyedWhileHeld, fingerprint: ["destroyed", name],
      title: "\(name) is freed by \(thread), which holds it", classes: [name],
      events: [
        event("destroy", PrintedLock(name: name, line: line), backtrace),
        event("held", wantedLock),
      ])
  }

  private var stillHeld: [Finding] {
    let (role, variant, what) =
      kind == .heldAtExit
      ? ("exit", "exited", "ends") : ("return", "returned", "returns to user space")
    guard !heldLocks.isEmpty else {
      return [
        finding(
          .heldAtExit, fingerprint: [variant], title: "\(thread) \(what) while it holds locks",
          classes: [], events: [event(role)])
      ]
    }
    return heldLocks.map { lock in
      finding(
        .heldAtExit, fingerprint: [variant, lock.name],
        title: "\(thread) \(what) while it holds \(lock.name)", classes: [lock.name],
        events: [event(role), event("held", lock)])
    }
  }

  // MARK: Assertions

  private var assertion: Finding {
    let function = backtrace.meaningful.first?.function ?? ""
    let file = place.map { String($0.prefix { $0 != ":" }) } ?? ""
    let parts = ["kernel", note ?? "", file, function]
    switch kind {
    case .rcu:
      let what = note ?? "suspicious use"
      return finding(
        .assertionFailed, fingerprint: parts,
        title: "RCU: \(what.prefix { $0 != "!" })\(place.map { " at \($0)" } ?? "")", classes: [],
        events: [event("rcu", at: place)] + heldLocks.map { event("held", $0) })
    case .contention:
      return finding(
        .assertionFailed, fingerprint: parts + [wantedLock.name],
        title: "\(thread) waits for \(wantedLock.name) without having asked for it",
        classes: [wantedLock.name], events: [event("acquire", wantedLock, backtrace)])
    default:
      let lock = note.flatMap(Self.assertedLock)
      return finding(
        .assertionFailed, fingerprint: parts,
        title: lock.map { "what the kernel asserts of \($0) is not so" }
          ?? "the kernel asserts what is not so: \(note ?? "")",
        classes: lock.map { [$0] } ?? [],
        events: [
          lock.map { event("assert", PrintedLock(name: $0, line: line), backtrace) }
            ?? event("warn", at: place)
        ])
    }
  }

  /// The lock in `lock_is_held(&(&x->lock)->dep_map)`.
  private static func assertedLock(_ condition: String) -> String? {
    var bytes = Array(condition.utf8)
    return bytes.withUnsafeMutableBytes { buffer in
      let text = UnsafeRawBufferPointer(buffer)
      guard let start = text.offset(of: "_is_held"),
        let open = text.offset(of: "(&(", from: start),
        let end = text.offset(of: ")->dep_map", from: open), end > open + 3
      else { return nil }
      return UnsafeRawBufferPointer(rebasing: text[(open + 3)..<end]).text
    }
  }

  private func distinct(_ names: [String]) -> [String] {
    names.count == 2 && names[0] == names[1] ? [names[0]] : names
  }
}

/// A state as the kernel names it: `IN-HARDIRQ-W`, `SOFTIRQ-ON-R`, `IN-NMI`, `INITIAL USE`.
struct KernelUsage {
  var context: InterruptContext?
  /// Used inside the context, and not held where it could come.
  var isUse: Bool
  var isRead: Bool

  init(_ name: String) {
    let name = name.uppercased()
    let words = name.split(separator: "-")
    if words.contains("HARDIRQ") {
      context = .hardirq
    } else if words.contains("SOFTIRQ") {
      context = .softirq
    } else if words.contains("NMI") {
      context = .nmi
    }
    isUse = words.first == "IN"
    isRead = words.last == "R"
  }
}
