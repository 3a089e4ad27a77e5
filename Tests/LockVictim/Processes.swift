import Foundation
import LockGraph

@_silgen_name("fork") private func forkProcess() -> Int32

enum Processes {
  /// A child of a process with many locks in use goes on with its own.
  static func fork() {
    let lock = ValidatedLock(name: "Forked")
    let isOver = RefCount(2)
    let churning = Semaphore(value: 0)
    let box = Box(isOver)
    let churn = (0..<2).map { number in
      let own = (0..<50).map { _ in ValidatedLock(name: "Churn \(number)") }
      return Threads.start("churn") {
        for lock in own { lock.withLock {} }
        churning.signal()
        while box.count.value == 2 {
          for lock in own { lock.withLock {} }
        }
      }
    }
    // A thread that is about to begin may have locks of the system's libraries, which a child would wait for.
    churning.wait()
    churning.wait()
    for _ in 0..<20 {
      lock.lock()
      let child = forkProcess()
      if child == 0 {
        lock.unlock()
        Inversions.account.withLock { _ in Inversions.ledger.withLock {} }
        Inversions.ledger.withLock { Inversions.account.withLock { _ in } }
        let names = LockValidator.findings.map(\.rule.rawValue)
        _exit(names == ["lock-order-inversion"] ? 7 : 8)
      }
      lock.unlock()
      var status: Int32 = 0
      waitpid(child, &status, 0)
      say("child \(status >> 8 & 0xFF)")
    }
    _ = box.count.release()
    Threads.wait(churn)
  }

  private final class Box: Sendable {
    let count: RefCount
    init(_ count: consuming RefCount) { self.count = count }
  }
}
