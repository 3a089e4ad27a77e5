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

  /// The same, and waits until what threads do at their very end is done as well.
  static func runToTheEnd(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
      let body: @Sendable () -> Void
      init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Box(body)).toOpaque()
    let status = pthread_create(
      &thread, nil,
      { context in
        Unmanaged<Box>.fromOpaque(context!).takeRetainedValue().body()
        return nil
      }, context)
    precondition(status == 0, "no thread")
    pthread_join(thread, nil)
  }

  static func wait(_ threads: Thread...) { wait(threads) }

  static func wait(_ threads: [Thread]) {
    for thread in threads { while !thread.isFinished { usleep(200) } }
  }
}
