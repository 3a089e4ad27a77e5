// What the kernel's debugging of spin locks found.
extension KernelReport {
  /// What the lock is called: by its symbol, else by who uses it; its address is that of one boot.
  var spinClass: String {
    if let name = spinLock?.name { return name }
    guard let function = KernelStack.function(of: backtrace.meaningful) else {
      return "unnamed spin lock"
    }
    return "spin lock used in \(function)"
  }

  func spinFinding(_ trouble: SpinTrouble) -> Finding {
    var lock = PrintedLock(name: spinClass, line: line)
    lock.address = spinLock?.address
    switch trouble {
    case .badMagic:
      return .violation(
        .badMagic, of: lock.name, events: [event(.acquire, lock, backtrace)], isReported: true)
    case .alreadyUnlocked:
      return .violation(
        .notHeld, of: lock.name, events: [event(.release, lock, backtrace)], isReported: true)
    case .wrongOwner, .wrongProcessor:
      let owner = event(.held, lock, thread: spinLock?.owner ?? Witness.unknownThread)
      return .violation(
        trouble == .wrongOwner ? .heldByOther : .wrongProcessor, of: lock.name,
        events: [event(.release, lock, backtrace), owner], isReported: true)
    case .recursion, .lockup: return selfDeadlock(lock)
    }
  }

  /// The task waits for what it has itself, and never stops.
  private func selfDeadlock(_ lock: PrintedLock) -> Finding {
    var wanted = witnessed(lock, backtrace)
    wanted.kind = .spin
    var held = witnessed(lock)
    held.kind = .spin
    let waiter = Finding.Waiter(
      thread: thread, wanted: wanted, blockedBy: thread, hasHolderEnded: false, options: [],
      held: [held], at: wanted.at, stack: wanted.stack, input: "", line: line)
    return .deadlock([waiter], via: [0], edges: [], endedHolder: nil, occurrences: 1)
  }
}
