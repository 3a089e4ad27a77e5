import Foundation

/// Threads that tests wait for.
enum Threads {
  @discardableResult
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Thread {
    let thread = Thread(block: body)
    thread.name = name
    thread.stackSize = 1 << 20
    thread.start()
    return thread
  }

  /// Runs a closure in a thread of its own, to its end.
  static func run(_ name: String, _ body: @escaping @Sendable () -> Void) {
    wait(start(name, body))
  }

  static func wait(_ threads: Thread...) { wait(threads) }

  static func wait(_ threads: [Thread]) {
    for thread in threads { while !thread.isFinished { usleep(200) } }
  }
}
