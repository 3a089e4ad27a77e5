import Foundation
import LockGraph

/// Tasks of one pool, whose threads nobody chooses.
enum Tasks {
  private static let account = ValidatedMutex(100, name: "Account")
  private static let ledger = ValidatedMutex([0], name: "Ledger")

  /// Two child tasks that do the same, one after the other: they take two locks in both orders.
  static func children() {
    wait {
      async let one: Void = transfer()
      await one
      async let other: Void = transfer()
      await other
    }
  }

  /// One task does both, wherever it runs.
  static func alone() { wait { await transfer() } }

  /// As many tasks as a server has requests, one after the other.
  static func many(_ count: Int) {
    wait {
      for _ in 0..<count {
        await Task { account.withLock { _ in ledger.withLock { $0[0] += 1 } } }.value
      }
    }
    say("\(ledger.withLock { $0[0] }) of \(count)")
  }

  private static func transfer() async {
    account.withLock { balance in ledger.withLock { $0.append(balance) } }
    await Task.yield()
    ledger.withLock { entries in account.withLock { $0 -= entries.count } }
  }

  private static func wait(_ body: @escaping @Sendable () async -> Void) {
    let isDone = DispatchSemaphore(value: 0)
    Task {
      await body()
      isDone.signal()
    }
    isDone.wait()
  }
}
