import Foundation
import LockGraph

/// What the program can do.
enum Scenario: String {
  case inversion, misuse
  case deadlock, selfDeadlock = "self-deadlock", mixedDeadlock = "mixed-deadlock"
  case spinDeadlock = "spin-deadlock", readerDeadlock = "reader-deadlock"
  case endedOwner = "ended-owner"
  case nestedSync = "nested-sync", queueCircle = "queue-circle"
  case signalHandler = "signal-handler", signalHandlerWaits = "signal-handler-waits"
  case fork, longWait = "long-wait", killable, random, allocation

  func run(_ argument: String) {
    switch self {
    case .inversion: Inversions.run()
    case .misuse: Inversions.misuse()
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
    case .killable: Signals.killable()
    case .fork: Processes.fork()
    case .longWait: Deadlocks.longWait()
    case .random: RandomProgram.run(seed: UInt64(argument) ?? 1)
    case .allocation: Allocations.run()
    }
  }
}
