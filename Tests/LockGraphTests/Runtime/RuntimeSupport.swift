import Foundation
import LockGraph
import TestSupport

/// Threads that tests start and wait for.
enum TestThreads {
  static func start(_ body: @escaping @Sendable () -> Void) -> Thread {
    let thread = Thread {
      // Those of a pool, which tests run in, take no signals, and their children inherit that.
      var none = sigset_t()
      sigemptyset(&none)
      pthread_sigmask(SIG_SETMASK, &none, nil)
      body()
    }
    thread.stackSize = 1 << 20
    thread.start()
    return thread
  }

  static func wait(_ threads: Thread...) { wait(threads) }

  static func wait(_ threads: [Thread]) {
    for thread in threads { while !thread.isFinished { usleep(200) } }
  }

  static func run(_ body: @escaping @Sendable () -> Void) { wait(start(body)) }
}

/// Names that no other test uses, because all share one validator.
struct UniqueNames {
  private let prefix: String

  init(_ test: String = #function) { prefix = "\(test) \(UInt32.random(in: 0...(.max)))" }

  func callAsFunction(_ name: String) -> String { "\(prefix) \(name)" }

  /// The findings that are about these names.
  var findings: [Finding] {
    LockValidator.findings.filter { $0.classes.contains { $0.hasPrefix(prefix) } }
  }
}

/// Findings that tests provoke are not printed.
enum Quiet {
  static let validator: Void = { LockValidator.setHandler { _ in } }()
}

/// A flag that threads set.
final class Flag: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var value = false

  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }

  /// Waits until it is set; false if that takes longer than five minutes: other tests may have all
  /// threads on which tasks run.
  func wait() -> Bool {
    for _ in 0..<1_500_000 {
      if isSet { return true }
      usleep(200)
    }
    return false
  }
}
