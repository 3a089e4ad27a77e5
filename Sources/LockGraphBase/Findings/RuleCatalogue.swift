extension Rule {
  /// What is wrong, in one line.
  public var summary: String {
    switch self {
    case .deadlock: "threads wait for each other in a circle"
    case .lockOrderInversion: "locks are taken in orders that can deadlock"
    case .recursiveAcquisition: "a lock, or another of its class, is taken again while it is held"
    case .contextInversion: "an interrupt may ask for a lock that the code it interrupts holds"
    case .contextOrderInversion: "an interrupt closes a cycle of lock orders"
    case .invalidWaitContext: "a lock that may sleep is taken where sleeping is not allowed"
    case .nestNotHeld: "the lock that is said to serialise a nesting is not held"
    case .releaseNotHeld: "a lock is released by a thread that does not hold it"
    case .heldAtExit: "a thread ends while it holds a lock"
    case .destroyedWhileHeld: "a lock is destroyed or initialised again while it is held"
    case .lockCorrupted: "the memory of a lock holds no lock"
    case .assertionFailed: "the program asserts something of a lock that is not so"
    case .pinViolated: "a lock is released that was pinned"
    case .unbalancedContext: "a context is left with locks that were taken in it, or not entered"
    case .waitWhileHolding: "a condition wait keeps another lock held"
    case .referenceCountMisused: "a reference count rises from zero, falls below it, or overflows"
    case .heldAcrossSuspension: "a lock is held while the task that took it is suspended"
    case .resumedWhileHolding: "a continuation is resumed while a lock is held"
    case .declaredOrder: "locks are taken against the declared order"
    case .stillWaiting: "threads still wait where the trace ends"
    case .longHold: "a lock is held for longer than the policy allows"
    case .longWait: "a lock is waited for longer than the policy allows"
    }
  }

  /// Whether it is looked for in traces; what is not is for running programs alone.
  public var isChecked: Bool {
    switch self {
    case .referenceCountMisused, .heldAcrossSuspension, .resumedWhileHolding: false
    default: true
    }
  }

  /// Whether its findings say how sure they are, and their severity depends on that.
  package var hasConfidence: Bool {
    switch self {
    case .deadlock, .lockOrderInversion, .recursiveAcquisition: true
    default: false
    }
  }

  /// The severity of findings that carry no confidence.
  public var severity: Severity {
    switch self {
    case .waitWhileHolding, .resumedWhileHolding: .note
    case .longHold, .longWait: .warning
    default: .error
    }
  }
}
