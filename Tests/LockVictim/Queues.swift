import Foundation
import LockGraph

enum Queues {
  /// The deadlock that people meet most.
  static func nested() {
    let queue = SerialQueue(label: "work")
    queue.sync { queue.sync {} }
  }

  static func circle() {
    let one = SerialQueue(label: "one")
    let other = SerialQueue(label: "other")
    let first = Threads.start("first") {
      one.sync {
        usleep(100_000)
        other.sync {}
      }
    }
    let second = Threads.start("second") {
      other.sync {
        usleep(100_000)
        one.sync {}
      }
    }
    Threads.wait(first, second)
  }
}
