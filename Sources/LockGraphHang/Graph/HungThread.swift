/// A thread in the report: what it does, and whom it waits for.
package struct HungThread: Sendable {
  /// Which of the processes it is of.
  package var process: Int
  /// Its number as seen from here.
  package var identifier: Int32
  package var ownIdentifier: Int32
  package var name: String
  package var state: State
  /// It was in the same call for all the time between the looks.
  package var isSteady = false
  /// What shows at a later look whether it has run since the second one.
  var pulse: Pulse?
  /// The functions it is in, the innermost first.
  package var frames: [StackFrame] = []
  /// Who can end its wait, as far as it is known.
  package var blockers: [Blocker] = []
  /// The tool of its language told whom it waits for.
  var isToldByRuntime = false
  /// It is none of the program, but of the machine that runs its language, and waits for work.
  var isOfMachine = false
  /// Mutexes that it holds, where they were looked for.
  package var holds: [HeldLock] = []

  package enum State: Sendable {
    case waits(Wait)
    /// In a system call, by its name.
    case sleeps(in: String)
    case runs
    /// Stopped, or waiting for memory.
    case suspended
    case ended
    case unreadable(ErrorNumber)
  }

  package var wait: Wait? {
    if case .waits(let wait) = state { return wait }
    return nil
  }

  /// It waits for something of the program.
  var waitsForProgram: Bool { wait != nil && !isOfMachine }

  /// It has been found running, and so has to go on to do the same.
  var isOnProcessor: Bool {
    switch state {
    case .runs: true
    case .waits(let wait): wait.kind == .spin
    default: false
    }
  }

  var isAlive: Bool {
    if case .ended = state { return false }
    return true
  }
}

/// Who a thread waits for.
package struct Blocker: Equatable, Sendable {
  package enum Who: Equatable, Sendable {
    /// By its place in the report.
    case thread(Int)
    /// A number that no thread has any more.
    case gone(Int32)
    /// A thread of a process that was not looked at.
    case outside(Int32, String)
  }

  package enum Certainty: Int, Comparable, Sendable {
    /// The lock says so.
    case certain
    /// The only thread whose stack shows it.
    case likely
    /// A thread whose stack has the lock's address, or one of several.
    case possible

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  package var who: Who
  package var certainty: Certainty

  var thread: Int? {
    if case .thread(let index) = who { return index }
    return nil
  }
}

/// A lock that a thread holds.
package struct HeldLock: Equatable, Sendable {
  package var lock: UInt64
  package var kind: WaitKind
}
