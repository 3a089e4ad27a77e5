// What single acquisitions, releases and ends of tasks break.
extension KernelReport {
  var waitContext: Finding {
    let asked = wantedLock
    let acquire = event(.acquire, asked, backtrace)
    let culprit = asked.waitTypes.flatMap { wanted in
      heldLocks.filter { ($0.waitTypes?.inner ?? .max) < wanted.outer && $0.waitTypes?.inner != 0 }
        .min { ($0.waitTypes?.inner ?? 0) < ($1.waitTypes?.inner ?? 0) }
    }
    guard let culprit else {
      var finding = Finding.violation(
        .waitsInContext, of: asked.name,
        events: [acquire] + heldLocks.map { event(.held, $0) }, isReported: true)
      if lacksHeldLocks { finding.title += " (the report is cut off)" }
      return finding
    }
    return .violation(
      .waitsHolding, of: asked.name, and: culprit.name, events: [acquire, event(.held, culprit)],
      isReported: true)
  }

  var nestNotTaken: Finding {
    let asked = wantedLock
    let nest = missingNest ?? PrintedLock(name: Self.unknownLock, line: line)
    return .violation(
      .neverTaken, of: asked.name, and: nest.name,
      events: [event(.acquire, asked, backtrace), event(.nest, nest)], isReported: true)
  }

  var unlock: Finding {
    .violation(
      .notHeld, of: wantedLock.name, events: [event(.release, wantedLock, backtrace)],
      isReported: true)
  }

  var freed: Finding {
    let name = wantedLock.name
    return .violation(
      .destroyed, of: name,
      events: [
        event(.destroy, PrintedLock(name: name, line: line), backtrace),
        event(.held, wantedLock),
      ], isReported: true)
  }

  var stillHeld: [Finding] {
    let variant: ViolationVariant = kind == .heldInUserSpace ? .returned : variantOfEnd
    let end = event(kind == .heldInUserSpace ? .returned : variant == .exited ? .exit : .sleep)
    guard !heldLocks.isEmpty else {
      var finding = Finding.violation(variant, of: nil, events: [end], isReported: true)
      finding.title += " (the report is cut off)"
      return [finding]
    }
    return heldLocks.map { lock in
      .violation(variant, of: lock.name, events: [end, event(.held, lock)], isReported: true)
    }
  }

  /// Tasks are asked for what they hold where they end, and where they are frozen.
  private var variantOfEnd: ViolationVariant {
    let functions = backtrace.frames.map(\.function)
    if functions.contains(where: { $0.contains("do_exit") }) { return .exited }
    if functions.contains(where: { $0.contains("freez") || $0.contains("refrigerator") }) {
      return .frozen
    }
    return functions.contains { $0.contains("exec") } ? .executed : .exited
  }

  /// Locks that a work item leaves behind.
  var leakedByWork: [Finding] {
    let function = workFunction.map { String($0.prefix { $0 != " " && $0 != "+" }) }
    let name = function ?? "an unknown function"
    let end = FindingEvent(
      role: .exit, thread: thread, lock: nil, stack: workFunction.map { [$0] } ?? [], input: "",
      line: line)
    var locks = heldLocks
    if locks.isEmpty, leavesRCUOpen { locks = [PrintedLock(name: "rcu_read_lock", line: line)] }
    guard !locks.isEmpty else {
      var finding = Finding.violation(
        .workEnded, of: nil, detail: [name], events: [end], isReported: true)
      finding.title = "the work item \(name) ends in an atomic context or with a lock"
      return [finding]
    }
    return locks.map { lock in
      var finding = Finding.violation(
        .workEnded, of: lock.name, detail: [name], events: [end, event(.held, lock)],
        isReported: true)
      finding.title = "the work item \(name) ends while it holds \(lock.name)"
      return finding
    }
  }

  // MARK: Sleeping

  /// A function that may sleep where nothing may.
  var sleeping: Finding {
    let frames = backtrace.asking
    let sleep = event(.sleep, at: frames.isEmpty ? place : nil, frames)
    if let culprit = spinningLock {
      return .violation(
        .sleepsHolding, of: culprit.name,
        events: [sleep, event(.held, culprit)]
          + heldLocks.filter { $0.name != culprit.name }.map { event(.held, $0) },
        isReported: true)
    }
    return .violation(
      .sleepsInContext, of: nil, detail: [KernelStack.function(of: frames) ?? ""],
      events: [sleep] + heldLocks.map { event(.held, $0) }, isReported: true)
  }

  /// The lock that forbids sleeping. How much a lock forbids is printed as a number that differs
  /// between configurations, so that only least and greatest are sure; of those in between the one
  /// that was taken last.
  private var spinningLock: PrintedLock? {
    if isInsideRCU, !isAtomic, !hasInterruptsOff {
      return heldLocks.last { $0.name.hasPrefix("rcu_read_lock") }
    }
    let candidates = heldLocks.filter { lock in
      !lock.name.hasPrefix("rcu_read_lock") && !Self.soundsSleeping(lock.name)
        && (lock.waitTypes.map { (2...3).contains($0.inner) } ?? true)
    }
    let spinning = candidates.filter { $0.waitTypes?.inner == 2 }
    if let last = spinning.last { return last }
    let hasSleeping = heldLocks.contains { $0.waitTypes?.inner == 4 }
    if hasSleeping || isAtomic || kind == .scheduling { return candidates.last }
    return nil
  }

  private static func soundsSleeping(_ name: String) -> Bool {
    ["mutex", "_sem", "sem)", "rwsem", "s_umount", "sb_writers", "rtnl", "fs_reclaim", "sk_lock"]
      .contains { name.contains($0) }
  }
}
