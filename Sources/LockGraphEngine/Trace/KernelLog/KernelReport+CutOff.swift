// What a report tells of which lines are missing: that it is cut off, and what is there.
extension KernelReport {
  /// Whether the lines are missing that say what its finding is about.
  var isCutOff: Bool {
    switch kind {
    case .orderCycle: wanted == nil && held == nil || !isChainWhole
    case .sameClass: wanted == nil
    case .irqState: wanted == nil || usage == nil
    case .unsafeOrder: wanted == nil || held == nil || safe == nil || unsafe == nil
    case .irqInversion: wanted == nil || (isOtherAfter ? unsafe : safe) == nil
    case .waitContext, .unlock, .freed, .contention: wanted == nil
    case .nestNotTaken: wanted == nil || missingNest == nil
    default: false
    }
  }

  /// Whether everything of the chain from the lock that is asked for to the one that is held is
  /// there.
  private var isChainWhole: Bool {
    guard let last = chain.keys.max(), last > 0, chain.count == last + 1 else { return false }
    return held == nil || held!.name == chain[last]!.lock.name
  }

  /// Whether all that the task holds is listed.
  var lacksHeldLocks: Bool { heldCount.map { heldLocks.count < $0 } ?? true }

  var cutOff: Finding {
    let remark = "the report is cut off"
    switch kind {
    case .orderCycle: return cutOffCycle
    case .sameClass:
      return .cutOff(
        .recursiveAcquisition, of: [], title: "two locks of one class are nested (\(remark))",
        events: [event(.acquire)])
    case .irqState:
      return .cutOff(
        .contextInversion, of: names([wanted]),
        title: "\(wanted?.name ?? "a lock") is used in states that exclude each other (\(remark))",
        events: [wanted.map { event(.acquire, $0, backtrace) } ?? event(.acquire)])
    case .unsafeOrder, .irqInversion:
      return .cutOff(
        .contextOrderInversion, of: names([safe, held, wanted, unsafe]),
        title: "an interrupt closes a cycle of lock orders" + naming([held, wanted])
          + " (\(remark))",
        events: [
          wanted.map { event(.acquire, $0, backtrace) } ?? event(.acquire)
        ] + (held.map { [event(.held, $0)] } ?? []))
    case .waitContext:
      return .cutOff(
        .invalidWaitContext, of: [], title: "a lock is taken where it must not be (\(remark))",
        events: [event(.acquire)])
    case .nestNotTaken:
      return .cutOff(
        .nestNotHeld, of: names([wanted]),
        title: "\(wanted?.name ?? "a lock") is nested under a lock that is not held (\(remark))",
        events: [wanted.map { event(.acquire, $0, backtrace) } ?? event(.acquire)])
    case .unlock:
      return .cutOff(
        .releaseNotHeld, of: [], title: "a lock is released that is not held (\(remark))",
        events: [event(.release)])
    case .freed:
      return .cutOff(
        .destroyedWhileHeld, of: [], title: "a lock is freed while it is held (\(remark))",
        events: [event(.destroy)])
    default:
      return .cutOff(
        .assertionFailed, of: [], title: "an assertion of the kernel failed (\(remark))",
        events: [event(.warn)])
    }
  }

  /// Of a cycle only some locks are known, and not how many there are.
  private var cutOffCycle: Finding {
    let asked = wanted ?? chain[0]?.lock
    let last = chain.keys.max() ?? 0
    let own = held ?? (last > 0 ? chain[last]?.lock : nil)
    let others = chain.sorted { $0.key < $1.key }.map(\.value.lock)
    let known = names([asked] + others + [own])
    let count = max(last + 1, known.count, 2)
    let title =
      known.isEmpty
      ? "locks are taken in a circle"
      : "\(list(known)) \(known.count == 1 ? "is" : "are") in a cycle of \(count) or more lock orders"
    var events: [FindingEvent] = []
    if let asked { events.append(event(.acquire, asked, chain[0]?.stack ?? backtrace)) }
    if let own { events.append(event(.held, own.site == nil ? own.nameAlone : own)) }
    for (number, step) in chain.sorted(by: { $0.key < $1.key }) where number > 0 {
      guard !step.stack.isEmpty else { continue }
      events.append(
        event(.acquire, step.lock.nameAlone, step.stack, thread: Witness.unknownThread))
    }
    if events.isEmpty { events.append(event(.acquire)) }
    return .cutOff(
      .lockOrderInversion, of: known, title: title + " (the report is cut off)",
      confidence: .ordering, reason: "the report is cut off, and does not tell the whole cycle",
      events: events)
  }

  private func names(_ locks: [PrintedLock?]) -> [String] {
    var names: [String] = []
    for lock in locks {
      if let name = lock?.name, !names.contains(name) { names.append(name) }
    }
    return names
  }

  private func naming(_ locks: [PrintedLock?]) -> String {
    let known = names(locks)
    return known.isEmpty ? "" : " with \(list(known))"
  }

  private func list(_ names: [String]) -> String {
    names.count < 2
      ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
