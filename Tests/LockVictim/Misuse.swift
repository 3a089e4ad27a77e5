import Foundation
import LockGraph

/// Locks given up by the wrong thread, and worse, in programs that go on.
enum Misuse {
  /// Two threads that hand one lock to and fro: each gives up what the other one took.
  static func handOver() {
    let lock = ValidatedLock(name: "Baton")
    let other = ValidatedLock(name: "Other")
    // With 0 to begin with, because they trap when they go while their value is lower than it was.
    let turns = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
    turns[0].signal()
    let threads = (0..<2).map { number in
      Threads.start("runner") {
        for round in 0..<100 {
          turns[number].wait()
          if round + number > 0 { lock.unlock() }
          lock.lock()
          // A nesting that shows what counts as held.
          other.withLock {}
          if round + number == 100 { lock.unlock() }
          turns[1 - number].signal()
        }
        // Who ends first has the lock until the other one gives it up.
        if number == 0 { turns[0].wait() }
      }
    }
    Threads.wait(threads)
    say("handed over 200 times")
  }

  static func waitUnlocked() {
    let lock = ValidatedLock(name: "Unlocked")
    let condition = Condition()
    do {
      try condition.wait(lock, timeout: .milliseconds(20))
    } catch {
      Threads.run("probe") { say("timed out, \(lock.tryLock() ? "lost" : "has") the lock") }
    }
    lock.unlock()
  }

  static func destroyedUnderOwner() {
    nonisolated(unsafe) var lock: ValidatedLock? = ValidatedLock(name: "Doomed")
    let other = ValidatedLock(name: "Other")
    let isTaken = DispatchSemaphore(value: 0)
    let isGone = DispatchSemaphore(value: 0)
    let owner = Threads.start("owner") {
      lock!.lock()
      isTaken.signal()
      isGone.wait()
      // What is gone is held under nothing, and by nobody at the end.
      other.withLock {}
    }
    isTaken.wait()
    lock = nil
    isGone.signal()
    Threads.wait(owner)
  }
}
