// What a report of the kernel's validator is as a finding of ours: same rules, same titles, and
// the same fingerprints, so that one problem is one finding wherever it was found.
extension KernelReport {
  /// Of which the log does not hold the name, because the report is cut off.
  static let unknownLock = "unknown lock"

  /// One finding, or one for each lock that is held where none must be.
  ///
  /// Names have the numbers that the kernel printed; fingerprints are made without them, because
  /// the order in which a boot registers classes decides them.
  var findings: [Finding] {
    var findings = namedFindings
    let plain = withoutClassNumbers()
    guard let plain else { return findings }
    for (number, finding) in zip(findings.indices, plain.namedFindings) {
      findings[number].fingerprint = finding.fingerprint
      findings[number].lineFreeFingerprint = finding.lineFreeFingerprint
    }
    return findings
  }

  private var namedFindings: [Finding] {
    guard !isCutOff else { return [cutOff] }
    return switch kind {
    case .orderCycle: [orderCycle]
    case .sameClass: [sameClass]
    case .irqState: [contextInversion]
    case .unsafeOrder, .irqInversion: [contextOrderInversion]
    case .waitContext: [waitContext]
    case .nestNotTaken: [nestNotTaken]
    case .unlock: [unlock]
    case .freed: [freed]
    case .heldAtExit, .heldInUserSpace: stillHeld
    case .leakedByWork: leakedByWork
    case .sleeping, .scheduling: [sleeping]
    case .spin(let trouble): [spinFinding(trouble)]
    case .contention, .rcu, .assertion, .neverInitialised: [assertion]
    }
  }

  var thread: String { task ?? Witness.unknownThread }
  var wantedLock: PrintedLock {
    wanted ?? PrintedLock(name: Self.unknownLock, line: line)
  }

  // MARK: Evidence

  func witnessed(
    _ lock: PrintedLock, _ stack: KernelStack = KernelStack(), mode: LockMode = .write
  ) -> WitnessedLock {
    let frames = stack.meaningful
    var texts = frames.map(\.text)
    // A site tells the function too, and its place if the log was decoded.
    if texts.isEmpty, let site = lock.site { texts = [site] }
    return WitnessedLock(
      lock: lock.instance, lockClass: lock.name, mode: mode, at: frames.first?.place, stack: texts,
      line: frames.first?.line ?? lock.line)
  }

  func event(
    _ role: EventRole, _ lock: PrintedLock, _ stack: KernelStack = KernelStack(),
    thread: String? = nil, mode: LockMode = .write
  ) -> FindingEvent {
    let witnessed = witnessed(lock, stack, mode: mode)
    return FindingEvent(
      role: role, thread: thread ?? self.thread, lock: witnessed, at: witnessed.at,
      stack: witnessed.stack, input: "", line: witnessed.line)
  }

  /// An event that is about no lock.
  func event(
    _ role: EventRole, at place: String? = nil, _ frames: ArraySlice<KernelFrame>? = nil
  ) -> FindingEvent {
    let frames = frames ?? backtrace.meaningful
    return FindingEvent(
      role: role, thread: thread, lock: nil, at: place ?? frames.first?.place,
      stack: frames.map(\.text), input: "", line: line)
  }

  private func edge(
    from: PrintedLock, to: PrintedLock, _ stack: KernelStack, thread: String? = nil,
    alsoHeld: [PrintedLock] = []
  ) -> FindingEdge {
    let wanted = witnessed(to, stack)
    // Where the report's own task took the lock says nothing of who else did.
    let from = thread == nil ? from.nameAlone : from
    return FindingEdge(
      from: from.name, to: to.name, kinds: .en, decidingKind: .en, count: 0, areKindsAssumed: true,
      witnesses: [
        Witness(
          thread: thread ?? Witness.unknownThread, held: witnessed(from), wanted: wanted,
          kind: .en, isStated: true, options: [], alsoHeld: alsoHeld.map { witnessed($0) },
          input: "", line: wanted.line)
      ])
  }

  /// What the task held beside a lock.
  private func held(beside lock: PrintedLock) -> [PrintedLock] {
    let own = heldLocks.firstIndex { $0.name == lock.name && $0.address == lock.address }
    return heldLocks.indices.filter { $0 != own }.map { heldLocks[$0] }
  }

  // MARK: Orders of locks

  private var orderCycle: Finding {
    // #0 is the lock that is asked for, and each of the others was taken under the one before it.
    let steps = chain.sorted { $0.key < $1.key }
    let locks = steps.map(\.value.lock)
    let stacks = steps.map(\.value.stack)
    let first = wanted ?? locks[0]
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
    return .inversion(edges, confidence: .ordering, reason: Self.reasonForOrdering)
  }

  private static let reasonForOrdering =
    "the kernel's validator reported it, which judges classes and not instances"

  private var sameClass: Finding {
    let asked = wantedLock
    let own = held ?? asked.nameAlone
    let isSameLock = asked.address != nil && asked.address == held?.address
    var edge = edge(
      from: own, to: asked, backtrace, thread: thread, alsoHeld: held(beside: own))
    if !isSameLock, edge.witnesses[0].held.lock == edge.witnesses[0].wanted.lock {
      // Without addresses nothing says that they are one.
      edge.witnesses[0].held.lock += " (held)"
    }
    return .recursiveAcquisition(
      edge, ofOneLock: isSameLock, confidence: isSameLock ? .feasible : .ordering,
      reason: isSameLock ? nil : Self.reasonForOrdering)
  }

  // MARK: Interrupts

  private var contextInversion: Finding {
    let name = wantedLock.name
    let old = usage.map { KernelUsage($0.old) }
    let new = usage.map { KernelUsage($0.new) }
    guard let old, let new, let context = old.context ?? new.context, old.isUse != new.isUse else {
      return .contextInversion(
        of: name, states: (usage?.old ?? "", usage?.new ?? ""),
        events: [event(.acquire, wantedLock, backtrace)])
    }
    let (used, enabled) = old.isUse ? (old, new) : (new, old)
    // The older state was registered elsewhere, the newer one is that of the task.
    let registered = event(
      old.isUse ? .usedIn : .enabled, PrintedLock(name: name, line: line), safeStack,
      thread: Witness.unknownThread, mode: old.isRead ? .recursiveRead : .write)
    let current = event(
      new.isUse ? .usedIn : .enabled, wantedLock, backtrace,
      mode: new.isRead ? .recursiveRead : .write)
    return .contextInversion(
      of: name, in: context, used: used.isRead ? .usedRecursively : .usedNonRecursively,
      enabled: enabled.isRead ? .enabledShared : .enabledExclusive,
      events: old.isUse ? [registered, current] : [current, registered])
  }

  private var contextOrderInversion: Finding {
    let path = dependencyPath
    let edges = (1..<path.count).map { number in
      edge(
        from: path[number - 1].lock, to: path[number].lock, path[number].stack,
        thread: path[number].isOwn ? thread : nil,
        alsoHeld: path[number].isOwn ? self.held(beside: path[number - 1].lock) : [])
    }
    let (first, last) = (path[0].lock.name, path[path.count - 1].lock.name)
    // Of a state that changed, one side is what the task just did.
    let isOwnUse = kind == .irqInversion && isOtherAfter
    let isOwnHold = kind == .irqInversion && !isOtherAfter
    return .contextOrderInversion(
      edges, in: context, used: isUsedByReader ? .usedRecursively : .usedNonRecursively,
      enabled: isEnabledForReader ? .enabledShared : .enabledExclusive,
      events: [
        event(
          .usedIn, isOwnUse ? wantedLock : safe ?? PrintedLock(name: first, line: line),
          isOwnUse ? backtrace : safeStack,
          thread: isOwnUse ? nil : Witness.unknownThread,
          mode: isUsedByReader ? .recursiveRead : .write),
        event(
          .enabled, isOwnHold ? wantedLock : unsafe ?? PrintedLock(name: last, line: line),
          isOwnHold ? backtrace : unsafeStack,
          thread: isOwnHold ? nil : Witness.unknownThread,
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
}

extension PrintedLock {
  /// The lock itself, as far as the log tells it.
  var instance: String { address.map { "\(name)@\($0)" } ?? name }
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
