import Foundation
import LockGraph

@_silgen_name("fork") private func forkProcess() -> Int32

enum Processes {
  /// A child of a process with many locks in use goes on with its own.
  static func fork() {
    let lock = ValidatedLock(name: "Forked")
    let churn = (0..<2).map { number in
      Threads.start("churn") {
        let own = (0..<50).map { _ in ValidatedLock(name: "Churn \(number)", rank: 1) }
        for _ in 0..<2000 {
          for lock in own { lock.withLock {} }
        }
      }
    }
    for _ in 0..<20 {
      lock.lock()
      let child = forkProcess()
      if child == 0 {
        lock.unlock()
        Inversions.run()
        let names = LockValidator.findings.map(\.rule.rawValue)
        _exit(names == ["lock-order-inversion"] ? 7 : 8)
      }
      lock.unlock()
      var status: Int32 = 0
      waitpid(child, &status, 0)
      say("child \(status >> 8 & 0xFF)")
    }
    Threads.wait(churn)
  }
}
