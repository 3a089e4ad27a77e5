import Foundation
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

  /// Two locks without names in both orders.
  static func unnamed() {
    let mailLock = ValidatedLock()
    let queueLock: ValidatedLock = ValidatedLock()
    mailLock.withLock { queueLock.withLock {} }
    queueLock.withLock { mailLock.withLock {} }
  }

  static let gate = ValidatedLock(name: "Gate")

  /// The same in threads that nothing but their pace keeps apart, or a third lock.
  static func apart(isGated: Bool) {
    @Sendable func within(_ body: () -> Void) {
      if isGated { gate.lock() }
      body()
      if isGated { gate.unlock() }
    }
    let teller = Threads.start("teller") {
      within { account.withLock { _ in ledger.withLock {} } }
    }
    let auditor = Threads.start("auditor") {
      usleep(300_000)
      within { ledger.withLock { account.withLock { _ = $0 } } }
    }
    Threads.wait(teller, auditor)
  }

  /// Hundreds of classes in a row, each taken within each of the last ones before it, and then the
  /// last within which the first is asked for.
  static func manyOrders(_ count: Int) {
    let locks = (0..<count).map { ValidatedLock(name: "Row \($0)") }
    for reach in 1...3 {
      for index in 0..<count - reach { locks[index].withLock { locks[index + reach].withLock {} } }
    }
    // More of the same classes in other threads.
    Threads.run("second") {
      for index in 1..<count - 1 {
        locks[index - 1].withLock { locks[index].withLock { locks[index + 1].withLock {} } }
      }
    }
    say("before \(LockValidator.findings.count)")
    for index in 0..<count - 1 { locks[index].withLock { locks[index + 1].withLock {} } }
    Threads.run("closer") {
      locks[4].withLock { locks[2].withLock { say("within \(LockValidator.findings.count)") } }
    }
  }

  static func misuse() {
    let lock = ValidatedLock(name: "Misused")
    lock.unlock()
    lock.assertHeld()
    Threads.runToTheEnd { lock.lock() }
    let count = RefCount(name: "Object")
    _ = count.release()
    count.retain()
    let other = RefCount(name: "Other")
    _ = other.release()
    _ = other.release()
  }
}
