import LockGraph

/// Locks in both orders, in different threads, and nothing goes wrong.
enum Inversions {
  static let account = ValidatedMutex(100, name: "Account")
  static let ledger = ValidatedLock(name: "Ledger")

  static func run() {
    account.withLock { balance in
      ledger.lock()
      balance -= 1
      ledger.unlock()
    }
    Threads.run("auditor") {
      ledger.withLock { account.withLock { _ = $0 } }
    }
  }

  static func misuse() {
    let lock = ValidatedLock(name: "Misused")
    lock.unlock()
    lock.assertHeld()
    Threads.run("leaver") { lock.lock() }
    let count = RefCount(name: "Object")
    _ = count.release()
    count.retain()
    let other = RefCount(name: "Other")
    _ = other.release()
    _ = other.release()
  }
}
