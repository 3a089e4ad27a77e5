import Foundation
import LockGraph

/// What the program can do.
enum Scenario: String {
  case inversion, unnamed, apart, gated, misuse, manyOrders = "many-orders"
  case deadlock, selfDeadlock = "self-deadlock", mixedDeadlock = "mixed-deadlock"
  case spinDeadlock = "spin-deadlock", readerDeadlock = "reader-deadlock"
  case endedOwner = "ended-owner"
  case nestedSync = "nested-sync", queueCircle = "queue-circle"
  case signalHandler = "signal-handler", signalHandlerWaits = "signal-handler-waits"
  case forkAndFind = "fork-and-find", become, closeAll = "close-all"
  case fork, longWait = "long-wait", killable, random, allocation, stress, reading
  case misuseProgram = "misuse-program", handOver = "hand-over", waitUnlocked = "wait-unlocked"
  case childTasks = "child-tasks", lonelyTask = "lonely-task", manyTasks = "many-tasks"
  case destroyedUnderOwner = "destroyed-under-owner"
  case nesting, lifetimes, hiddenLevels = "hidden-levels"
  case handlerLogs = "handler-logs", handlerSlow = "handler-slow", handlerStuck = "handler-stuck"
  case handlerWaits = "handler-waits", handlerForks = "handler-forks"
  case handlerCauses = "handler-causes", handlerEnds = "handler-ends"
  case handlerWithoutThread = "handler-without-thread"

  func run(_ argument: String) {
    switch argument {
    case "exit": Endings.whenDeadlocked { _exit(3) }
    case "kill": Endings.whenDeadlocked { kill(getpid(), SIGKILL) }
    default: break
    }
    switch self {
    case .inversion: Inversions.run()
    case .unnamed: Inversions.unnamed()
    case .apart: Inversions.apart(isGated: false)
    case .gated: Inversions.apart(isGated: true)
    case .misuse: Inversions.misuse()
    case .manyOrders: Inversions.manyOrders(Int(argument) ?? 1000)
    case .deadlock: Deadlocks.two()
    case .selfDeadlock: Deadlocks.alone()
    case .mixedDeadlock: Deadlocks.mixed()
    case .spinDeadlock: Deadlocks.spinning()
    case .readerDeadlock: Deadlocks.readers()
    case .endedOwner: Deadlocks.endedOwner()
    case .nestedSync: Queues.nested()
    case .queueCircle: Queues.circle()
    case .signalHandler: Signals.lockInHandler(isHeld: false)
    case .signalHandlerWaits: Signals.lockInHandler(isHeld: true)
    case .killable: Signals.killable(by: Int32(argument) ?? SIGTERM)
    case .fork: Processes.fork()
    case .forkAndFind: Processes.forkAndFind(argument)
    case .become: Processes.become(argument)
    case .closeAll: Processes.closeAll(argument)
    case .longWait: Deadlocks.longWait()
    case .random: RandomProgram.run(seed: UInt64(argument) ?? 1)
    case .allocation: Allocations.run()
    case .stress: Stress.run()
    case .reading: Reading.run()
    case .misuseProgram: MisuseProgram.run(argument)
    case .handOver: Misuse.handOver()
    case .waitUnlocked: Misuse.waitUnlocked()
    case .childTasks: Tasks.children()
    case .lonelyTask: Tasks.alone()
    case .manyTasks: Tasks.many(Int(argument) ?? 1000)
    case .destroyedUnderOwner: Misuse.destroyedUnderOwner()
    case .nesting: Nesting.run(argument)
    case .hiddenLevels: Nesting.hiddenLevels()
    case .lifetimes: Lifetimes.run(argument)
    case .handlerLogs: Handlers.logging(Int(argument) ?? 1)
    case .handlerSlow: Handlers.slow()
    case .handlerStuck: Handlers.stuck()
    case .handlerWaits: Handlers.waiting(milliseconds: UInt32(argument) ?? 800)
    case .handlerForks: Handlers.fork()
    case .handlerCauses: Handlers.causing()
    case .handlerEnds: Handlers.ending()
    case .handlerWithoutThread: Handlers.withoutThread()
    }
  }
}

/// Ends the program once it is deadlocked, with the report on standard error.
enum Endings {
  static func whenDeadlocked(_ end: @escaping @Sendable () -> Void) {
    LockValidator.setHandler { report in
      FileHandle.standardError.write(Data(report.text.utf8))
      if report.finding.rule == .deadlock { end() }
    }
  }
}
