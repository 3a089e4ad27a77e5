// What a report of a BSD's kernel is as a finding of ours.
extension WitnessReport {
  private static let reason =
    "the kernel's witness reported it, which judges classes and not instances"

  var findings: [Finding] {
    switch kind {
    case .order: [order]
    case .duplicate: [duplicate]
    case .sleeping: [sleeping]
    case .inUserSpace:
      locks.isEmpty
        ? [.violation(.returned, of: nil, events: [event(.returned)], isReported: true)]
        : locks.map {
          .violation(
            .returned, of: $0.lockClass, events: [event(.returned), event(.held, $0)],
            isReported: true)
        }
    case .locksItself: [selfDeadlock]
    case .notHeld:
      [
        .violation(
          .notHeld, of: debugged.lockClass, events: [event(.release, debugged)], isReported: true)
      ]
    case .assertion:
      [
        .kernelAssertion(
          [detail, function ?? ""], title: "the kernel asserts what is not so: \(detail)",
          events: [event(.warn)])
      ]
    }
  }

  private var unknown: Lock { Lock(name: "unknown lock", lockClass: "unknown lock", line: line) }

  private func meaningful(_ stack: KernelStack) -> ArraySlice<KernelFrame> {
    let rest = stack.frames.drop { Self.isOwn($0.function) || LockFunctions.contains($0.function) }
    return rest.isEmpty ? stack.frames[...] : rest
  }

  private var function: String? { KernelStack.function(of: meaningful(backtrace)) }

  /// Functions of the BSDs that take locks and report.
  private static func isOwn(_ function: String) -> Bool {
    [
      "witness_", "_witness", "_mtx_", "__mtx_", "mtx_", "_sx_", "sx_", "_rw_", "__rw_", "rw_",
      "rrw_", "_rm_", "lockmgr", "_lockmgr", "mutex_", "_kernel_lock", "kdb_backtrace",
      "db_trace_self", "lockdebug_", "_sleep", "msleep", "sleepq_", "tsleep", "_vn_lock", "panic",
      "vpanic", "kassert_", "backtrace",
    ].contains { function.hasPrefix($0) }
  }

  private func witnessed(_ lock: Lock, _ stack: KernelStack = KernelStack()) -> WitnessedLock {
    var frames = meaningful(stack)
    // Of a stack that ends in the locks' own functions the lock's place is left.
    if frames.count == stack.frames.count, lock.place != nil { frames = [] }
    return WitnessedLock(
      lock: lock.address.map { "\(lock.name)@\($0)" } ?? lock.name, lockClass: lock.lockClass,
      mode: .write, at: lock.place ?? frames.first?.place, stack: frames.map(\.text),
      line: frames.first?.line ?? lock.line)
  }

  private func event(_ role: EventRole, _ lock: Lock? = nil) -> FindingEvent {
    let witnessed = lock.map { self.witnessed($0, role == .held ? KernelStack() : backtrace) }
    let frames = meaningful(backtrace)
    return FindingEvent(
      role: role, thread: Witness.unknownThread, lock: witnessed,
      at: witnessed?.at ?? (lock == nil ? frames.first?.place : nil),
      stack: witnessed?.stack ?? frames.map(\.text), input: "", line: witnessed?.line ?? line)
  }

  private func edge(_ from: Lock, _ to: Lock, _ stack: KernelStack, held place: String?)
    -> FindingEdge
  {
    var held = witnessed(Lock(name: from.name, lockClass: from.lockClass, line: from.line))
    held.at = place
    held.line = from.line
    if place != nil { held.lock = witnessed(from).lock }
    let wanted = witnessed(to, stack)
    return FindingEdge(
      from: from.lockClass, to: to.lockClass, kinds: .en, decidingKind: .en, count: 0,
      areKindsAssumed: true,
      witnesses: [
        Witness(
          thread: Witness.unknownThread, held: held, wanted: wanted, kind: .en, isStated: true,
          options: [], alsoHeld: [], input: "", line: wanted.line)
      ])
  }

  private var order: Finding {
    guard locks.count > 1 else {
      return .cutOff(
        .lockOrderInversion, of: locks.map(\.lockClass),
        title: "\(locks.first?.lockClass ?? "a lock") is taken in both orders with another lock "
          + "(the report is cut off)", events: [event(.acquire, locks.first)])
    }
    // Of three the first two are of one sort.
    let (first, second) = (locks[locks.count - 2], locks[locks.count - 1])
    guard first.lockClass != second.lockClass else { return nested(first, second) }
    let there = edge(
      first, second, attempted.isEmpty ? backtrace : attempted, held: first.place)
    let before = Lock(name: first.name, lockClass: first.lockClass, line: first.line)
    let back = edge(second, before, established, held: nil)
    let edges =
      first.lockClass.utf8.lexicographicallyPrecedes(second.lockClass.utf8)
      ? [there, back] : [back, there]
    return .inversion(edges, confidence: .ordering, reason: Self.reason)
  }

  private var duplicate: Finding {
    guard locks.count > 1 else {
      return .cutOff(
        .recursiveAcquisition, of: locks.map(\.lockClass),
        title: "two locks of one class are nested (the report is cut off)",
        events: [event(.acquire, locks.first)])
    }
    return nested(locks[0], locks[1])
  }

  private func nested(_ first: Lock, _ second: Lock) -> Finding {
    let isOneLock = first.address != nil && first.address == second.address
    var edge = edge(first, second, backtrace, held: first.place)
    if !isOneLock, edge.witnesses[0].held.lock == edge.witnesses[0].wanted.lock {
      edge.witnesses[0].held.lock += " (held)"
    }
    return .recursiveAcquisition(
      edge, ofOneLock: isOneLock, confidence: isOneLock ? .feasible : .ordering,
      reason: isOneLock ? nil : Self.reason)
  }

  private var sleeping: Finding {
    guard let lock = locks.last else {
      return .violation(
        .sleepsInContext, of: nil, detail: [function ?? ""], events: [event(.sleep)],
        isReported: true)
    }
    return .violation(
      .sleepsHolding, of: lock.lockClass,
      events: [event(.sleep)] + locks.reversed().map { event(.held, $0) }, isReported: true)
  }

  private var debugged: Lock {
    var lock = locks.first ?? unknown
    if lock.lockClass == "unnamed lock" || locks.isEmpty, let function {
      lock.name = "lock used in \(function)"
      lock.lockClass = lock.name
    }
    return lock
  }

  private var selfDeadlock: Finding {
    let wanted = witnessed(debugged, backtrace)
    let held = witnessed(debugged)
    let thread = Witness.unknownThread
    let waiter = Finding.Waiter(
      thread: thread, wanted: wanted, blockedBy: thread, hasHolderEnded: false, options: [],
      held: [held], at: wanted.at, stack: wanted.stack, input: "", line: line)
    return .deadlock([waiter], via: [0], edges: [], endedHolder: nil, occurrences: 1)
  }
}
