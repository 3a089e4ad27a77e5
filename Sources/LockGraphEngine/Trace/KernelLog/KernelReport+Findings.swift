// What a report of the kernel's validator is as a finding of ours: same rules, same titles, and
// the same fingerprints, so that one problem is one finding wherever it was found.
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

  private var thread: String { task ?? Witness.unknownThread }
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
    _ role: EventRole, _ lock: PrintedLock, _ stack: KernelStack = KernelStack(),
    thread: String? = nil, mode: LockMode = .write
  ) -> FindingEvent {
    let witnessed = witnessed(lock, stack, mode: mode)
    return FindingEvent(
      role: role, thread: thread ?? self.thread, lock: witnessed, at: witnessed.at,
      stack: witnessed.stack, input: "", line: witnessed.line)
  }

  /// An event that is about no lock.
  private func event(_ role: EventRole, at place: String? = nil) -> FindingEvent {
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
    return .inversion(edges, confidence: .ordering, reason: Self.reasonForOrdering)
  }

  private static let reasonForOrdering =
    "the kernel's validator reported it, which judges classes and not instances"

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

  // MARK: Single acquisitions and releases

  private var waitContext: Finding {
    let asked = wantedLock
    let acquire = event(.acquire, asked, backtrace)
    let culprit = asked.waitTypes.flatMap { wanted in
      heldLocks.filter { ($0.waitTypes?.inner ?? .max) < wanted.outer && $0.waitTypes?.inner != 0 }
        .min { ($0.waitTypes?.inner ?? 0) < ($1.waitTypes?.inner ?? 0) }
    }
    guard let culprit else {
      return .violation(
        .waitsInContext, of: asked.name,
        events: [acquire] + heldLocks.map { event(.held, $0) }, isReported: true)
    }
    return .violation(
      .waitsHolding, of: asked.name, and: culprit.name, events: [acquire, event(.held, culprit)],
      isReported: true)
  }

  private var nestNotTaken: Finding {
    let asked = wantedLock
    let nest = missingNest ?? PrintedLock(name: Self.unknownLock, line: line)
    return .violation(
      .neverTaken, of: asked.name, and: nest.name,
      events: [event(.acquire, asked, backtrace), event(.nest, nest)], isReported: true)
  }

  private var unlock: Finding {
    .violation(
      .notHeld, of: wantedLock.name, events: [event(.release, wantedLock, backtrace)],
      isReported: true)
  }

  private var freed: Finding {
    let name = wantedLock.name
    return .violation(
      .destroyed, of: name,
      events: [
        event(.destroy, PrintedLock(name: name, line: line), backtrace),
        event(.held, wantedLock),
      ], isReported: true)
  }

  private var stillHeld: [Finding] {
    let variant: ViolationVariant = kind == .heldAtExit ? .exited : .returned
    let end = event(kind == .heldAtExit ? .exit : .returned)
    guard !heldLocks.isEmpty else {
      return [.violation(variant, of: nil, events: [end], isReported: true)]
    }
    return heldLocks.map { lock in
      .violation(variant, of: lock.name, events: [end, event(.held, lock)], isReported: true)
    }
  }

  // MARK: Assertions

  private var assertion: Finding {
    let function = backtrace.meaningful.first?.function ?? ""
    let file = place.map { String($0.prefix { $0 != ":" }) } ?? ""
    let parts = [note ?? "", file, function]
    switch kind {
    case .rcu:
      let what = note ?? "suspicious use"
      return .kernelAssertion(
        parts, title: "RCU: \(what.prefix { $0 != "!" })\(place.map { " at \($0)" } ?? "")",
        events: [event(.rcu, at: place)] + heldLocks.map { event(.held, $0) })
    case .contention:
      return .kernelAssertion(
        parts + [wantedLock.name],
        title: "\(thread) waits for \(wantedLock.name) without having asked for it",
        of: wantedLock.name, events: [event(.acquire, wantedLock, backtrace)])
    default:
      let lock = note.flatMap(Self.assertedLock)
      return .kernelAssertion(
        parts,
        title: lock.map { "what the kernel asserts of \($0) is not so" }
          ?? "the kernel asserts what is not so: \(note ?? "")", of: lock,
        events: [
          lock.map { event(.assert, PrintedLock(name: $0, line: line), backtrace) }
            ?? event(.warn, at: place)
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
